"""One believable company, built through the rooms' own functions."""
