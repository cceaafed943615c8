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
    ("sim/staffing/days.py", "@dataclass(frozen=True)", "@dataclass(frozen=False)"): "nobody writes to it",
}
"""By module, line before and line after."""
