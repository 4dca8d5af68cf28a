"""A mail server that keeps what it is sent, for development and the tests."""
