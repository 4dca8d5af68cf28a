"""The outbox and its lane: which records are due, how they are sent, what became of them."""
