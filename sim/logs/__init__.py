"""Real call logs: read into one frame, and fitted to a scenario."""
