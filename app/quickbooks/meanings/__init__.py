"""What our words mean in QuickBooks: items, tax codes, terms, where money goes, classes and locations."""
