"""Tools without opinion: no Flask, no database, nothing of the product."""
