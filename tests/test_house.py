"""The rules of the house, as tests: layers, sizes, cold start, and a README that says what is checked."""

import ast
import json
import os
import re
import statistics
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from sim.cli.app import COMMANDS

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "sim"
FILES = sorted(PACKAGE.rglob("*.py"))
LAYERS = [
    "errors", "interpreter", "version", "scenario", "workload", "policies", "records", "engine", "metrics", "theory",
    "parallel", "story", "experiments", "verification", "gate", "staffing", "logs", "opening", "report", "cli",
    "testing",
]  # fmt: skip
SHORT_MODULES = 0.10
CLASS_LINES = 250
ALIKE: set[str] = set()
LAID_OUT_BELOW: set[str] = set()
HEAVY = ["pandas", "matplotlib", "scipy.stats"]


def layer_of(module: str) -> int | None:
    """The layer of a module's dotted name; None for the public face, `sim` itself."""
    parts = module.split(".")
    return LAYERS.index(parts[1]) if len(parts) > 1 and parts[1] in LAYERS else None


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports_of(path: Path) -> set[str]:
    """Every module of ours that a file imports, wherever in the file it does so."""
    found: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are absolute"
            module = node.module or ""
            found |= {f"{module}.{a.name}" for a in node.names} if module == "sim" else {module}
    return {name for name in found if name.split(".")[0] == "sim"}


@pytest.mark.parametrize("path", FILES, ids=dotted)
def test_imports_run_downward(path: Path) -> None:
    own = layer_of(dotted(path))
    if own is None:
        pytest.skip("the public face and the start of the command stand above all layers")
    upward = {name for name in imports_of(path) if (layer_of(name) or 0) > own}
    assert not upward


def test_every_room_has_its_layer() -> None:
    rooms = {p.relative_to(PACKAGE).parts[0].removesuffix(".py") for p in FILES} - {"__init__", "__main__"}
    assert rooms <= set(LAYERS)


def length_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_file_is_longer_than_a_chapter() -> None:
    files = [*FILES, *(ROOT / "benchmarks").rglob("*.py")]
    assert {dotted(path): length_of(path) for path in files if length_of(path) > 400} == {}


def test_few_modules_are_shorter_than_a_chapter() -> None:
    """Faces, start-up files and commands apart, a module of less than 50 lines belongs to its neighbour."""
    chapters = [p for p in FILES if not p.stem.startswith("__") and p.parent.name != "cli"]
    short = [dotted(path) for path in chapters if length_of(path) < 50]
    assert len(short) <= SHORT_MODULES * len(chapters), short


def test_classes_are_short() -> None:
    lengths = {
        f"{dotted(path)}.{node.name}": node.end_lineno - node.lineno + 1  # type: ignore[operator]
        for path in FILES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef)
    }
    assert {name: n for name, n in lengths.items() if n > CLASS_LINES} == {}


def stem_of(word: str) -> str:
    return re.sub(r"(ations?|isons?|ings?|ions?|ables?|ors?|ers?|ed|es|s|e)$", "", word)


def test_no_two_modules_of_a_folder_share_a_word_stem() -> None:
    """Whoever looks for `comparing` must not have to open `compared` first."""
    folders = Counter((path.parent, stem_of(path.stem)) for path in FILES if not path.stem.startswith("__"))
    alike = {f"{dotted(folder)}.{stem}" for (folder, stem), count in folders.items() if count > 1}
    assert alike == ALIKE


def test_no_module_hides_a_function_of_its_name() -> None:
    """Where a package hands on a function lazily, importing a module of that name would replace it."""
    hidden = set()
    for face in PACKAGE.rglob("__init__.py"):
        exported = re.findall(r'"(\w+)": "[\w.]+",', face.read_text(encoding="utf-8"))
        hidden |= {f"{dotted(face)}.{name}" for name in exported if (face.parent / f"{name}.py").exists()}
    assert hidden == set()


