"""Times as people read them."""

DAY_S = 86_400
HOUR_S = 3_600
MINUTE_S = 60
ALMOST_ONE_S = 0.95
"""From here on a second is what it is rounded to."""


def clock(seconds: float) -> str:
    """Write seconds since midnight as `08:41:07`, with `+1d ` before it on the next day."""
    days, rest = divmod(int(seconds), DAY_S)
    text = f"{rest // HOUR_S:02d}:{rest % HOUR_S // MINUTE_S:02d}:{rest % MINUTE_S:02d}"
    return f"+{days}d {text}" if days else text


def span(seconds: float) -> str:
    """Write a length of time in words: `0.4 s`, `37 s`, `2 min 14 s`, `1 h 3 min`."""
    if 0 < seconds < ALMOST_ONE_S:
        return f"{max(seconds, 0.1):.1f} s"
    whole = round(seconds)
    if whole < MINUTE_S:
        return f"{whole} s"
    if whole < HOUR_S:
        return _joined(whole // MINUTE_S, "min", whole % MINUTE_S, "s")
    minutes = round(whole / MINUTE_S)
    return _joined(minutes // 60, "h", minutes % 60, "min")


def _joined(large: int, unit: str, small: int, small_unit: str) -> str:
    return f"{large} {unit} {small} {small_unit}" if small else f"{large} {unit}"
