"""What QuickBooks keeps and the rules it keeps it by: companies, their lists and their transactions."""
