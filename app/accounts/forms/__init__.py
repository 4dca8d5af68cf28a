"""Forms of accounts: the company, signing in, people."""
