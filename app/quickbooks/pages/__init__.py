"""What pages show: read models, no writes."""
