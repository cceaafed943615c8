"""The simulator's speed, measured beside its peers: `python -m benchmarks`."""
