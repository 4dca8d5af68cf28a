"""Breaking the product on purpose, a thousand times, and comparing the books: see bench/chaos.py."""
