"""What a library in C writes to standard output, kept from it: a program would read it as part of the answer."""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock

STANDARD_OUTPUT = 1
_one_at_a_time = Lock()


@contextmanager
def silent() -> Iterator[None]:
    """Throw away what is written to standard output beneath Python, by one thread at a time.

    HiGHS prints lines for its own makers from some ways through a program, whatever it is asked to print.
    """
    with _one_at_a_time:
        try:
            kept = os.dup(STANDARD_OUTPUT)
        except OSError:  # it is closed
            yield
            return
        try:
            _flush()
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, STANDARD_OUTPUT)
            os.close(nothing)
            yield
        finally:
            _flush()
            os.dup2(kept, STANDARD_OUTPUT)
            os.close(kept)


def _flush() -> None:
    """Write out what C still holds back."""
    with suppress(AttributeError, OSError, TypeError):  # a system whose C library is not found so
        ctypes.CDLL(None).fflush(None)
