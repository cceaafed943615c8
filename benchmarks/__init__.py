"""The simulator's speed, compared with its peers: `python -m benchmarks`."""
