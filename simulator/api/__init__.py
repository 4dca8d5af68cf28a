"""The accounting API of QuickBooks Online, version 3 (contract section 2)."""
