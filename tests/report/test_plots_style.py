"""Pictures can be read: units at the axes, words that do not lie on each other, and no need of colour."""

import inspect
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import combinations

import matplotlib
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from sim.report import plots
from sim.report.plots.accessor import Plots
from sim.report.plots.axes import hours, step_for
from sim.report.plots.style import INK, LOOKS, PAPER, SOFT_INK, look, spread

from .browser import kept
from .plots_day import drawn_day, sheet

PICTURES: dict[str, Callable[[Axes], Axes]] = {
    "waits": lambda ax: plots.waits(drawn_day(), ax=ax),
    "answered_within": lambda ax: plots.answered_within(drawn_day(), ax=ax),
    "answered_within one queue": lambda ax: plots.answered_within(drawn_day(), "experts", ax=ax),
    "service_level": lambda ax: plots.service_level(drawn_day(), ax=ax),
    "service_level one queue": lambda ax: plots.service_level(drawn_day(), "general", ax=ax),
    "no_agent_rate": lambda ax: plots.no_agent_rate(drawn_day(), ax=ax),
    "volumes": lambda ax: plots.volumes(drawn_day(), ax=ax),
    "queue_lengths": lambda ax: plots.queue_lengths(drawn_day(), ax=ax),
    "waiting": lambda ax: plots.waiting(drawn_day(), ax=ax),
    "agent_states": lambda ax: plots.agent_states(drawn_day(), ax=ax),
    "occupancy": lambda ax: plots.occupancy(drawn_day(), ax=ax),
    "occupancy by interval": lambda ax: plots.by_interval(drawn_day(), "occupancy", ax=ax),
    "concurrency": lambda ax: plots.concurrency(drawn_day(), ax=ax),
    "conversation": lambda ax: plots.conversation(drawn_day(), ax=ax),
    "welch": lambda ax: plots.welch(drawn_day(), ax=ax),
    "transfer_flow": lambda ax: plots.transfer_flow(drawn_day(), ax=ax),
    "demand": lambda ax: plots.demand(drawn_day().scenario, ax=ax),
    "staffing": lambda ax: plots.staffing(drawn_day().scenario, ax=ax),
}
SIZES = {"notebook": (6.4, 4.2), "phone": (3.8, 4.2)}


@pytest.mark.parametrize("name", [name for name in PICTURES if name != "transfer_flow"])
def test_axes_say_their_units(name: str) -> None:
    ax = PICTURES[name](sheet())
    assert "(" in ax.get_xlabel()
    named_rows = ax.get_yticklabels() and not ax.get_ylabel()
    assert named_rows or "(" in ax.get_ylabel() or ax.get_ylabel() == "Requests per 30 min"
    assert ax.get_title(loc="left")


def words_of(ax: Axes) -> Iterator[Text]:
    """Every word of a picture that is to be seen."""
    legend = ax.get_legend()
    titles = [ax.title, ax._left_title, ax.xaxis.label, ax.yaxis.label]
    ticks = [
        label
        for axis, limits in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim()))
        for label, at in zip(axis.get_ticklabels(), axis.get_ticklocs(), strict=True)
        if ax.axison and min(limits) <= at <= max(limits)
    ]
    for text in (*ax.texts, *titles, *ticks, *(legend.get_texts() if legend else ())):
        if text.get_text() and text.get_visible():
            yield text


def shrunk(box: Bbox) -> Bbox:
    """A box without the air that letters leave at their edges."""
    return Bbox.from_extents(box.x0 + 1, box.y0 + 2, box.x1 - 1, box.y1 - 2)


def boxes_of(ax: Axes) -> dict[str, Bbox]:
    """Where every word of a picture stands, in pixels."""
    ax.get_figure(root=True).draw_without_rendering()
    words = enumerate(words_of(ax))
    return {f"{n} {text.get_text()}": shrunk(Text.get_window_extent(text)) for n, text in words}


def overlapping(ax: Axes) -> list[tuple[str, str]]:
    """The words that lie on each other."""
    boxes = boxes_of(ax)
    return [(a, b) for a, b in combinations(boxes, 2) if boxes[a].overlaps(boxes[b])]


