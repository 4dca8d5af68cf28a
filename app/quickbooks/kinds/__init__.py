"""What a customer, an item, an invoice, a payment and a refund are in QuickBooks."""
