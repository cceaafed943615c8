"""A folder has one writer: the second is refused before it simulates."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import sim
from sim.cli import main
from sim.experiments import replications
from sim.experiments.storage import sole_writer

DAY = str(Path(__file__).parent / "p01_schedule.yaml")
WRITER = """
import sys
from pathlib import Path
from sim.experiments.storage import sole_writer
with sole_writer(Path(sys.argv[1])):
    print("has it", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def taken(tmp_path: Path) -> Iterator[Path]:
    """A folder that another process is about to write."""
    folder = tmp_path / "result"
    other = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "has it\n"
    yield folder
    other.kill()
    other.communicate()


def test_the_second_is_refused_before_it_simulates(
    taken: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replications, "simulate", lambda *_args, **_more: pytest.fail("it simulates"))
    assert main(["run", DAY, "--out", str(taken)]) == 2
    told = "another command is about to write its result there; wait for it or name another folder"
    assert told in capsys.readouterr().err
    assert main(["compare", DAY, "--set", "lasts=20m", "--replications", "2", "--out", str(taken)]) == 2
    assert main(["check", DAY, "--against", "main", "--out", str(taken)]) == 2
    assert capsys.readouterr().err.count(told) == 2
    with pytest.raises(sim.SimError, match=told):
        sim.sweep(sim.load(DAY), {"seed": [1, 2]}, replications=2, folder=taken, jobs=1)
    assert not taken.exists()


def test_a_folder_is_free_again_however_its_writer_ended(tmp_path: Path) -> None:
    folder = tmp_path / "result"
    for _ in range(2):
        assert main(["run", DAY, "--out", str(folder)]) == 0
    with pytest.raises(ZeroDivisionError), sole_writer(folder):
        raise ZeroDivisionError
    with sole_writer(folder), sole_writer(tmp_path / "another"):
        pass
