"""Pictures of unusual days: many queues with long names, one interval, nobody answered, targets far away."""

from collections.abc import Callable
from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

import sim
from sim.experiments.result import Result
from sim.report import plots
from sim.report.plots.axes import Unit, fit, step_for, target_line, unit_of_key
from sim.report.plots.source import MOST_LINES
from sim.report.plots.style import folded
from sim.report.plots.transfers import _boxes

from .plots_day import DAY, differences, drawn_day, sheet
from .test_plots_style import overlapping

NAMES = [
    f"{kind}_questions_of_private_customers_{n}" for n in range(3) for kind in ("contract", "bill", "fault")
]


@cache
def crowded() -> Result:
    """Nine queues with long names on a day of one interval, each handing on to the next; one is never asked."""
    handed = [f"transfer: {{probability: 60%, to: {{{name}: 100%}}}}" for name in NAMES[1:-1]]
    lines = ["queues:"]
    for name, transfer in zip(NAMES, [*handed, "", ""], strict=True):
        lines += [f"  {name}:", "    medium: chat", "    handle_time: 2m", "    patience: 1m"]
        lines += ["    service_level: {within: 20s, target: 80%}", f"    {transfer}"]
    skills = ", ".join(f"{name}: 5" for name in NAMES)
    text = "\n".join([
        "name: Crowded", "opens: 2026-03-02 08:00", "lasts: 20m", "interval: 20m", "replications: 2",
        "media: {chat: {max_tasks: 1}}", "channels: {web: {medium: chat, request_ttl: 2m}}", *lines,
        "teams:", f"  people: {{agents: 14, skills: {{{skills}}}}}", "arrivals:",
        *(f"  - {{channel: web, queue: {name}, per_hour: {20 + 20 * n}}}" for n, name in enumerate(NAMES[:-1])),
    ])  # fmt: skip
    return sim.run(sim.loads(text), keep_tables="all", jobs=1)


@cache
def unanswered() -> Result:
    """A day on which nobody accepts anything."""
    day = (
        sim.loads(DAY)
        .set("teams.desk.accept.probability", "0%")
        .set("teams.experts.accept", {"probability": "0%"})
    )
    return sim.run(day.set("replications", 2), keep_tables="all", jobs=1)


