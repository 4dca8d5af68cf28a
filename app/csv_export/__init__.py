"""Files that take long to make: a worker writes one, and whoever asked fetches it within a day.

A room describes what it lists (`rooms.Room`); `running` makes the file, `pages` shows how far it is.
"""
