"""What a picture shows is what the figures and tables say."""

import re

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection

from sim.errors import SimError
from sim.report import plots
from sim.report.plots.teams import agents_in_state

from .plots_day import drawn_day, sheet


def line(ax: Axes, label: str) -> np.ndarray:
    """The points of the line of this name."""
    return next(one for one in ax.get_lines() if one.get_label() == label).get_xydata()


def test_a_queue_is_drawn_as_its_figures_say_with_its_interval_as_a_band() -> None:
    run = drawn_day()
    ax = plots.service_level(run, "general", ax=sheet())
    rows = run.figures.query(
        "metric == 'service_level' and queue == 'general' and kind == '' and interval != ''"
    )
    rows = rows[rows["interval"] < "10:00"]
    shown = line(ax, "general")
    assert shown[:, 0] == pytest.approx([8.25, 8.75, 9.25, 9.75])
    assert shown[:, 1] == pytest.approx(100 * rows["value"].to_numpy())
    (band,) = [c for c in ax.collections if isinstance(c, PolyCollection)]
    edges = band.get_paths()[0].vertices
    for at, low, high in zip(shown[:, 0], 100 * rows["low"], 100 * rows["high"], strict=True):
        assert edges[np.isclose(edges[:, 0], at), 1].min() == pytest.approx(low)
        assert edges[np.isclose(edges[:, 0], at), 1].max() == pytest.approx(high)


def test_several_queues_have_a_line_and_bars_each() -> None:
    run = drawn_day()
    ax = plots.no_agent_rate(run, ["general", "experts"], ax=sheet())
    bars = [c for c in ax.collections if isinstance(c, LineCollection)]
    assert [one.get_label() for one in ax.get_lines()] == ["general", "experts"]
    assert len(bars) == 2
    drawn = [segment[:, 1].max() for segment in bars[1].get_segments()]
    highs = run.figures.query(
        "metric == 'no_agent_rate' and queue == 'experts' and kind == '' and interval != '' and interval < '10:00'"
    )["high"]
    assert drawn == pytest.approx(100 * highs.to_numpy())


def test_the_target_is_drawn_where_all_queues_shown_have_the_same() -> None:
    run = drawn_day()

    def across(ax: Axes) -> list[float]:
        return [
            float(one.get_ydata()[0]) for one in ax.get_lines() if str(one.get_label()).startswith("_child")
        ]

    assert across(plots.service_level(run, "general", ax=sheet())) == [80.0]
    assert across(plots.service_level(run, "experts", ax=sheet())) == [75.0]
    assert across(plots.service_level(run, ax=sheet())) == []


def test_the_parts_of_a_bar_add_up_to_what_was_offered() -> None:
    run = drawn_day()
    ax = plots.volumes(run, "general", ax=sheet())
    offered = run.figures.query(
        "metric == 'offered' and queue == 'general' and kind == '' and interval != ''"
    )
    tops = {}
    for bar in ax.patches:
        tops[round(bar.get_x(), 6)] = max(
            tops.get(round(bar.get_x(), 6), 0.0), bar.get_y() + bar.get_height()
        )
    assert sorted(tops.values()) == pytest.approx(sorted(offered["value"][offered["interval"] < "10:00"]))
    labels = [bars.get_label() for bars in ax.containers]
    assert labels == ["answered", "abandoned", "no agent"]


def test_percentiles_stand_where_the_figures_put_them() -> None:
    run = drawn_day()
    ax = plots.waits(run, ax=sheet(height=5))
    rows = [label.get_text() for label in ax.get_yticklabels()]
    assert rows == ["general", "experts\ntransferred", "experts\nconference", "hotline"]
    marks = [float(one.get_xdata()[0]) for one in ax.get_lines() if one.get_marker() == "D"]
    expected = [
        run.figure("wait_p90", queue=queue, kind=kind).value
        for queue, kind in (
            ("general", "inbound"), ("experts", "transfer"), ("experts", "conference"), ("hotline", "inbound"),
        )
    ]  # fmt: skip
    assert marks == pytest.approx(expected)


