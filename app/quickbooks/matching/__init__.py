"""Which of QuickBooks' customers may be ones of ours, though they are spelled otherwise."""
