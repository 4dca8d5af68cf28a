"""Translation of our records into QuickBooks' shapes, and of its answers into ours: pure functions."""
