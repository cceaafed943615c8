"""Loading a scenario runs no code and reads nothing outside its folder."""

import builtins
from pathlib import Path

import pytest

from sim.scenario import loads
from sim.scenario.expressions import Criteria

from .small import SMALL, mistakes, text_with

STREAM = "arrivals: [{{channel: web, queue: sales, file: {name}}}]"


@pytest.mark.parametrize(
    "text", ["__import__('os').system('x') >= 1", "a >= 1; b", "lambda: 1", "a >= exec('x')"]
)
def test_expressions_are_parsed_and_never_evaluated(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("code was run")

    monkeypatch.setattr(builtins, "eval", forbidden)
    with pytest.raises(ValueError, match=r"is not understood|expected"):
        Criteria.parse(text)
    assert (
        loads(SMALL, overrides=["queues.sales.steps=[{needs: 'sales >= 1 or help > 2'}]"])
        .queues["sales"]
        .steps
    )


@pytest.mark.parametrize(
    "tag", ["!!python/name:os.system", "!!python/object/new:os.system", "!!binary", "!x"]
)
def test_tags_make_nothing(tag: str) -> None:
    assert "is not allowed; scenarios are plain data" in mistakes(SMALL + f"name: {tag} x\n")[0]


def test_no_path_and_no_link_leads_out_of_the_folder(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "deep").mkdir(parents=True)
    (tmp_path / "secret.csv").write_text("interval_start,volume\n0,1\n3600,1\n")
    (home / "link.csv").symlink_to(tmp_path / "secret.csv")
    (home / "up").symlink_to(tmp_path)
    for name in (
        "../secret.csv",
        "deep/../../secret.csv",
        str(tmp_path / "secret.csv"),
        "link.csv",
        "up/secret.csv",
    ):
        found = mistakes(text_with(arrivals=STREAM.format(name=name)), folder=home)
        assert "is outside the scenario's folder; only files in it are read" in found[0]
