"""How outbox rows reach QuickBooks: one sender a company, wave after wave."""
