"""Forms of invoices: the invoice with its lines, and what is asked before a step."""
