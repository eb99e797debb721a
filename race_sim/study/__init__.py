"""What runs many races and keeps their results: the demonstration, saving, provenance."""
