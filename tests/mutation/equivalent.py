"""Changes of the Python code that no test can tell from it, each with the reason."""

EQUIVALENT: dict[tuple[str, str, str], str] = {
    (
        "sim/engine/head_counts.py",
        "if surplus <= 0:",
        "if surplus < 0:",
    ): "of a surplus of 0 nobody is sent away",
    (
        "sim/engine/compiled/staff_rows.py",
        '"stints": np.array([*self._stints, (0.0, 0.0, 0, 0, False, False, STAYS)], given("StintGiven")),',
        '"stints": np.array([*self._stints, (0.0, 0.0, 0, 1, False, False, STAYS)], given("StintGiven")),',
    ): "a row behind the last one, which is never read",
    (
        "sim/engine/policy_views.py",
        "capacity += len(present) * service_rate(self._queue, present[0].agent.team, present[0])",
        "capacity += len(present) * service_rate(self._queue, present[0].agent.team, present[ -1])",
    ): "the desks of a pool are of one team and medium",
    (
        "sim/engine/attendance.py",
        'if self._required == "available":',
        'if self._required <= "available":',
    ): "`logged_in` and `off` come after it by their letters",
    (
        "sim/metrics/figures.py",
        "def intervals(self, level: float = 0.95) -> tuple[FloatArray, FloatArray, FloatArray]:",
        "def intervals(self, level: float = -0.050000000000000044) -> tuple[FloatArray, FloatArray, FloatArray]:",
    ): "who leaves the level out takes the value alone",
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
        "sim/engine/compiled/layout.py",
        'prefix = members[0].split("_", 1)[0] + "_"',
        'prefix = members[0].split("_", 2)[0] + "_"',
    ): "the part before the first `_` is the same",
    (
        "sim/engine/policy_views.py",
        "while waiting and waiting[0][1] != waiting[0][2].ticket:",
        "while waiting and waiting[0][1] is not waiting[0][2].ticket:",
    ): "a ticket that is the same number is the same object",
    (
        "sim/engine/engines.py",
        'if wanted == "simpy":',
        'if wanted >= "simpy":',
    ): "`auto` and `compiled` come before it by their letters",
    (
        "sim/engine/compiled/queue_rows.py",
        'row["at_most"] = row["handover_time"] = row["set_up_time"] = -1',
        'row["at_most"] = row["handover_time"] = row["set_up_time"] = - 2',
    ): "whatever is below 0 is none",
    (
        "sim/policies/files.py",
        "taken = len(inspect.signature(choose).parameters) if callable(choose) else 0",
        "taken = len(inspect.signature(choose).parameters) if callable(choose) else -1",
    ): "no selection takes 0 things or -1",
    (
        "sim/engine/request.py",
        "self.offer_token = 0",
        "self.offer_token = -1",
    ): "no entry of the calendar has a number below 1",
    (
        "sim/engine/router.py",
        "request.offer_token = request.ttl_token = request.limit_token = 0",
        "request.offer_token = request.ttl_token = request.limit_token = -1",
    ): "no entry of the calendar has a number below 1, and nobody asks an ended search for its limit",
    (
        "sim/engine/tomorrow.py",
        "offsets = [0.0, *(number * every_s - first for number in inside if number * every_s < self.lasts)]",
        "offsets = [0.0, *(number * every_s - first for number in inside if number * every_s != self.lasts)]",
    ): "the numbers gone through stop before the end",
    (
        "sim/engine/compiled/support.py",
        "KEPT = 64",
        "KEPT = 63",
    ): "it is how many answers are kept for the next question",
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
        "sim/metrics/columns.py",
        "if values.dtype != np.bool_ or not len(values):",
        "if values.dtype != np.bool_ or  len(values):",
    ): "flags are summed to the same numbers, more slowly; of none there are no groups",
    (
        "sim/metrics/waiting.py",
        "self.growths, self.kept = np.array(found, dtype=np.float64).reshape(-1, 2).T",
        "self.growths, self.kept = np.array(found, dtype=np.float64).reshape(~1, 2).T",
    ): "numpy takes any length below 0 for what is left",
    (
        "sim/engine/compiled/staff_rows.py",
        'return {"agents": agents, "desks": desks, "paces": np.array([*paces, 0.0])}',
        'return {"agents": agents, "desks": desks, "paces": np.array([*paces, -1.0])}',
    ): "a number behind the last one, which is never read",
    (
        "sim/engine/compiled/staff_rows.py",
        '"stints": np.array([*self._stints, (0.0, 0.0, 0, 0, False, False, STAYS)], given("StintGiven")),',
        '"stints": np.array([*self._stints, (0.0, 1.0, 0, 0, False, False, STAYS)], given("StintGiven")),',
    ): "a row behind the last one, which is never read",
    (
        "sim/engine/compiled/staff_rows.py",
        '"heads": np.array([*self._heads, (0, 0, 0, 0)], given("HeadsGiven")),',
        '"heads": np.array([*self._heads, (0, 1, 0, 0)], given("HeadsGiven")),',
    ): "a row behind the last one, which is never read",
    (
        "sim/engine/selection.py",
        "ranked = (-pool.skills.get(queue, 0), entry)",
        "ranked = (-pool.skills.get(queue, -1), entry)",
    ): "a skill is 1 at least, so that who lacks it comes last either way",
    (
        "sim/engine/selection.py",
        "ranked = (-pool.skills.get(queue, 0), entry)",
        "ranked = (~pool.skills.get(queue, 0), entry)",
    ): "1 less for all, in the same order",
    (
        "sim/engine/roster.py",
        "queue.transfer is not None and queue.transfer.named > 0 for queue in scenario.queues.values()",
        "queue.transfer is not None and queue.transfer.named > -1 for queue in scenario.queues.values()",
    ): "an index for drawing one is kept, and nobody draws",
    (
        "sim/engine/roster.py",
        "if agent.home is team and (len(agent.seats) > 1 or not absent(team, agent, workload)):",
        "if agent.home is team and (len(agent.seats) >= 1 or not absent(team, agent, workload)):",
    ): "seats are noted of who is in several teams: there are two at least, or none",
    (
        "sim/engine/handling.py",
        "if wrap_up > 0:",
        "if wrap_up != 0:",
    ): "no wrap-up is below 0",
    (
        "sim/engine/clock.py",
        "ENDED, FAILED = -1, -2",
        "ENDED, FAILED = -1, ~2",
    ): "no entry of the calendar has a number below 1, and -3 is not -1 either",
    (
        "sim/engine/invariants.py",
        "if queue.waiting and queue.pull is None and queue.available():",
        "if queue.waiting or queue.pull is None and queue.available():",
    ): "looked through are also lines in which nobody waits or for which nobody is free: nothing is found there",
    (
        "sim/engine/router.py",
        "if request.state != QUEUED:",
        "if request.state < QUEUED:",
    ): "a request that does not wait has no step that is timed",
    (
        "sim/engine/handling.py",
        "self.token = 0",
        "self.token = 1",
    ): "the first entry of the calendar is the end of the run, and no handling asks before its first wait",
    (
        "sim/metrics/by_date.py",
        "axes = self._dates[0].measures.cells.axes",
        "axes = self._dates[ -1].measures.cells.axes",
    ): "the dates of a calendar have the same axes",
    (
        "sim/engine/customer.py",
        "self._asleep = False",
        "self._asleep = True",
    ): "whoever wakes sets it themselves, and a conversation ends once",
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
}
"""By module, line before and line after."""
