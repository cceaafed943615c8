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
}
"""By module, line before and line after."""
