"""The gate: its statistics, its baselines, what it says has changed, and how it is printed."""
