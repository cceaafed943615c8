"""The command line: `sim COMMAND`. Thin; what it prints comes from the same objects that Python users get."""

from sim.cli.entry import main as main

__all__ = ["main"]
