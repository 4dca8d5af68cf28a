"""Intuit's OAuth 2.0: discovery, consent pages, tokens, revocation (contract section 1)."""
