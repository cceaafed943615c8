"""What an editor, `help` and a type checker show of the package."""

import ast
import importlib
import inspect
import pydoc
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

import sim
from sim.policies import AgentSelection

ROOT = Path(__file__).parents[1]
FUNCTIONS = [name for name in sim.__all__ if inspect.isfunction(getattr(sim, name))]


def test_the_package_completes_to_its_own_names() -> None:
    names = [name for name in dir(sim) if not name.startswith("_")]
    assert names == sorted(name for name in sim.__all__ if not name.startswith("_"))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_signature_is_as_its_source_has_it(name: str) -> None:
    text = str(inspect.signature(getattr(sim, name)))
    assert not [noise for noise in ("sim.", "collections.", "typing.", "pathlib.", " at 0x") if noise in text]
    assert all(len(line) <= 110 for line in text.splitlines())


def test_help_has_a_line_a_parameter() -> None:
    text = pydoc.plain(pydoc.render_doc(sim.run))
    for line in (
        "    scenario: Scenario,",
        "    replications: int | None = None,",
        "    *,",
        "    on_loss: Callable[[str], None] = warn,",
        ") -> Result",
    ):
        assert f"\n{line}\n" in text
    assert "dump(scenario: Scenario) -> str" in pydoc.plain(pydoc.render_doc(sim.dump))
    assert "*candidates: Scenario," in pydoc.plain(pydoc.render_doc(sim.compare))


def test_a_signature_still_holds_the_types_themselves() -> None:
    signature = inspect.signature(sim.run)
    assert signature.parameters["agent_selection"].annotation == AgentSelection | None
    assert signature.return_annotation is sim.Result
    assert callable(signature.parameters["on_loss"].default)
    assert list(signature.bind("a scenario", seed=3).arguments) == ["scenario", "seed"]


USER = """
import sim

day = sim.load("day.yaml").set({"seed": 3})
result = sim.run(day, replications=2)
reveal_type(day)
reveal_type(result)
reveal_type(result.figure("asa").value)
sim.run(day, replications="two")
sim.compare(day, day).nothing
sim.lod("day.yaml")
"""

LAZY = ("sim", "sim.metrics", "sim.records", "sim.report.html", "sim.report.plots")


@pytest.mark.parametrize("package", LAZY)
def test_a_type_checker_is_shown_the_names_that_are_fetched_and_where_they_are(package: str) -> None:
    """Of the file itself: what is imported for type checkers alone; the catch-all for run time is hidden from them."""
    module = importlib.import_module(package)
    shown: dict[str, str] = {}
    hidden = False
    for part in ast.parse(Path(module.__file__ or "").read_text(encoding="utf-8")).body:
        if isinstance(part, ast.If) and ast.unparse(part.test) == "TYPE_CHECKING":
            imports = [one for one in part.body if isinstance(one, ast.ImportFrom)]
            shown |= {name.asname or "": str(one.module) for one in imports for name in one.names}
        elif isinstance(part, ast.If) and ast.unparse(part.test) == "not TYPE_CHECKING":
            hidden = "__getattr__" in ast.unparse(part)
    homes = {
        name: home if home.startswith("sim.") else f"{package}.{home}" for name, home in module._HOMES.items()
    }
    assert shown == homes
    assert hidden


@pytest.mark.slow
def test_mypy_finds_the_types_after_an_editable_install(tmp_path: Path) -> None:
    """The wheel that `pip install -e .` makes, unpacked in an environment of its own beside what the package needs."""
    pytest.importorskip("mypy")
    pytest.importorskip("setuptools", minversion="77")
    project = tmp_path / "project"
    shutil.copytree(ROOT / "sim", project / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, project)
    make = "import setuptools.build_meta as made; made.build_editable('..')"
    subprocess.run([sys.executable, "-c", make], cwd=project, check=True, capture_output=True)
    venv.create(tmp_path / "env", with_pip=False)
    (site,) = (tmp_path / "env").glob("lib/python*/site-packages")
    (wheel,) = tmp_path.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(site)
    needed = next(path for path in sys.path if (Path(path) / "pydantic").is_dir())
    (site / "needed.pth").write_text(needed + "\n", encoding="utf-8")
    (tmp_path / "user.py").write_text(USER, encoding="utf-8")
    python = tmp_path / "env" / "bin" / "python"
    mypy = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--python-executable",
        python,
        "--cache-dir",
        "cache",
        "user.py",
    ]
    found = subprocess.run(
        mypy, cwd=tmp_path, capture_output=True, text=True, env={"PATH": ""}
    ).stdout.splitlines()
    assert [line.partition(": ")[2] for line in found[:-1]] == [
        'note: Revealed type is "sim.scenario.model.Scenario"',
        'note: Revealed type is "sim.experiments.result.Result"',
        'note: Revealed type is "float"',
        'error: Argument "replications" to "run" has incompatible type "str"; expected "int | None"  [arg-type]',
        'error: "Comparison" has no attribute "nothing"  [attr-defined]',
        'error: Module has no attribute "lod"  [attr-defined]',
    ]