PICTURES = (
    "waits", "answered_within", "service_level", "no_agent_rate", "volumes", "queue_lengths", "waiting",
    "agent_states", "occupancy", "concurrency", "transfer_flow", "welch",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("day", [crowded, unanswered])
@pytest.mark.parametrize("name", PICTURES)
def test_an_unusual_day_is_drawn_without_words_on_each_other(name: str, day: Callable[[], Result]) -> None:
    ax = sheet(6.4, 12 if name == "waits" else 6.5)
    if day is unanswered and name in ("waits", "concurrency", "transfer_flow"):
        with pytest.raises(plots.NothingToDrawError, match=r"^there (are|is|was) no "):
            getattr(plots, name)(day(), ax=ax)
        return
    getattr(plots, name)(day(), ax=ax)
    assert overlapping(ax) == []
    assert np.isfinite([*ax.get_xlim(), *ax.get_ylim()]).all()


@pytest.mark.parametrize("name", ["service_level", "no_agent_rate", "queue_lengths"])
def test_of_many_queues_the_busiest_are_drawn_and_the_title_says_so(name: str) -> None:
    ax = getattr(plots, name)(crowded(), ax=sheet())
    lines = [one.get_label() for one in ax.get_lines() if not str(one.get_label()).startswith("_")]
    offered = crowded().figures.query("metric == 'offered' and queue != '' and kind == '' and interval == ''")
    assert set(lines) == set(offered.nlargest(MOST_LINES, "value")["queue"])
    assert f"the {MOST_LINES} busiest of 8 queues" in ax.get_title(loc="left")
    wanted = NAMES[:-1]
    ax = getattr(plots, name)(crowded(), wanted, ax=sheet())
    assert "busiest" not in ax.get_title(loc="left")


def test_a_queue_that_is_never_asked_has_no_panel_and_the_others_have() -> None:
    import matplotlib.pyplot as plt

    panels = crowded().plot.each_queue("volumes")
    try:
        assert [ax.get_title(loc="left").replace("\n", "") for ax in panels] == NAMES[:-1]
    finally:
        plt.close(panels[0].figure)


def test_a_day_of_one_interval_is_as_wide_as_that_interval() -> None:
    ax = plots.volumes(crowded(), ax=sheet())
    assert ax.get_xlim() == pytest.approx((8, 8 + 20 / 60))
    assert ax.get_ylabel() == "Requests per 20 min"
    assert plots.service_level(crowded(), NAMES[0], ax=sheet()).get_xlim() == pytest.approx((8, 8 + 20 / 60))


def test_long_names_are_folded_where_they_can_be() -> None:
    assert folded("billing") == "billing"
    assert (
        folded("contract_questions_of_private_customers", 22) == "contract_questions_of_\nprivate_customers"
    )
    assert folded("new customers by telephone", 15) == "new customers\nby telephone"
    assert folded("x" * 50, 20) == "\n".join(["x" * 20, "x" * 20, "x" * 10])


def test_a_target_of_a_share_is_always_on_the_axis() -> None:
    ax = plots.service_level(unanswered(), "general", ax=sheet())
    bottom, top = ax.get_ylim()
    assert bottom == 0
    assert 80 < top <= 100
    assert [text.get_text() for text in ax.texts] == ["target\n80 %"]


@pytest.mark.parametrize("picture", ["waits", "service_level", "volumes", "waiting", "answered_within"])
def test_a_name_that_there_is_not_is_told_with_those_there_are(picture: str) -> None:
    draw = getattr(drawn_day().plot, picture)
    queues = ", ".join(f"`{name}`" for name in drawn_day().scenario.queues)
    with pytest.raises(sim.SimError) as raised:
        draw("nix")
    assert str(raised.value) == f"no queue `nix`; there is {queues}"
    with pytest.raises(sim.SimError, match="no queue `genral`; did you mean `general`"):
        draw(queue="genral")


def test_kinds_and_teams_that_there_are_not_are_told_too() -> None:
    with pytest.raises(sim.SimError, match="no kind `transfers`; did you mean `transfer`"):
        drawn_day().plot.waits(kind="transfers")
    with pytest.raises(sim.SimError, match="no team `nix`; there is"):
        drawn_day().plot.by_interval("occupancy", team=["nix"])


def test_waits_of_nobody_are_nothing_to_draw() -> None:
    with pytest.raises(plots.NothingToDrawError, match="no answered requests"):
        plots.waits(unanswered(), "general", ax=sheet())
    curve = plots.answered_within(unanswered(), "general", kind="inbound", ax=sheet()).get_lines()[0]
    assert not curve.get_ydata().any()


def requests_of(waits: list[float]) -> pd.DataFrame:
    """Requests of the queue general that were answered after so many seconds."""
    return pd.DataFrame(
        {"queue": "general", "kind": "inbound", "outcome": "answered", "wait": waits, "replication": 0}
    )


class Waited:
    """The drawn day with other requests."""

    def __init__(self, waits: list[float]) -> None:
        run = drawn_day()
        self.scenario, self.seed, self.figures, self.replications = run.scenario, run.seed, run.figures, 3
        self.tables, self._requests = ("requests",), requests_of(waits)

    def table(self, name: str) -> pd.DataFrame:
        return self._requests


def test_a_target_that_is_near_is_on_the_axis_and_everybody_at_once_is_a_line_that_can_be_seen() -> None:
    ax = plots.answered_within(Waited([12.0] * 50), "general", ax=sheet())
    assert ax.get_xlim()[1] == pytest.approx(1.06 * 30)
    assert "+ target: 80 % in 30 s" in [text.get_text() for text in ax.texts]
    ax = plots.answered_within(Waited([2.0] * 50), "general", ax=sheet())
    assert ax.get_xlim()[1] == pytest.approx(2)  # the target, at 30 s, would push the curve to the wall
    ax = plots.answered_within(Waited([0.0] * 50), "general", ax=sheet())
    assert ax.get_ylim()[1] > 100
    assert ax.get_lines()[0].get_xdata()[-1] > 3600  # panels share an axis that may be far longer


def test_where_most_are_answered_at_once_the_others_still_show_and_the_share_is_told() -> None:
    ax = plots.waits(Waited([0.0] * 90 + [float(n) for n in range(10, 20)]), "general", ax=sheet(height=2.5))
    told = [text.get_text() for text in ax.texts]
    assert [text.splitlines()[2][:8] for text in told] == ["90 % in "]


def test_words_of_the_percentiles_stand_in_one_row() -> None:
    legend = plots.waits(drawn_day(), ax=sheet(height=5)).get_legend()
    words = [text.get_text() for text in legend.get_texts()]
    assert words == ["50 % within", "80 % within", "90 % within", "95 % within"]
    assert legend._ncols == 4


def test_steps_of_the_day_are_round_and_come_from_its_length() -> None:
    assert step_for(1.5, 9) == 10 / 60
    assert step_for(2, 8) == 0.25
    run = drawn_day()
    line = next(one for one in plots.waiting(run, ax=sheet()).get_lines() if one.get_alpha() is None)
    assert np.diff(line.get_xdata()) == pytest.approx(60 / 3600)  # of 2 h, though the last request came later
    assert run.requests["placed_at"].max() > 7200


@pytest.mark.parametrize(
    ("key", "unit"),
    [
        ("routing.ring_time", "s"),
        ("teams.desk.agents", "number"),
        ("queues.general.transfer.probability", "share, 0 to 1"),
        ("routing.agent_selection", "scenario key"),
        ("busyness.sd", "scenario key"),
    ],
)
def test_a_key_has_the_unit_that_the_schema_gives_it(key: str, unit: str) -> None:
    assert unit_of_key(key) == unit


def test_a_sweep_along_its_second_key_has_a_line_for_each_value_of_the_first() -> None:
    rows = [
        ("asa", "", "", "", "", "", 10.0 * agents + place, np.nan, np.nan, 1, "s", agents, policy)
        for agents in (4, 6)
        for place, policy in enumerate(("longest_available", "fewest_tasks"))
    ]
    columns = [
        "metric",
        "queue",
        "team",
        "channel",
        "kind",
        "interval",
        "value",
        "low",
        "high",
        "replications",
    ]
    figures = pd.DataFrame(rows, columns=[*columns, "unit", "teams.desk.agents", "routing.agent_selection"])
    ax = plots.sweep_curve(figures, "asa", x="routing.agent_selection", ax=sheet())
    assert [one.get_ydata().tolist() for one in ax.get_lines()] == [[40, 41], [60, 61]]
    assert [one.get_text() for one in ax.get_xticklabels()] == ["longest_available", "fewest_tasks"]


def test_candidates_stand_above_their_differences() -> None:
    rows = [
        (name, metric, queue, "", "", "", "", 0.02, -0.01, 0.05, p, "share")
        for name, p in (("one more", 0.4), ("slower", 0.01))
        for metric, queue in (("service_level", "general"), ("no_agent_rate", ""))
    ]
    ax = plots.differences(differences(rows, "p_adjusted", "unit"), ax=sheet(height=4))
    names = [label.get_text() for label in ax.get_yticklabels()]
    found = ["Service level\ngeneral", "Requests that found no agent"]
    assert names == ["one more:", *found, "slower:", *found]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["surely different", "may be none"]
    assert overlapping(ax) == []


def boxes_apart(ax: Axes, shares: dict[str, float], lines_pt: float) -> list[float]:
    flows = pd.DataFrame(
        {"from_queue": list(shares), "queue": "x", "fate": "answered", "a_day": shares.values()}
    )
    flows["a_day"] = flows["a_day"].astype(float)
    boxes = _boxes(ax, flows, "from_queue", list(shares))
    height = ax.get_window_extent().height * 72 / ax.figure.dpi
    return [(b.middle - a.middle) / boxes[-1].room_end * height / lines_pt for a, b in pairwise(boxes)]


def test_words_beside_thin_bands_have_room() -> None:
    shares = {f"q{n}": 1.0 for n in range(8)} | {"big": 500.0}
    assert min(boxes_apart(sheet(6.4, 5.5), shares, 2 * 8.5 * 1.2)) >= 1


@pytest.mark.parametrize(
    ("span", "target", "limits"),
    [
        ((0.1, 0.5), None, (0, 52.4)),  # less than half would be left to what is beneath
        (
            (0.70, 0.90),
            None,
            (67.4, 92.6),
        ),  # 20 points are widened to a quarter of 90, then by 6 % on either side
        ((0.80, 0.90), 0.5, (47.6, 92.4)),
        ((0.97, 1.0), None, (84.5, 100)),
        ((0.0, 0.0), None, (0, 1)),  # nothing below nothing
    ],
)
def test_the_y_axis_fits_what_is_drawn(
    span: tuple[float, float], target: float | None, limits: tuple[float, float]
) -> None:
    ax = sheet()
    fit(ax, Unit(100.0, "%"), span, target)
    assert ax.get_ylim() == pytest.approx(limits)


def test_a_far_target_of_a_time_is_named_beyond_the_axis() -> None:
    ax = sheet()
    fit(ax, Unit(1.0, "s"), (4.0, 6.0), 60.0)
    assert ax.get_ylim()[1] < 7
    assert target_line(ax, 60.0, Unit(1.0, "s")).text == "target\n60 s ↑"


def test_a_run_of_several_days_has_its_days_at_the_axis() -> None:
    week = sim.loads(DAY).set("lasts", "5d")
    ax = plots.demand(week, ax=sheet())
    ax.figure.draw_without_rendering()
    first, last = ax.get_xlim()
    at = [(tick, label.get_text()) for tick, label in zip(ax.get_xticks(), ax.get_xticklabels(), strict=True)]
    days = [text for tick, text in at if first <= tick <= last and ":" not in text]
    assert days == ["Tue 3", "Wed 4", "Thu 5", "Fri 6", "Sat 7"]


@pytest.mark.parametrize(("lasts", "first_tick"), [("5d", "Mon 2"), ("20h", "00:00")])
def test_the_first_midnight_of_several_days_is_named_like_the_others(lasts: str, first_tick: str) -> None:
    day = sim.loads(DAY).set("lasts", lasts).set("opens", "2026-03-02 00:00")
    ax = plots.demand(day, ax=sheet())
    ax.figure.draw_without_rendering()
    labels = zip(ax.get_xticks(), ax.get_xticklabels(), strict=True)
    assert [label.get_text() for tick, label in labels if tick == 0] == [first_tick]


def test_small_multiples_have_one_scale() -> None:
    span = (0.2, 0.9)
    axes = [
        plots.service_level(drawn_day(), queue, span=span, ax=sheet()) for queue in ("general", "experts")
    ]
    assert axes[0].get_ylim() == axes[1].get_ylim()
