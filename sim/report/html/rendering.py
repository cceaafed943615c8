"""One HTML file of a result, fresh or saved."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from sim import opening
from sim.errors import SimError
from sim.experiments.comparison import Comparison
from sim.experiments.result import Result
from sim.experiments.storage import check_file
from sim.experiments.sweep_result import Sweep
from sim.gate.result import CheckResult
from sim.report.html.check import check_page, page_of_checks
from sim.report.html.comparison import comparison_page
from sim.report.html.page import Page
from sim.report.html.run import run_page
from sim.report.html.staff import staff_page
from sim.report.html.sweep import sweep_page
from sim.staffing.plan import Plan

Reported: TypeAlias = Result | Comparison | Sweep | CheckResult | Sequence[CheckResult] | Plan
"""What there is a page of."""


def report(result: Path | str | Reported) -> str:
    """Write the page of a result, or of one that is saved: self-contained, and nothing comes from the net.

    Raises SimError where a folder or file holds no result, or one that has no page.
    """
    if not isinstance(result, Path | str):
        return render(_page(result))
    path = Path(result)
    if opening.is_of_a_check(path):
        return render(check_page(path))
    opened = opening.open(path)
    if path.is_file():
        raise SimError(f"{path}: holds figures alone; there is a report of the folder of a result")
    return render(_page(opened))  # type: ignore[arg-type]  # a baseline is a file


def _page(result: Reported) -> Page:
    if isinstance(result, Result):
        return run_page(result)
    if isinstance(result, Comparison):
        return comparison_page(result)
    if isinstance(result, Sweep):
        return sweep_page(result)
    if isinstance(result, Plan):
        return staff_page(result)
    return page_of_checks([result] if isinstance(result, CheckResult) else result)


def write_report(result: Path | str | Reported, out: Path | None = None) -> Path:
    """Write the page of a result into a file, and return where it is.

    By default it is `report.html` in the folder of a saved result, beside a file, and in the working folder
    for one that is not saved.

    Raises SimError as `report` does, and where the file cannot be written.
    """
    path = out or _usual_place(result)
    if not isinstance(result, Path | str) or Path(result).exists():
        check_file(path)
    page = report(result)
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        reason = error.strerror or str(error)
        raise SimError(f"{path}: cannot be written: {reason}; name another place") from error
    return path


def _usual_place(result: Path | str | Reported) -> Path:
    if not isinstance(result, Path | str):
        return Path("report.html")
    path = Path(result)
    return path.with_suffix(".html") if path.is_file() else path / "report.html"


def render(page: Page) -> str:
    """Fill the template."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("sim.report.html"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("page.html.j2").render(page=page)
