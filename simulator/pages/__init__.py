"""Pages for a person who plays the bookkeeper."""
