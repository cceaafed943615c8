"""Agents' skills, teams, returns and head-counts, each on a world small enough to count by hand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from logs.conftest import Frame
from sim.logs import arrivals, people, staffing
from sim.logs.log import OpeningHours

MORNING = OpeningHours(opens=9 * 3600.0, closes=10 * 3600.0, every=1800.0)
EVERYONES = frozenset({"q5"})


def answered_counts() -> pd.DataFrame:
    """Agents by what they take besides q5: four nothing, three q20, five q2 and q20, one q2 alone."""
    rows = {f"x{n}": {"q5": 50, "q20": 50, "q2": 0, "q19": n % 2} for n in range(3)}
    rows |= {f"y{n}": {"q5": 40, "q20": 30, "q2": 30, "q19": 0} for n in range(5)}
    rows |= {f"w{n}": {"q5": 90, "q20": 0, "q2": 0, "q19": 0} for n in range(4)}
    rows |= {"z": {"q5": 10, "q20": 1, "q2": 9, "q19": 0}}
    return pd.DataFrame(rows).T


def test_what_everyone_serves_tells_nobody_apart() -> None:
    assert staffing.everyones(answered_counts()) == {"q5"}


def test_a_profile_leaves_out_single_and_rare_calls() -> None:
    profile = staffing.profiles(answered_counts())
    assert [profile[name] for name in ("w0", "x1", "y0", "z")] == [set(), {"q20"}, {"q2", "q20"}, {"q2"}]


def test_a_lonely_profile_joins_the_nearest_team() -> None:
    team = staffing.teams(staffing.profiles(answered_counts()), answered_counts())
    of = [team[name] for name in ("w0", "x0", "y0", "z")]
    assert of == ["common", "with_q20", "with_q2_q20", "with_q2_q20"]


def test_a_lonely_profile_that_alone_serves_a_queue_stays() -> None:
    profile = pd.Series([frozenset({"sales"})] * 4 + [frozenset({"support"}), frozenset()])
    counts = pd.DataFrame({"sales": [50] * 4 + [0, 0], "support": [0] * 4 + [9, 0]})
    assert list(staffing.teams(profile, counts)) == ["with_sales"] * 4 + ["with_support", "with_sales"]


@pytest.mark.parametrize(("of_sales", "team"), [(10, "with_sales_support"), (9, "with_support")])
def test_a_small_team_stays_for_a_twentieth_of_a_queue_that_the_nearest_lacks(
    of_sales: int, team: str
) -> None:
    """Of 200 calls for sales two agents who serve both take 10, or 9: the others would have them in the model."""
    counts = pd.DataFrame(
        {
            "sales": [50] * 3 + [40 + 10 - of_sales] + [0] * 5 + [of_sales - 5, 5],
            "support": [0] * 4 + [90] * 7,
        }
    )
    profile = staffing.profiles(counts)
    assert list(staffing.teams(profile, counts)) == ["with_sales"] * 4 + ["with_support"] * 5 + [team] * 2


def test_answers_outside_the_skills_of_a_team_are_counted() -> None:
    """The last agent takes one call of q20 and two of q19 beside those of q2: 3 of 20 answers."""
    counts = pd.DataFrame({"q2": [5, 5, 5, 2], "q20": [0, 0, 0, 1], "q19": [0, 0, 0, 2]})
    skills = {"with_q2": ["q2"]}
    assert staffing.outside_share(counts, pd.Series(["with_q2"] * 4), skills) == pytest.approx(3 / 20)


def test_a_rare_queue_is_of_the_teams_that_answered_most_of_it() -> None:
    """Of 9 answers 4 are those of team a, 3 of b and 2 of c, each by one of three agents: a and b have half."""
    counts = pd.DataFrame(
        {"usual": [50] * 9, "rare": [4, 0, 0, 3, 0, 0, 2, 0, 0], "never": [0] * 9}, index=[*"ABCDEFGHI"]
    )
    team = pd.Series([*"aaabbbccc"], index=counts.index)
    plain = staffing.team_skills(counts, team)
    assert plain == {"a": ["usual"], "b": ["usual"], "c": ["usual"]}
    skills = staffing.with_rare_queues(plain, counts, team)
    assert skills == {"a": ["rare", "usual"], "b": ["rare", "usual"], "c": ["usual"]}
    assert staffing.outside_share(counts, team, skills) == pytest.approx(2 / 459)


def test_a_team_has_the_skills_of_half_its_agents() -> None:
    counts = answered_counts()
    team = staffing.teams(staffing.profiles(counts), counts)
    assert staffing.team_skills(counts, team) == {
        "common": ["q5"],
        "with_q20": ["q5", "q20"],
        "with_q2_q20": ["q2", "q5", "q20"],
    }


@pytest.fixture(scope="module")
def gaps(frame: Frame) -> pd.DataFrame:
    """Agent a returns at once before a crowd, takes a break before one, and idles 200 s; b has one call."""
    crowd = [("q5", "09:04:30", None, "09:30:00", None)] * 3
    calls = frame(
        ("q5", "09:00:00", "09:00:00", "09:05:00", "a"),
        ("q5", "09:01:00", "09:05:06", "09:10:00", "a"),
        ("q5", "09:11:00", "09:12:00", "09:31:00", "a"),
        ("q5", "09:34:19", "09:34:20", "09:50:00", "a", "09:35:00", "09:35:20"),
        ("q5", "09:41:00", "09:41:20", "09:45:20", "a"),
        ("q5", "09:59:00", "09:59:00", "10:02:00", "b"),
        *crowd,
    )
    return staffing.gaps(calls, EVERYONES)


def test_gaps_run_from_release_to_next_answer(gaps: pd.DataFrame) -> None:
    assert gaps["gap"].fillna(-1).tolist() == [6, 120, 200, 360, -1, -1]
    assert gaps["crowd"].tolist() == [4, 3, 0, 0, 0, 0]


def test_a_break_is_long_or_keeps_a_crowd_waiting(gaps: pd.DataFrame) -> None:
    assert staffing.is_break(gaps).tolist() == [False, True, False, True, True, True]


@pytest.mark.parametrize(
    ("mean", "seconds", "kept"), [(10.0, 60.0, 9.85), (30.0, 120.0, 27.8), (60.0, 180.0, 50.6)]
)
def test_a_long_wrap_up_is_not_cut_where_agents_go_on_coming_back(
    mean: float, seconds: float, kept: float
) -> None:
    """1,000 exponential returns by their quantiles, of which those up to `seconds` have the mean `kept`.

    With a mean of 10 s 1000 exp(-6) = 2 are away after 60 s, and with one of 30 s 18 after 120 s: fewer than 20. With
    one of 60 s 43 are back from 180 to 300 s, 20 of them in the first 30 s: less than twice a quarter. The mean of an
    exponential law of mean m below c is m - c / (exp(c/m) - 1).
    """
    table = pd.DataFrame({"gap": -mean * np.log1p(-(np.arange(1000) + 0.5) / 1000), "crowd": 3})
    assert staffing.longest_wrap_up(table) == seconds
    assert mean - seconds / np.expm1(seconds / mean) == pytest.approx(kept, abs=0.05)
    assert staffing.return_time(table) == pytest.approx(kept, rel=0.005)
    assert staffing.longest_wrap_up(table.assign(rung_out=True)) == 60


def test_breaks_do_not_pass_for_a_long_wrap_up() -> None:
    """Wrap-up of 10 s, and 200 breaks of 60 to 660 s: 80 end before 300 s, 10 in each step of 30 s."""
    gaps = np.concatenate([np.full(1000, 10.0), 60.0 + 3.0 * (np.arange(200) + 0.5)])
    assert staffing.longest_wrap_up(pd.DataFrame({"gap": gaps, "crowd": 3})) == 60


def test_the_return_time_is_of_short_gaps_before_a_crowd(gaps: pd.DataFrame) -> None:
    assert staffing.return_time(gaps) == 6


def test_duty_lies_between_calls_in_hand_and_log_in(gaps: pd.DataFrame) -> None:
    minutes = [
        staffing.hours_by_day(spans(gaps)).sum() * 60
        for spans in (staffing.busy, staffing.on_duty, staffing.logged_in)
    ]
    least = (300 + 294 + 1140 + 60 + 240 + 180) / 60
    assert minutes == pytest.approx([least, least + 206 / 60, (2720 + 180) / 60])


def test_head_counts_are_means_over_the_interval(gaps: pd.DataFrame) -> None:
    heads = staffing.mean_head_count(staffing.on_duty(gaps), pd.Series({"a": "day", "b": "late"}), MORNING)
    assert heads["day"].tolist() == pytest.approx([(600 + 1080) / 1800, (320 + 240) / 1800])
    assert heads["late"].tolist() == pytest.approx([0, 60 / 1800])


def test_a_span_beyond_midnight_goes_on_on_the_next_date() -> None:
    """From 23:50 to 00:20, and from 9:00 on for three days, of which no other span begins on the fourth."""
    since = pd.to_datetime(["2014-03-03 23:50", "2014-03-03 09:00", "2014-03-04 12:00", "2014-03-05 12:00"])
    until = pd.to_datetime(["2014-03-04 00:20", "2014-03-06 10:00", "2014-03-04 12:30", "2014-03-05 12:30"])
    found = staffing.by_date(pd.DataFrame({"agent": list("abcd"), "since": since, "until": until}))
    assert [f"{one.agent} {one.since:%d %H:%M}-{one.until:%d %H:%M}" for one in found.itertuples()] == [
        "a 03 23:50-04 00:00", "b 03 09:00-04 00:00", "c 04 12:00-04 12:30",
        "d 05 12:00-05 12:30", "a 04 00:00-04 00:20", "b 04 00:00-05 00:00", "b 05 00:00-06 00:00",
    ]  # fmt: skip
    night = OpeningHours(opens=82_800.0, closes=86_400.0, every=1800.0)
    assert staffing.seconds_in(found, night).tolist() == [[3 * 1800, 3 * 1800 + 600]]


def test_whole_heads_keep_the_sum() -> None:
    mean = pd.DataFrame({"a": [1.5, 0.4, 2.0], "b": [0.3, 0.4, 1.0], "c": [0.3, 0.3, 0.0]})
    assert staffing.whole_heads(mean).values.tolist() == [[2, 0, 0], [1, 0, 0], [2, 1, 0]]


def test_answers_of_nobody_knows_whom_are_not_those_of_one_agent(frame: Frame) -> None:
    """Ann has two open from 9:05 to 9:10, of 15 minutes of work: 4/3 on average."""
    calls = frame(
        ("q5", "9:00", "9:00", "9:10", "ann"),
        ("q5", "9:05", "9:05", "9:15", "ann"),
        *(("q5", "9:00", "9:00", "9:30", None),) * 5,
    )
    most, mean = people._open_at_once(calls)
    assert most == {"voice": 2}
    assert mean == {"voice": pytest.approx(4 / 3)}


def test_transfers_and_their_second_legs(frame: Frame) -> None:
    calls = frame(
        ("q5", "09:00:00", "09:00:00", "09:30:00", "a", "09:05:00", "09:10:00"),
        ("q5", "09:00:00", "09:00:00", "09:20:00", "b"),
        ("q2", "09:00:00", None, "09:20:00", None),
        ("q2", "09:00:00", "09:10:00", "09:20:00", "b"),
    )
    assert arrivals.transfer_shares(calls).to_dict() == {"q2": 0.0, "q5": 0.5}
    assert arrivals.second_legs(calls).tolist() == [1200]
    assert arrivals.most_second_legs(calls, MORNING) == pytest.approx(1200 / 1800)


def test_consults_through_a_queue_leave_a_trace(frame: Frame) -> None:
    """Two of four consults are followed by a call two seconds later; one call follows none."""
    minutes = ("10", "20", "30", "40")
    consulting = [("q5", "09:00:00", "09:00:00", "09:50:00", "a", f"09:{m}:00") for m in minutes]
    linked = [("q2", f"09:{m}:02", None, "09:50:00", None) for m in minutes[:2]]
    assert (
        arrivals.linked_share(frame(*consulting, *linked, ("q2", "09:45:00", None, "09:46:00", None))) == 0.5
    )
    chance = ("q2", "09:29:02", None, "09:50:00", None)
    assert arrivals.linked_share(frame(*consulting, *linked, chance)) == 0.25


def test_a_team_has_a_law_of_its_own_where_its_mean_is_another() -> None:
    """Forty seconds of wrap-up beside thirty and thirty; of alike teams the F-test finds none."""
    rng = np.random.default_rng(3)
    agents = np.repeat(["a", "b", "c"], 300)
    team_of = pd.Series({"a": "one", "b": "two", "c": "three"})
    alike = pd.DataFrame({"agent": agents, "wrap_up_s": np.tile(rng.exponential(30.0, 300), 3)})
    other = alike.assign(wrap_up_s=alike["wrap_up_s"].where(agents != "c", alike["wrap_up_s"] + 10.0))
    assert people.own_laws(alike, "wrap_up_s", team_of) == {}
    found = people.own_laws(other, "wrap_up_s", team_of)
    assert found["three"].mean == pytest.approx(other.loc[agents == "c", "wrap_up_s"].mean())
    assert found["three"].rows == 300


def test_means_that_differ_by_chance_are_no_teams_own() -> None:
    """Means of 30 and 34 s, 6 % from that of both, with 60 answers each: an F-test has p = 0.6."""
    spread = np.tile([0.0, 60.0], 30)
    taken = pd.DataFrame(
        {"agent": ["a"] * 60 + ["b"] * 60, "wrap_up_s": np.concatenate([spread, spread + 4.0])}
    )
    assert people.own_laws(taken, "wrap_up_s", pd.Series({"a": "one", "b": "two"})) == {}


def test_a_team_of_few_answers_has_none() -> None:
    taken = pd.DataFrame(
        {"agent": ["a"] * 300 + ["b"] * 49, "wrap_up_s": [30.0, 31.0, 32.0] * 100 + [90.0] * 49}
    )
    assert people.own_laws(taken, "wrap_up_s", pd.Series({"a": "one", "b": "two"})) == {}


def test_a_team_without_wrap_up_has_none_and_each_medium_its_service_level(tmp_path: Path) -> None:
    """Calls of 40 s of wrap-up and more, chats of other agents without any."""
    rows = ["channel,queue,start,answered,end,agent,acw\n"]
    for day in range(2, 7):
        for number in range(20):
            at = f"2026-03-{day:02d} {9 + number // 4:02d}:{15 * (number % 4):02d}"
            rows.append(f"voice,calls,{at}:00,{at}:05,{at}:50,ann,{40 + number}\n")
            rows.append(f"chat,chats,{at}:00,{at}:05,{at}:50,bob,0\n")
    (tmp_path / "log.csv").write_text("".join(rows))
    sim.calibrate(tmp_path / "log.csv", out=tmp_path / "fitted")
    fitted = sim.load(tmp_path / "fitted" / "scenario.yaml")
    assert sim.open(tmp_path / "fitted").days == 5
    wrap_ups = {next(iter(team.skills)): team.wrap_up.mean for team in fitted.teams.values()}
    assert wrap_ups == {"calls": pytest.approx(49.5, rel=0.02), "chats": 0.0}
    levels = {name: queue.service_level.within for name, queue in fitted.queues.items()}
    assert levels == {"calls": 20, "chats": 60}
    note = "20s for voice and 1m for chat are assumed"
    assert note in " ".join((tmp_path / "fitted" / "scenario.yaml").read_text().replace("#", "").split())
    given = sim.calibrate(tmp_path / "log.csv", within="45s")
    assert {given.within_s_of(queue) for queue in given.queues} == {45}


def test_queues_of_like_names_have_their_own_files(tmp_path: Path) -> None:
    """The durations of neither come from a law, and both would be in `a_b_times.csv`."""
    rows = ["queue,start,answered,end,agent\n"]
    for day in range(2, 7):
        for number in range(40):
            at = f"2026-03-{day:02d} {9 + number // 4:02d}:{15 * (number % 4):02d}"
            rows.append(f"a b,{at}:00,{at}:05,{at}:{15 + 40 * (number % 2)},ann\n")
            rows.append(f"a_b,{at}:00,{at}:05,{at}:{25 + 5 * (number % 2)},bob\n")
    (tmp_path / "log.csv").write_text("".join(rows))
    sim.calibrate(tmp_path / "log.csv", out=tmp_path / "fitted")
    fitted = sim.load(tmp_path / "fitted" / "scenario.yaml")
    assert fitted.queues["a b"].handle_time.mean == pytest.approx(30, rel=0.02)
    assert fitted.queues["a_b"].handle_time.mean == pytest.approx(22.5, rel=0.02)
