"""One HTML file of a saved result."""

import json
from collections.abc import Callable
from pathlib import Path

from sim.errors import SimError
from sim.experiments.storage import check_file
from sim.experiments.sweeps import HEAD
from sim.report.html.check import check_page
from sim.report.html.comparison import comparison_page
from sim.report.html.page import Page
from sim.report.html.run import run_page
from sim.report.html.saved_comparison import SavedComparison
from sim.report.html.saved_run import SavedRun, read_manifest
from sim.report.html.saved_sweep import SavedSweep
from sim.report.html.sweep import sweep_page

PAGES: dict[str, Callable[[Path], Page]] = {
    "run": lambda folder: run_page(SavedRun(folder)),
    "comparison": lambda folder: comparison_page(SavedComparison(folder)),
    "sweep": lambda folder: sweep_page(SavedSweep(folder)),
    "check": check_page,
}
"""How the page of each kind of result is put together."""


def report(folder: Path | str) -> str:
    """Write the page of a saved result: self-contained, without a script, and nothing comes from the net.

    Raises SimError where the folder holds no result, or one of a kind that has no page.
    """
    kind = kind_of(Path(folder))
    if kind not in PAGES:
        raise SimError(f"{folder}: there is no report of a saved {kind}; there is one of: {', '.join(PAGES)}")
    return render(PAGES[kind](Path(folder)))


def kind_of(folder: Path) -> str:
    """Describe what was saved: the manifest says it, a sweep's folder has a file of its own, a check is a file.

    Raises SimError where the folder holds no result.
    """
    if folder.is_file():
        _require_json(folder)
        return "check"
    return "sweep" if (folder / HEAD).is_file() else str(read_manifest(folder).get("kind", "run"))


def _require_json(file: Path) -> None:
    """Raise SimError for a file that is not even of the kind that `sim check --format json` writes."""
    try:
        json.loads(file.read_bytes())
    except ValueError:
        raise SimError(
            f"{file}: is no saved result; give the folder of a run, a comparison or a sweep,"
            " or what `sim check --format json` wrote"
        ) from None
    except OSError as error:
        raise SimError(f"{file}: cannot be read: {error.strerror or error}") from error


def write_report(folder: Path | str, out: Path | None = None) -> Path:
    """Write the page of a saved result into a file, and return where it is.

    By default it is `report.html` in the folder of the result, and beside the file of a check.

    Raises SimError as `report` does, and where the file cannot be written.
    """
    saved = Path(folder)
    path = out or (saved.with_suffix(".html") if saved.is_file() else saved / "report.html")
    if saved.exists():
        check_file(path)
    page = report(saved)
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        reason = error.strerror or str(error)
        raise SimError(f"{path}: cannot be written: {reason}; name another place") from error
    return path


def render(page: Page) -> str:
    """Fill the template."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("sim.report.html"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("page.html.j2").render(page=page)
