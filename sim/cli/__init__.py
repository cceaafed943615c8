"""The command line: `sim COMMAND`. It is thin: it prints the same objects that Python users get."""

from sim.cli.entry import main as main

__all__ = ["main"]