PRESENTATION = re.compile(r"<table|\.[lr]just\(|\{[^{}\"']*:[<>^]\d+")


def test_presentation_is_the_reports() -> None:
    """No table of HTML and no width of a column below `report/`, the one place that lays results out."""
    below = [path for path in FILES if (layer_of(dotted(path)) or 0) < LAYERS.index("report")]
    found = {dotted(path) for path in below if PRESENTATION.search(path.read_text(encoding="utf-8"))}
    assert found == LAID_OUT_BELOW


SIMPYS_OWN = re.compile(r"\.(?:_now|_eid|_active_proc)\b|\b(?:env|clock|environment)\._queue\b")


def test_only_the_clock_touches_the_private_fields_of_simpy() -> None:
    users = {dotted(path) for path in FILES if SIMPYS_OWN.search(path.read_text(encoding="utf-8"))}
    assert users == {"sim.engine.clock"}


def test_nothing_is_reached_through_the_router() -> None:
    """Clock, log, recorder and the like are in the context that is handed to whatever needs them."""
    reached = re.compile(r"router\.(?:clock|log|recorder|queues|supervisors|agent_draws)\b")
    assert [dotted(path) for path in FILES if reached.search(path.read_text(encoding="utf-8"))] == []


def test_tables_of_html_are_the_templates() -> None:
    """No module writes a table of HTML; one template does, for pages and notebooks."""
    assert {dotted(path) for path in FILES if "<table" in path.read_text(encoding="utf-8")} == set()
    templates = {path.name for path in PACKAGE.rglob("*") if path.suffix in (".j2", ".html")}
    assert templates <= {path.name for path in (PACKAGE / "report" / "html" / "templates").iterdir()}


def test_there_is_one_model_of_a_table() -> None:
    """`Cell`, `Row`, `Table` and `Document` of the report are classes of one module, whatever renders them."""
    model = {"Cell", "Row", "Table", "Document"}
    homes = {
        dotted(path)
        for path in (PACKAGE / "report").rglob("*.py")
        for node in ast.walk(tree_of(path))
        if (isinstance(node, ast.ClassDef) and node.name in model)
        or (
            isinstance(node, ast.Assign)
            and any(isinstance(t, ast.Name) and t.id in model for t in node.targets)
        )
    }
    assert homes == {"sim.report.document"}


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0  # type: ignore[operator]


def test_functions_are_short() -> None:
    lengths = [
        body_lines(node)
        for path in FILES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert statistics.median(lengths) <= 6
    assert statistics.quantiles(lengths, n=10)[-1] <= 20


def modules_after(*arguments: str) -> tuple[int, set[str]]:
    """Run a command in a fresh process: its exit code and every module it loaded."""
    program = (
        "import json, sys; from sim.cli import main; code = main(sys.argv[1:]);"
        "print(json.dumps([code, sorted(sys.modules)]), file=sys.stderr)"
    )
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    code, modules = json.loads(done.stderr.splitlines()[-1])
    return code, set(modules)


def test_help_starts_cold_without_the_heavy_ones() -> None:
    code, modules = modules_after("--help")
    assert code == 0
    assert modules.isdisjoint([*HEAVY, "numpy", "scipy", "simpy", "pydantic", "ruamel.yaml", "rich"])


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["validate", "scenarios/support_day.yaml"], 0),
        pytest.param(["run", "scenarios/support_day.yaml", "--replicatons", "2"], 2, marks=pytest.mark.slow),
        pytest.param(["run", "nowhere.yaml"], 2, marks=pytest.mark.slow),
        (["run", "scenarios/support_day.yaml", "--set", "teams.frontlin.agents=9"], 2),
        pytest.param(["schema"], 0, marks=pytest.mark.slow),
    ],
    ids=["validate", "a mistyped option", "a missing file", "a mistyped key", "schema"],
)
def test_words_come_before_the_heavy_imports(arguments: list[str], expected: int) -> None:
    code, modules = modules_after(*arguments)
    assert code == expected
    assert modules.isdisjoint({*HEAVY, "numpy"} if arguments[0] == "validate" else HEAVY)