def test_the_share_answered_within_is_counted_from_the_requests() -> None:
    run = drawn_day()
    ax = plots.answered_within(run, "general", ax=sheet())
    requests = run.requests.query("queue == 'general' and outcome in ('answered', 'abandoned', 'no_agent')")
    times, shares = line(ax, "inbound").T
    answered = requests[requests["outcome"] == "answered"]["wait"].to_numpy()
    for at in (10, 100, 399):
        assert shares[at] == pytest.approx(100 * (answered <= times[at]).sum() / len(requests))
    assert shares[-1] == pytest.approx(100 * len(answered) / len(requests))


def test_waiting_requests_are_those_of_the_figures() -> None:
    run = drawn_day()
    ax = plots.waiting(run, "general", step_s=1800, ax=sheet())
    mean = next(one for one in ax.get_lines() if one.get_alpha() is None).get_ydata()
    expected = run.figures.query("metric == 'queue_length_mean' and queue == 'general' and interval != ''")[
        "value"
    ]
    assert mean == pytest.approx(expected.to_numpy())
    single_days = [one for one in ax.get_lines() if one.get_alpha() is not None]
    assert len(single_days) == 3


def test_agents_by_state_add_up_to_those_logged_in() -> None:
    run = drawn_day()
    ax = plots.agent_states(run, step_s=600, ax=sheet())
    corners = np.concatenate([area.get_paths()[0].vertices for area in ax.collections])
    presence = run.agent_states[(run.agent_states["medium"] == "") & (run.agent_states["replication"] == 0)]
    for hour in (8.5, 9 + 1 / 6, 9.5):
        second = (hour - 8) * 3600
        logged_in = ((presence["started_at"] <= second) & (presence["ended_at"] > second)).sum()
        assert corners[np.isclose(corners[:, 0], hour), 1].max() == pytest.approx(logged_in)


def test_an_agent_counts_once_with_the_most_engaged_of_their_states() -> None:
    rows = [
        ("a", "", "READY", 0.0, 100.0),
        ("a", "chat", "READY", 0.0, 20.0), ("a", "chat", "ACTIVE", 20.0, 60.0), ("a", "chat", "READY", 60.0, 100.0),
        ("a", "voice", "READY", 0.0, 40.0), ("a", "voice", "BUSY", 40.0, 70.0), ("a", "voice", "READY", 70.0, 100.0),
        ("b", "chat", "RESERVED", 50.0, 100.0),
    ]  # fmt: skip
    columns = ["agent", "medium", "state", "started_at", "ended_at"]
    frame = pd.DataFrame(rows, columns=columns).assign(team="t")
    means = agents_in_state(frame, "", "", 50.0)
    assert means.loc[0.0].to_dict() == {
        "NOT_READY": 0, "READY": 0.4, "RESERVED": 0, "ACTIVE": 0.4, "BUSY": 0.2, "PENDING_NOT_READY": 0,
        "INTERRUPTED": 0,
    }  # fmt: skip
    assert means.loc[50.0, ["READY", "RESERVED", "BUSY"]].tolist() == pytest.approx([0.6, 1.0, 0.4])
    assert agents_in_state(frame, "t", "chat", 50.0).loc[0.0, "ACTIVE"] == pytest.approx(0.6)


def test_bars_of_teams_are_their_figures() -> None:
    run = drawn_day()
    ax = plots.occupancy(run, ax=sheet())
    assert [bar.get_width() for bar in ax.patches] == pytest.approx(
        [100 * run.figure("occupancy", team=team).value for team in ("desk", "experts")]
    )
    ax = plots.concurrency(run, ax=sheet())
    assert [bar.get_width() for bar in ax.patches] == pytest.approx(
        [run.figure("concurrency", team=team).value for team in ("desk", "experts")]
    )
    limits = [float(one.get_xdata()[0]) for one in ax.get_lines() if one.get_linewidth() > 2]
    assert limits == [2, 3]  # two chats; two chats and a call


