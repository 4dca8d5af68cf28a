"""Webhooks: what happens in the books is told to the app (contract section 6)."""