def test_a_command_loads_no_other_one() -> None:
    commands = {f"sim.cli.{name.replace('-', '_')}" for name in COMMANDS}
    loaded = modules_after("validate", "scenarios/support_day.yaml")[1]
    assert commands & loaded == {"sim.cli.validate"}
    assert modules_after("--help")[1] >= commands


def test_a_run_is_simulated_printed_and_saved_without_pandas(tmp_path: Path) -> None:
    out = ["--out", str(tmp_path / "run"), "--replications", "2", "--jobs", "1"]
    code, modules = modules_after("run", "scenarios/support_day.yaml", *out)
    assert code == 0
    assert modules.isdisjoint([*HEAVY, "scipy.special"])


def test_a_small_day_looks_for_no_garbage(tmp_path: Path) -> None:
    """Nor does Python as it ends, which passes over what is frozen."""
    program = (
        "import gc, sys; from sim.cli import main; looked = gc.get_stats(); main();"
        "print(gc.get_stats() == looked, gc.get_freeze_count() == 0, file=sys.stderr)"
    )
    arguments = ["run", "scenarios/support_day.yaml", "--replications", "1", "--out", str(tmp_path / "run")]
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stderr.splitlines()[-1] == "True False"


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="only Linux lists the threads of a process")
def test_a_run_keeps_no_threads_that_wait(tmp_path: Path) -> None:
    """Those of numpy and scipy, one a core beside the first, would take CPU until they fall asleep."""
    program = "import os, sys; from sim.cli import main; main(); print(os.listdir('/proc/self/task'), file=sys.stderr)"
    arguments = ["run", "scenarios/support_day.yaml", "--replications", "1", "--out", str(tmp_path / "run")]
    free = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=free, check=True)
    assert len(ast.literal_eval(done.stderr.splitlines()[-1])) == 1


def test_import_sim_is_light_and_knows_its_names() -> None:
    program = (
        "import sys, sim; assert not {'pandas', 'numpy', 'pydantic'} & set(sys.modules);"
        "print([name for name in sim.__all__ if getattr(sim, name, None) is None])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def readme_commands() -> list[str]:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith("python3 -m venv ")]


def test_the_readme_gives_two_commands_that_set_themselves_up() -> None:
    main_job, tests = readme_commands()
    assert main_job.endswith(".venv/bin/sim run scenarios/support_day.yaml")
    assert ".venv/bin/python -m pytest" in tests


def test_the_readme_shows_what_the_main_job_prints(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sim", "run", str(ROOT / "scenarios" / "support_day.yaml")]
    narrow = {**os.environ, "COLUMNS": "80", "PYTHONPATH": str(ROOT)}
    printed = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=tmp_path, env=narrow
    ).stdout
    title, answer, table = printed.split("\n\n")[:3]
    shown = f"```text\n{title}\n\n{answer}\n\n{table}\n```\n"
    assert shown in (ROOT / "README.md").read_text(encoding="utf-8"), f"put this into README.md:\n{shown}"


def test_the_readme_is_short() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 60
    assert len(text.split()) <= 450


def test_the_check_runs_the_readmes_test_command(tmp_path: Path) -> None:
    """`.ci/run` up to the first tool, with the command taken from the README and only spoken, not run."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    extraction = script.split("log=$(mktemp)")[0].replace('cd "$(dirname "$0")/.."', f'cd "{ROOT}"')
    command = ["bash", "-c", extraction + 'echo "$tests"']
    spoken = subprocess.run(command, capture_output=True, text=True, check=True)
    assert spoken.stdout.strip() == readme_commands()[1]
    assert 'bash -euo pipefail -c "$tests"' in script
