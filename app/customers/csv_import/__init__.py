"""Customers from a CSV file: its columns, names that are there already, and what it becomes."""
