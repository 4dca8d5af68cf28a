"""The HTTP kit every room's views share."""
