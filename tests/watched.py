"""A policy installed for the processes that a test starts: it tells how far they are, and can end or hold one.

Thus a test acts in the middle of a simulation, on however slow a machine, and not where it hopes the middle to be.
"""

import os
from pathlib import Path

ROOT = Path(__file__).parents[1]

POLICY = '''
import os
import signal
import time
from pathlib import Path

HERE = Path(__file__).parent


class Watched:
    """Offers to the first; every hundredth time it is asked, it does what the files beside it say."""

    asked = 0

    def choose(self, request, candidates, lot):
        self.asked += 1
        if self.asked % 100 == 0:
            with (HERE / "told").open("a") as told:
                told.write(f"{os.getpid()}\\n")
            if self.asked >= 300:
                self.obey()
        return candidates[0]

    def obey(self):
        try:
            (HERE / "fatal").unlink()
        except FileNotFoundError:
            pass
        else:
            os.kill(os.getpid(), signal.SIGKILL)
        while (HERE / "hold").exists() and self.asked >= int((HERE / "hold").read_text()):
            (HERE / "held").touch()
            time.sleep(0.01)
'''


class Watch:
    """The folder where the policy `watched` is installed, and what is said there."""

    def __init__(self, folder: Path) -> None:
        about = folder / "watched-0.dist-info"
        about.mkdir(parents=True)
        (about / "METADATA").write_text("Metadata-Version: 2.1\nName: watched\nVersion: 0\n")
        (about / "entry_points.txt").write_text("[sim.agent_selection]\nwatched = watched_policy:Watched\n")
        (folder / "watched_policy.py").write_text(POLICY)
        self.environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])}
        self.fatal = folder / "fatal"
        """Where this is, the next process that is in the middle of its work dies, and takes it away."""
        self.hold = folder / "hold"
        """Where this is, a process that was asked as often as it says waits until it is away."""
        self.held = folder / "held"
        self._told = folder / "told"

    def told(self) -> list[int]:
        """The workers that reported, every hundred decisions, that they work."""
        return [int(line) for line in self._told.read_text().split()] if self._told.exists() else []
