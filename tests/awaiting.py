"""Waiting for what other processes do: for what can be seen of it, never for so long and then hoping."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Found = TypeVar("Found")

PATIENCE_S = 300.0
"""Long enough on a machine that has much else to do; a test that waits for what never comes says so in the end."""


def awaited(what: str, look: Callable[[], Found]) -> Found:
    """Look again and again until something is there, and give it."""
    until = time.monotonic() + PATIENCE_S
    while not (found := look()):
        if time.monotonic() > until:
            raise TimeoutError(f"{what}: not within {PATIENCE_S:g} s")
        time.sleep(0.01)
    return found


def is_gone(process: int) -> bool:
    """Whether a process has ended, though nobody may have asked yet how."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True
