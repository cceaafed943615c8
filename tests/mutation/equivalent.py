"""Changes of the Python code that no test can tell from it, each with the reason."""

from mutation.equivalent_engine import OF_ENGINE

EQUIVALENT: dict[tuple[str, str, str], str] = {
    **OF_ENGINE,
    (
        "sim/metrics/cells.py",
        "return (0.0, *(first + number * DAY_S for number in range(ceil((scenario.lasts - first) / DAY_S))))",
        "return ( -1.0, *(first + number * DAY_S for number in range(ceil((scenario.lasts - first) / DAY_S))))",
    ): "nothing happens before the opening",
    (
        "sim/metrics/columns.py",
        "if isinstance(keys, np.ndarray) and isinstance(wanted, np.ndarray):",
        "if not isinstance(keys, np.ndarray) and isinstance(wanted, np.ndarray):",
    ): "pandas finds the same places, more slowly",
    (
        "sim/metrics/columns.py",
        "return np.bincount(codes, weights=weights, minlength=size).astype(np.float64, copy=False)",
        "return np.bincount(codes, weights=weights, minlength=size).astype(np.float64, copy=True)",
    ): "a copy has the same numbers",
    (
        "sim/metrics/columns.py",
        "most = int(max(keys.max(initial=0), wanted.max(initial=0)))",
        "most = int(max(keys.max(initial= 1), wanted.max(initial=0)))",
    ): "the table is one place longer, where there is nothing to look up",
    (
        "sim/metrics/waiting.py",
        "edges = [start + width * number for number in range(days + 1 if days > 1 else 3)]",
        "edges = [start + width * number for number in range(days + 1 if days > 2 else 3)]",
    ): "of two days there are three edges either way",
    (
        "sim/metrics/requests.py",
        "self.answered_within = in_time & self.rang & ~np.isnan(answered_at)",
        "self.answered_within = in_time & self.rang * ~np.isnan(answered_at)",
    ): "the product of what is true or false is both of them",
    (
        "sim/workload/draws.py",
        "return found[1]",
        "return found[ 0]",
    ): "equal laws are one as well as their number is",
    (
        "sim/policies/files.py",
        "taken = len(inspect.signature(choose).parameters) if callable(choose) else 0",
        "taken = len(inspect.signature(choose).parameters) if callable(choose) else -1",
    ): "no selection takes 0 things or -1",
    (
        "sim/workload/draws.py",
        "CHUNK = 65_536",
        "CHUNK = 65535",
    ): "numbers are drawn one after the other, in pieces of any size",
    (
        "sim/workload/draws.py",
        "size = max(_BLOCK, 2 * (k + 1))",
        "size = max(_BLOCK, 1 * (k + 1))",
    ): "a block that is too short is made longer when its end is asked for",
    (
        "sim/workload/files.py",
        "if names and (len(codes) != times.size or not min(codes, default=0) >= -1):",
        "if names and (len(codes) != times.size or not min(codes, default= -1) >= -1):",
    ): "without contacts there is no code, and either is allowed",
    (
        "sim/workload/arrivals.py",
        "if exposure[-1] > expected * (1.0 + 1e-9):  # the sum over the pieces may round either way",
        "if exposure[-1] > expected ** (1.0 + 1e-9):  # the sum over the pieces may round either way",
    ): "a hair above what is expected as well; below 1 the sixteen draws are far beyond either",
    (
        "sim/workload/arrivals.py",
        "@dataclass(frozen=True, slots=True, eq=False)",
        "@dataclass(frozen=True, slots=True, eq=True)",
    ): "no two rates are compared",
    (
        "sim/metrics/by_date.py",
        "axes = self._dates[0].measures.cells.axes",
        "axes = self._dates[ -1].measures.cells.axes",
    ): "the dates of a calendar have the same axes",
    (
        "sim/staffing/improve.py",
        "def cheapest(self, radius: int, *, whole: bool = True, gap: float = GAP) -> IntArray | FloatArray | None:",
        "def cheapest(self, radius: int, /, whole: bool = True, gap: float = GAP) -> IntArray | FloatArray | None:",
    ): "the radius is given by its place and the others by name",
    (
        "sim/staffing/slopes.py",
        "self._days = np.zeros(1)",
        "self._days = np.zeros( 0)",
    ): "it is of the shape of head-counts before it is asked",
    (
        "sim/staffing/slopes.py",
        "kept = np.where(step == 0, 1.0, np.where(np.abs(step) == 1, BESIDE, 0.0))",
        "kept = np.where(step == 0, 1.0, np.where(np.abs(step) <= 1, BESIDE, 0.0))",
    ): "a step of 0 is taken before",
    (
        "sim/staffing/questions.py",
        "_, _, place, then, after = min(tried, key=lambda one: one[:3])",
        "_, _, place, then, after = min(tried, key=lambda one: one[: 4])",
    ): "no two have the same place, the third of them",
    (
        "sim/staffing/days.py",
        "_workloads.popitem(last=False)",
        "_workloads.popitem(last=True)",
    ): "a day that is forgotten is drawn again",
    (
        "sim/staffing/search.py",
        "@dataclass(frozen=True, eq=False)",
        "@dataclass(frozen=True, eq=True)",
    ): "no two of them are compared",
    (
        "sim/staffing/questions.py",
        "@dataclass(frozen=True, eq=False)",
        "@dataclass(frozen=True, eq=True)",
    ): "no two of them are compared",
    (
        "sim/staffing/calendar_plan.py",
        "return tuple(plan.base.days[0].name for plan in self.plans)",
        "return tuple(plan.base.days[ -1].name for plan in self.plans)",
    ): "the scenario of a date has that day alone",
    (
        "sim/workload/arrivals.py",
        "if exposure[-1] > expected * (1.0 + 1e-9):  # the sum over the pieces may round either way",
        "if exposure[-1] > expected * (1.0 + 1.000000001):  # the sum over the pieces may round either way",
    ): "more are drawn than are needed",
    (
        "sim/workload/draws.py",
        "return [law.value] * max(_BLOCK, 2 * (k + 1))",
        "return [law.value] * max(_BLOCK, 2 * (k + 0))",
    ): "longer than asked for either way",
    (
        "sim/workload/draws.py",
        "size = max(_BLOCK, 2 * (k + 1))",
        "size = max(_BLOCK, 2 * (k + 0))",
    ): "longer than asked for either way",
    (
        "sim/policies/weighted.py",
        "if len(firsts) < 2:",
        "if len(firsts) < 1:",
    ): "of one that one weighs most, and is chosen again",
    (
        "sim/workload/seeds.py",
        "assert (n_words, dtype) == (len(self._words), np.uint64)",
        "assert (n_words, dtype) <= (len(self._words), np.uint64)",
    ): "numpy asks for these words",
    (
        "sim/staffing/plan.py",
        "@dataclass(frozen=True, eq=False)",
        "@dataclass(frozen=True, eq=True)",
    ): "no two plans are compared",
    (
        "sim/metrics/columns.py",
        "most = int(max(keys.max(initial=0), wanted.max(initial=0)))",
        "most = int(max(keys.max(initial= -1), wanted.max(initial=0)))",
    ): "the other one is 0 at least",
    (
        "sim/staffing/goals.py",
        "return -claim.sides[0][1] if isinstance(claim.figure, DaysKept) else None",
        "return -claim.sides[ -1][1] if isinstance(claim.figure, DaysKept) else None",
    ): "a goal on a share of days has one side",
    (
        "sim/staffing/calendar_plan.py",
        "@dataclass(frozen=True, eq=False)",
        "@dataclass(frozen=True, eq=True)",
    ): "no two of them are compared",
    (
        "sim/metrics/columns.py",
        "step = max(1, AT_ONCE // max(1, size))",
        "step = max( 2, AT_ONCE // max(1, size))",
    ): "breakdowns are counted in pieces of any size",
    (
        "sim/policies/selection.py",
        'rule = name if name in REQUEST_RULES else "priority_with_ageing" if ageing_s > 0 else "priority"',
        'rule = name if name in REQUEST_RULES else "priority_with_ageing" if ageing_s != 0 else "priority"',
    ): "no ageing is below 0",
    (
        "sim/staffing/solving.py",
        "break",
        "continue",
    ): "what does not fail is not judged again, and what is spent stays spent",
    (
        "sim/workload/arrivals.py",
        "np.concatenate(([start], inner[(inner > start) & (inner < end)], [end]))",
        "np.concatenate(([start], inner[(inner > start) & (inner <= end)], [end]))",
    ): "a piece without length holds nobody",
    (
        "sim/staffing/days.py",
        "if len(_scenarios) > KEPT_SCENARIOS:",
        "if len(_scenarios) != KEPT_SCENARIOS:",
    ): "a scenario that is forgotten is made again",
    (
        "sim/metrics/columns.py",
        "weights = np.repeat(totals[:, np.newaxis], len(some), axis=1).ravel()",
        "weights = np.repeat(totals[:, np.newaxis], len(some), axis= 0).ravel()",
    ): "laid out flat it is the same",
    (
        "sim/metrics/unfinished.py",
        "finite = np.where(endless, 0.0, measures.numerator)",
        "finite = np.where(endless, -1.0, measures.numerator)",
    ): "of what is endless in a replication the value alone is read, which is endless",
    (
        "sim/workload/seeds.py",
        "_PERIOD = 2**128",
        "_PERIOD = 2<<128",
    ): "two periods come to the same place as one",
    (
        "sim/staffing/days.py",
        "KEPT_RESULTS = 20_000",
        "KEPT_RESULTS = 19999",
    ): "a result that is forgotten is simulated again",
    (
        "sim/metrics/unfinished.py",
        'if self._fate != "open":',
        'if self._fate < "open":',
    ): "each of the other fates comes before `open` by its letters",
    (
        "sim/staffing/days.py",
        "return np.array([[*tops[self.cells], late], [*found.denominator[self.cells], 1.0]])",
        "return np.array([[*tops[self.cells], late], [*found.denominator[self.cells], 2.0]])",
    ): "of the last cell the numerator alone is read",
    (
        "sim/metrics/unfinished.py",
        "finite = np.where(endless, 0.0, measures.numerator)",
        "finite = np.where(endless, 1.0, measures.numerator)",
    ): "of what is endless in a replication the value alone is read, which is endless",
    (
        "sim/metrics/figures.py",
        "self, level: float = 0.95, rows: slice = EVERY",
        "self, level: float = -0.050000000000000044, rows: slice = EVERY",
    ): "who leaves the level out takes the value alone",
    (
        "sim/staffing/days.py",
        "_scenarios.popitem(last=False)",
        "_scenarios.popitem(last=True)",
    ): "a scenario that is forgotten is made again",
    (
        "sim/metrics/agents.py",
        "self.logged_in_after[:, -1] = np.bincount(",
        "self.logged_in_after[:, ~1] = np.bincount(",
    ): "of what is logged in after the end the sum over the intervals alone is read",
    (
        "sim/metrics/columns.py",
        "new = [by for by in dict.fromkeys(alike) if by not in self._known or len(self._known[by]) < count]",
        "new = [by for by in dict.fromkeys(alike) if by not in self._known or len(self._known[by]) != count]",
    ): "there are never more of them than were asked for",
    (
        "sim/metrics/columns.py",
        "return [self._known[by][number].reshape(self.groups.count, -1) for by in alike]",
        "return [self._known[by][number].reshape(self.groups.count, - 2) for by in alike]",
    ): "numpy takes any length below 0 for what is left",
    (
        "sim/metrics/conversations.py",
        "return np.bincount(number, weights=values, minlength=int(wanted.max()) + 1).astype(np.float64)[wanted]",
        "return np.bincount(number, weights=values, minlength=int(wanted.max()) + 2).astype(np.float64)[wanted]",
    ): "one sum more than is looked up",
    (
        "sim/metrics/figures.py",
        "return value, np.where(share, np.clip(low, 0, 1), low), np.where(share, np.clip(high, 0, 1), high)",
        "return value, np.where(share, np.clip(low, 0, 1), low), np.where(share, np.clip(high, -1, 1), high)",
    ): "a share is not below 0, and its upper limit neither",
    (
        "sim/policies/views.py",
        "@property",
        "",
    ): "a view is a shape for a type checker",
}
"""By module, line before and line after."""
