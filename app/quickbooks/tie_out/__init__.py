"""The tie-out: every invoice compared with a fresh read of QuickBooks, so that a bookkeeper can prove a month."""
