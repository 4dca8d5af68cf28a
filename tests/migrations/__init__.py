"""What the migrations build, and what they make of older data."""

from pathlib import Path

MIGRATIONS = str(Path(__file__).parents[2] / "migrations")
