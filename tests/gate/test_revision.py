"""Baselines recomputed from a git revision: its scenario files and its policies."""

import subprocess
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

import sim
from gate.small import DAY
from sim.experiments.figure_selectors import FigureSelector
from sim.gate.checking import check
from sim.gate.result import CheckResult
from sim.gate.revision import Revision
from sim.gate.sequential import Verdict
from sim.parallel.workers import Spending
from sim.policies import selection
from sim.report.check import written
from sim.scenario.budget import BudgetError

POLICY = """
class Choice:
    def choose(self, request, candidates, lot):
        return candidates[{place}]
"""

ENTRY_POINTS = "[sim.agent_selection]\nour_choice = ourpolicies:Choice\n"

NAMED = DAY.replace("{ring_time: 20s}", "{ring_time: 20s, agent_selection: our_choice}")


def git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=A Planner", "-c", "user.email=planner@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with the small day in a folder of its own, committed and tagged `before`."""
    root = tmp_path / "repository"
    (root / "scenarios").mkdir(parents=True)
    (root / "scenarios" / "small.yaml").write_text(DAY, encoding="utf-8")
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "The day as it was")
    git(root, "tag", "before")
    return root


@pytest.fixture
def edit(repository: Path) -> Callable[..., Path]:
    """Change words of the scenario in the working tree."""

    def change(**words: str) -> Path:
        path = repository / "scenarios" / "small.yaml"
        text = path.read_text(encoding="utf-8")
        for old, new in words.items():
            assert old in text
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
        return path

    return change


def against(path: Path, revision: str = "before", **changes: object) -> CheckResult:
    scenario = sim.load(path, {key.replace("__", "."): value for key, value in changes.items()})
    return check(scenario, against=revision, at_most=12, targets=False, jobs=1)


@pytest.mark.slow
def test_a_file_that_has_not_changed_passes(edit: Callable[..., Path]) -> None:
    found = against(edit())
    assert found.verdict is Verdict.PASS
    assert found.against.startswith("revision before (")
    assert found.changed is not None
    assert not found.changed.anything
    assert not found.changed.code


@pytest.mark.slow
def test_a_worse_file_fails_with_the_stories_of_both_days(
    edit: Callable[..., Path], repository: Path
) -> None:
    before = {path.name for path in repository.iterdir()}
    status = git(repository, "worktree", "list")
    found = against(edit(**{"agents: 4": "agents: 3"}))
    assert found.verdict is Verdict.FAIL
    assert found.changed is not None
    assert [str(key) for key in found.changed.keys] == ["teams.front.agents: 4 -> 3"]
    assert found.changed.first is not None
    assert found.changed.first.before is not None
    assert found.changed.fared is not None
    assert all(hit.before.events and hit.after.events for hit in found.changed.fared.hardest)
    assert {path.name for path in repository.iterdir()} == before  # the repository is only read
    assert git(repository, "worktree", "list") == status


@pytest.mark.slow
def test_the_revisions_figures_are_those_of_the_scenario_itself(repository: Path, tmp_path: Path) -> None:
    """Two processes share the replications; the numbers are those of one."""
    path = repository / "scenarios" / "small.yaml"
    (tmp_path / "unpacked").mkdir()
    revision = Revision("HEAD", path, tmp_path / "unpacked", jobs=2)
    figures = (FigureSelector("asa"), FigureSelector("service_level"))
    result = sim.run(sim.load(path), 5, jobs=1)
    first = revision.series(figures, 2)
    series = revision.series(figures, 5)
    assert first[figures[0]].tops.tolist() == series[figures[0]].tops[:2].tolist()
    for figure in figures:
        assert series[figure].value == pytest.approx(result.figure(figure.metric).value, abs=1e-6)


@pytest.mark.slow
def test_other_customers_are_refused_here_too(edit: Callable[..., Path]) -> None:
    found = against(edit(**{"per_hour: 70": "per_hour: 80"}))
    assert found.verdict is Verdict.REFUSED
    assert found.refusal == ("its customers are others: arrivals.0.per_hour: 70 -> 80",)


@pytest.mark.parametrize(
    ("revision", "what"),
    [
        ("no-such-tag", "--against no-such-tag: git knows no such revision"),
        ("--help", "--against --help: git knows no such revision"),
    ],
)
def test_a_revision_that_git_does_not_know(edit: Callable[..., Path], revision: str, what: str) -> None:
    found = against(edit(), revision)
    assert (found.verdict, found.refusal) == (Verdict.REFUSED, (what,))


def test_a_file_that_was_not_there_yet(repository: Path) -> None:
    path = repository / "scenarios" / "new.yaml"
    path.write_text(DAY, encoding="utf-8")
    (why,) = against(path).refusal
    assert why.startswith("scenarios/new.yaml: is not in revision before (")
    assert why.endswith("): there is nothing to compare with")


def test_a_file_outside_any_repository(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(DAY, encoding="utf-8")
    (why,) = against(path).refusal
    assert why.startswith(f"--against: git says of {tmp_path}: not a git repository")


def test_a_shallow_clone_is_told_to_fetch(repository: Path, tmp_path: Path) -> None:
    """The checkout of a job in CI has one commit unless told otherwise."""
    git(repository, "commit", "-q", "--allow-empty", "-m", "Later")
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{repository}", "clone")
    (why,) = against(tmp_path / "clone" / "scenarios" / "small.yaml", "HEAD~1").refusal
    assert why.startswith(
        "--against HEAD~1: git knows no such revision; this clone is shallow: fetch it first"
    )


def test_a_file_that_was_broken_then(edit: Callable[..., Path], repository: Path) -> None:
    path = edit(**{"agents: 4": "agents: -4"})
    git(repository, "commit", "-q", "-a", "-m", "Broken")
    (why,) = against(edit(**{"agents: -4": "agents: 4"}), "HEAD").refusal
    assert "cannot be simulated: " in why
    assert "teams.front.agents" in why
    assert path.name in why


# The budget.


def test_a_revision_that_takes_more_than_the_budget_is_refused(
    edit: Callable[..., Path], repository: Path
) -> None:
    """The file was large then and is small now: only the revision goes beyond."""
    edit(**{"per_hour: 70": "per_hour: 70000"})
    git(repository, "commit", "-q", "-a", "-m", "Large")
    scenario = sim.load(edit(**{"per_hour: 70000": "per_hour: 70"}))
    what = r"^revision HEAD \(\w+\): arrivals\.0\.per_hour: about [\d.e+]+ events would be simulated"
    with pytest.raises(BudgetError, match=what):
        check(scenario, against="HEAD", at_most=12, targets=False, jobs=1, budget=1e6)


@pytest.mark.slow
def test_what_a_revision_simulates_counts_for_the_budget(repository: Path, tmp_path: Path) -> None:
    path = repository / "scenarios" / "small.yaml"
    (tmp_path / "unpacked").mkdir()
    spending = Spending.within(1e6, [sim.load(path)], 1, jobs=1)
    assert spending.cap is not None
    revision = Revision("HEAD", path, tmp_path / "unpacked", spending=spending)
    events = len(revision.day().events)
    after_a_day = spending.cap.spent
    assert 0 < after_a_day < 10 * events
    revision.series((FigureSelector("asa"),), 2)
    assert 2.5 * after_a_day < spending.cap.spent < 3.5 * after_a_day
    spending.cap.spent = spending.cap.total - after_a_day / 2
    with pytest.raises(BudgetError, match=r"^revision HEAD .*all together took more than the budget"):
        revision.series((FigureSelector("asa"),), 3)


# The project's own policies.


@pytest.fixture
def policy(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Path]:
    """Put a policy of the project's own into the working tree: it offers to the first, or to the last, agent.

    It is installed as with `pip install -e`: its metadata and its source are on the path.
    """
    site = tmp_path / "site"
    info = site / "ourpolicies-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: ourpolicies\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(ENTRY_POINTS)
    monkeypatch.syspath_prepend(str(repository))
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.setenv("PYTHONPATH", f"{repository}:{site}")
    (repository / "scenarios" / "small.yaml").write_text(NAMED, encoding="utf-8")

    def write(place: int) -> Path:
        (repository / "ourpolicies.py").write_text(POLICY.format(place=place), encoding="utf-8")
        monkeypatch.delitem(__import__("sys").modules, "ourpolicies", raising=False)
        selection._registered.cache_clear()
        __import__("importlib").invalidate_caches()
        return repository / "scenarios" / "small.yaml"

    return write


@pytest.mark.slow
def test_a_policy_that_has_changed_is_held_to_what_it_was(
    policy: Callable[[int], Path], repository: Path
) -> None:
    """The scenario is the same in both; the revision's policy comes from its own source."""
    path = policy(0)
    assert "our_choice" in metadata.entry_points(group="sim.agent_selection").names
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "Offer to the first")
    same = against(path, "HEAD", teams__front__agents=4)
    assert same.verdict is Verdict.PASS
    assert same.changed is not None
    assert same.changed.policies == ()
    assert not same.changed.anything

    found = against(policy(-1), "HEAD")
    assert found.changed is not None
    assert not found.changed.keys
    assert not found.changed.code
    assert found.changed.policies == ("our_choice",)
    assert "  the code of policy our_choice has changed\n" in written([found], "text")
    assert found.changed.anything  # the policy decides otherwise
    assert found.changed.first is not None
    before, after = found.changed.first.before, found.changed.first.after
    assert before is not None
    assert after is not None
    assert (before[2], after[2]) == ("offered", "offered")
    assert before[5] != after[5]


@pytest.mark.slow
def test_a_policy_that_broke_in_the_revision_is_said(policy: Callable[[int], Path], repository: Path) -> None:
    policy(99)
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "Broken")
    (why,) = against(policy(0), "HEAD").refusal
    assert "agent selection our_choice: raised IndexError" in why
