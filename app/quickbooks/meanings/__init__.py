"""What our words mean in QuickBooks: item names and tax rates."""
