"""Who we are in QuickBooks: the connection, its tokens, the way in, and the facts of the company."""
