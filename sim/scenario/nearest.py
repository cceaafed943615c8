"""Help for mistyped names: the nearest known one, and how a value is quoted in a message."""

from collections.abc import Iterable
from difflib import get_close_matches


def shown(value: object) -> str:
    """Quote a value as a message shows it: in backticks, shortened where it is long."""
    text = "nothing" if value is None else _switch(value) if isinstance(value, bool) else str(value)
    return f"`{text if len(text) <= 60 else text[:57] + '...'}`"


def _switch(value: bool) -> str:
    return "true" if value else "false"


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """Suggest the nearest known name, or list what there is; empty where nothing is known."""
    names = sorted(set(known))
    close = get_close_matches(str(name), names, n=1, cutoff=0.6)
    if close:
        return f"did you mean `{close[0]}`?"
    if not names:
        return "there are none"
    listed = ", ".join(f"`{one}`" for one in names[:12])
    return f"there is {listed}{', ...' if len(names) > 12 else ''}"