@pytest.mark.slow
@pytest.mark.parametrize("size", ["notebook", "phone"])
@pytest.mark.parametrize("name", PICTURES)
def test_no_words_lie_on_each_other_or_leave_the_paper(name: str, size: str) -> None:
    ax = PICTURES[name](sheet(*SIZES[size]))
    assert overlapping(ax) == []
    figure = ax.get_figure(root=True)
    figure.savefig(kept(f"picture_{name.replace(' ', '_')}_{size}.png"), dpi=100)
    paper, boxes = figure.bbox.padded(1), boxes_of(ax)
    assert [name for name, box in boxes.items() if not (paper.x0 <= box.x0 and box.x1 <= paper.x1)] == []
    assert [name for name, box in boxes.items() if not (paper.y0 <= box.y0 and box.y1 <= paper.y1)] == []


def contrast(one: str, other: str) -> float:
    """The contrast of two colours by WCAG 2.2."""

    def luminance(colour: str) -> float:
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colour", [INK, SOFT_INK, *(one.colour for one in LOOKS)])
def test_every_colour_of_words_and_lines_stands_out_from_the_paper(colour: str) -> None:
    assert contrast(colour, PAPER) >= 4.5


def test_lines_differ_without_their_colour() -> None:
    assert len({(one.dash, one.marker) for one in LOOKS}) == len(LOOKS)
    assert len({look(number) for number in range(30)}) == 30


def test_areas_of_a_stack_differ_without_their_colour() -> None:
    for ax in (PICTURES["volumes"](sheet()), PICTURES["agent_states"](sheet())):
        handles = ax.get_legend_handles_labels()[0]
        patches = [handle.patches[0] if hasattr(handle, "patches") else handle for handle in handles]
        fills = [(p.get_hatch(), round(sum(to_rgb(tuple(p.get_facecolor().reshape(-1)[:3]) if hasattr(
            p.get_facecolor(), "reshape") else p.get_facecolor()[:3])), 1)) for p in patches]  # fmt: skip
        assert len(set(fills)) == len(fills)


def test_labels_move_apart_by_as_little_as_it_takes() -> None:
    assert spread([0.2, 0.8], 0.1) == [0.2, 0.8]
    assert spread([0.5, 0.5, 0.1], 0.1) == pytest.approx([0.45, 0.55, 0.1])
    assert spread([0.99, 0.98], 0.1) == pytest.approx([1.0, 0.9])
    assert spread([0.0, 0.01], 0.1) == pytest.approx([0.0, 0.1])


def test_clock_times_are_read_and_ticks_are_round() -> None:
    assert hours("08:30") == 8.5
    assert hours("+1d 00:15") == 24.25
    assert hours("08:00:30") == pytest.approx(8 + 30 / 3600)
    assert step_for(10, 8) == 2
    assert step_for(1.0, 5) == 0.25


def test_a_picture_leaves_the_users_own_style_alone() -> None:
    before = dict(matplotlib.rcParams)
    PICTURES["service_level"](sheet())
    assert dict(matplotlib.rcParams) == before


def test_a_result_has_its_pictures_with_their_help() -> None:
    run = drawn_day()
    assert isinstance(run.plot, Plots)
    names = [name for name in dir(run.plot) if not name.startswith("_") and name != "run"]
    of_others = {
        "Plots",
        "NothingToDrawError",
        "differences",
        "sweep_curve",
        "demand",
        "staffing",
        "requirement",
        "arrivals",
        "durations",
        "heads",
        "patience",
        "spread_of_counts",
        "ranks",
        "validation",
    }
    assert set(names) == set(plots.__all__) - of_others
    for name in names:
        method = getattr(run.plot, name)
        assert inspect.getdoc(method)
        assert "source" not in inspect.signature(method).parameters
    assert "service_level" in repr(run.plot)


def test_panels_have_common_axes_and_leave_out_queues_without_such_figures() -> None:
    import matplotlib.pyplot as plt

    panels = drawn_day().plot.each_queue("service_level")
    try:
        assert [ax.get_title(loc="left") for ax in panels] == ["general", "experts"]
        assert len({ax.get_ylim() for ax in panels}) == 1
        assert [bool(ax.get_ylabel()) for ax in panels] == [True, False]
    finally:
        plt.close(panels[0].figure)


@pytest.mark.slow
def test_matplotlib_is_imported_with_the_first_picture_and_not_before() -> None:
    program = (
        "import sys, sim; from sim.report import plots; from sim.experiments.result import Result;"
        "assert 'matplotlib' not in sys.modules; plots.service_level; assert 'matplotlib' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