def test_the_flow_counts_every_transfer_and_who_found_nobody() -> None:
    run = drawn_day()
    ax = plots.transfer_flow(run, ax=sheet())
    texts = " ".join(text.get_text() for text in ax.texts)
    transfers = run.requests[run.requests["kind"] == "transfer"]
    nobody = transfers["outcome"].isin(["no_agent", "disconnected"]).mean()
    assert f"experts\n{len(transfers) / 3:.0f} a day\n{100 * nobody:.1f} % find nobody" in texts
    with pytest.raises(plots.NothingToDrawError, match="no named_transfer"):
        plots.transfer_flow(run, ["named_transfer"], ax=sheet())


def test_one_line_for_each_participant_of_a_conversation() -> None:
    run = drawn_day()
    events = run.events[run.events["replication"] == 0]
    number = int(events.loc[events["event"] == "whisper", "conversation_id"].iloc[0])
    ax = plots.conversation(run, number, ax=sheet(height=5))
    own = events[events["conversation_id"] == number]
    people = [label.get_text() for label in ax.get_yticklabels()]
    assert people == ["customer", *dict.fromkeys(own["agent"].dropna())]
    whispers = next(one for one in ax.get_lines() if one.get_label() == "whispers")
    assert whispers.get_xdata() == pytest.approx(
        8 + own.loc[own["event"] == "whisper", "at"].to_numpy() / 3600
    )
    arrived, ended = own["at"].iloc[0], own.loc[own["event"] == "task_closed", "at"].max()
    left, right = ax.get_xlim()
    assert left == pytest.approx(8 + arrived / 3600, abs=1e-3)
    assert right == pytest.approx(8 + ended / 3600, abs=1e-3)


def test_a_conversation_is_the_same_whether_the_events_were_kept_or_are_simulated_again() -> None:
    run = drawn_day()

    class WithoutEvents:
        scenario, seed, tables = run.scenario, run.seed, ()

    kept, again = (plots.conversation(source, ax=sheet(height=5)) for source in (run, WithoutEvents()))
    assert kept.get_title(loc="left") == again.get_title(loc="left")
    assert [bar.get_bbox().bounds for bar in kept.patches] == [bar.get_bbox().bounds for bar in again.patches]


def test_pictures_take_a_bare_table_too() -> None:
    run = drawn_day()
    from_run = plots.service_level(run, "general", ax=sheet())
    figures = run.figures[run.figures["interval"] != "10:00"]
    from_table = plots.service_level(figures, "general", ax=sheet())
    assert line(from_table, "general") == pytest.approx(line(from_run, "general"))
    assert re.match("Clock time", from_table.get_xlabel())


def test_what_cannot_be_drawn_is_said() -> None:
    run = drawn_day()
    with pytest.raises(plots.NothingToDrawError, match="service_level is not given by interval for hotline"):
        plots.service_level(run, "hotline", ax=sheet())
    with pytest.raises(SimError, match="no picture `servise_level` by queue; did you mean `service_level`"):
        plots.each_queue(run, "servise_level")
    with pytest.raises(SimError, match="there is no conversation 99999"):
        plots.conversation(run, 99999, ax=sheet())


def test_who_is_unfinished_is_among_the_offered_of_the_curve() -> None:
    """One agent is there for one call of two: half of the offered are answered, and the other half are open."""
    import sim
    from sim.report.plots.waiting_times import answered_within

    day = sim.loads("""\
lasts: 2h
drain: 1h
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues: {q: {medium: voice, handle_time: 60s}}
teams: {t: {skills: {q: 1}, shifts: [{from: "00:00", to: "01:00", agents: 1}]}}
arrivals: [{channel: phone, queue: q, name: calls, per_hour: 20}]
""")
    result = sim.run(day, 1, jobs=1)
    outcomes = result.requests["outcome"].astype(str).value_counts()
    assert set(outcomes.index) == {"answered", "unfinished"}
    top = max(max(line.get_ydata()) for line in answered_within(result).lines if len(line.get_ydata()))
    assert top == pytest.approx(100 * outcomes["answered"] / outcomes.sum())
