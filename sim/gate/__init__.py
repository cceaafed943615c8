"""The gate: sequential tests of a scenario against its targets and against a baseline."""
