"""Invoices from a CSV file: its columns and cells, what can be wrong with it, and what it becomes."""
