"""What development, the demo and the tests stand on: servers that need no installation."""
