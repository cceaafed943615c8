"""A command in a process group of its own, with a temporary folder of its own: what it leaves there is seen."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from awaiting import awaited

CATCHES_TERM = 1 << (signal.SIGTERM - 1)


def _answers_to_all() -> None:
    """Undo what `nohup` or a shell's background has had the tests ignore; a command would ignore it, too."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


class Command:
    """`sim` with these arguments, started."""

    def __init__(
        self, arguments: Sequence[str | Path], temporary: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        temporary.mkdir(exist_ok=True)
        self.temporary = temporary
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sim", *map(str, arguments)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
            preexec_fn=_answers_to_all,
            env={**(os.environ if environment is None else environment), "TMPDIR": str(temporary)},
        )  # fmt: skip

    def await_start(self) -> None:
        """Wait until it catches signals: before, it is Python that answers."""
        awaited("a command that listens", lambda: self._catches() or self.process.poll() is not None)

    def _catches(self) -> bool:
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return False
        caught = next((line for line in status.splitlines() if line.startswith("SigCgt")), "SigCgt: 0")
        return bool(int(caught.split()[1], 16) & CATCHES_TERM)

    def send(self, number: int, *, to_all: bool = False) -> None:
        """Send a signal to it, or as a terminal does to all of its processes."""
        (os.killpg if to_all else os.kill)(self.process.pid, number)

    def left(self) -> list[str]:
        """What is in its temporary folder but for locks, which are free."""
        return [one.name for one in self.temporary.iterdir() if one.suffix != ".lock"]
