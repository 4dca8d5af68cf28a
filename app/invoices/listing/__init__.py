"""The list of invoices: its views, what the address asks of it, its order, its sums and its file."""
