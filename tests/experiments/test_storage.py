"""Results are written whole or not at all, and never over what is not a result."""

from datetime import datetime
from pathlib import Path

import pytest

from sim.errors import SimError
from sim.experiments.storage import MANIFEST, check_folder, run_folder, slug, write_new, write_whole

WHEN = datetime(2026, 3, 2, 8, 30, 5)


def fill_with(text: str):
    def fill(folder: Path) -> None:
        (folder / MANIFEST).write_text(text)

    return fill


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Support day", "support_day"),
        ("  A/B: 50 % ", "a_b_50"),
        ("../..", "scenario"),
        ("Zürich 24/7", "zürich_24_7"),
    ],
)
def test_a_folders_name_is_tame(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_runs_of_the_same_second_get_folders_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    first = run_folder("Support day", "abcdef123", WHEN)
    assert first == Path("results/support_day/20260302-083005-abcdef")
    for number, name in enumerate((first.name, f"{first.name}-2", f"{first.name}-3")):
        assert write_new(first, fill_with(str(number))) == first.with_name(name)
    assert [(one / MANIFEST).read_text() for one in sorted(first.parent.iterdir())] == ["0", "1", "2"]


def test_an_earlier_run_is_replaced_whole(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "run"
    write_whole(folder, fill_with("old"))
    (folder / "leftover.csv").touch()
    write_whole(folder, fill_with("new"))
    assert [(p.name, p.read_text()) for p in folder.iterdir()] == [(MANIFEST, "new")]
    assert [p.name for p in folder.parent.iterdir()] == ["run"]


def test_an_empty_folder_may_be_used(tmp_path: Path) -> None:
    write_whole(tmp_path / "here", fill_with("1"))
    (tmp_path / "empty").mkdir()
    write_whole(tmp_path / "empty", fill_with("2"))
    assert (tmp_path / "empty" / MANIFEST).read_text() == "2"


@pytest.mark.parametrize("ends", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_fails_on_the_way_leaves_everything_as_it_was(tmp_path: Path, ends: BaseException) -> None:
    folder = tmp_path / "run"
    write_whole(folder, fill_with("old"))

    def fail(fresh: Path) -> None:
        (fresh / MANIFEST).write_text("half")
        raise ends

    with pytest.raises((SimError, KeyboardInterrupt)) as told:
        write_whole(folder, fail)
    if isinstance(ends, OSError):
        assert "No space left on device" in str(told.value)
    assert (folder / MANIFEST).read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_an_old_run_comes_back_where_the_new_one_cannot_take_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "run"
    write_whole(folder, fill_with("old"))
    rename = Path.rename

    def refusing(self: Path, target: Path) -> Path:
        if self.name == "new":
            raise OSError(5, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refusing)
    with pytest.raises(SimError, match="Input/output error"):
        write_whole(folder, fill_with("new"))
    assert (folder / MANIFEST).read_text() == "old"


def test_what_is_not_a_run_is_refused_with_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").touch()
    (tmp_path / "file").touch()
    with pytest.raises(SimError, match="not empty and not an earlier run; empty it or name another folder"):
        check_folder(tmp_path / "thesis")
    with pytest.raises(SimError, match="is a file; name a folder"):
        check_folder(tmp_path / "file")
    inside = tmp_path / "inside"
    inside.mkdir()
    monkeypatch.chdir(inside)
    with pytest.raises(SimError, match="is where you are"):
        check_folder(Path())
    check_folder(Path("new"))
