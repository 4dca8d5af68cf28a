"""A stand-in QuickBooks Online: Intuit's sign-in, tokens and accounting API on one port of this machine."""
