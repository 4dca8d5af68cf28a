"""Files that take long to make: a worker writes one, and whoever asked fetches it within a day.

A room describes what it lists (`exporters.Exporter`); `asking` notes who wants which
file, `running` makes it, and the room's own page shows how far it is.
"""
