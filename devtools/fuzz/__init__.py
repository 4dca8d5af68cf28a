"""Crafted requests over every route and role. None may be answered by 5xx; see bench/fuzz.py."""
