"""What is handed to a worker process and back: small things as they are, large ones as files."""

import pickle
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp
from typing import Any

from sim.errors import SimError

SMALL = 2048
"""Bytes that a pipe takes whole or not at all, with some to spare for what goes along (POSIX: 4096).

A worker that is killed while a larger thing is half way through the pipe would leave the other side waiting for
the rest for ever.
"""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A pickled value: its bytes, or the file that holds them."""

    data: bytes = b""
    path: str = ""

    def opened(self) -> Any:
        """Give the value; the parcel can be opened again."""
        return pickle.loads(Path(self.path).read_bytes() if self.path else self.data)

    def taken(self) -> Any:
        """Give the value and leave nothing behind."""
        value = self.opened()
        if self.path:
            Path(self.path).unlink()
        return value


def packed(value: Any, folder: str) -> Parcel:
    """Pickle a value, lambdas and notebooks' functions too; if it is large, into a new file of the folder.

    Raises SimError where the disk refuses.
    """
    import cloudpickle

    data: bytes = cloudpickle.dumps(value)
    if len(data) <= SMALL:
        return Parcel(data)
    try:
        handle, path = mkstemp(dir=folder)
        with open(handle, "wb") as file:
            file.write(data)
    except OSError as error:
        raise SimError(
            f"{folder}: {error.strerror}; name another place in TMPDIR, or take --jobs 1"
        ) from error
    return Parcel(path=path)
