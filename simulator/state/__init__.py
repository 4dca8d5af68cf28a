"""The state of a simulator in a file: companies, grants and remembered request ids survive a restart."""
