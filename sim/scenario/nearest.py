"""Help for mistyped names: the nearest known one, and how a value is quoted in a message."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches


def shown(value: object) -> str:
    """Quote a value as a message shows it: in backticks, as YAML would have it, shortened where it is long."""
    text = one_line(_text(value))
    return f"`{text if len(text) <= 60 else text[:57] + '...'}`"


def one_line(text: str) -> str:
    """Write what cannot be printed, such as the end of a line, as an escape."""
    return text if text.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def _text(value: object) -> str:
    if value is None or value == "":
        return "nothing" if value is None else '""'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_text(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_text(one) for one in value) + "]"
    return str(value)


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """Suggest the nearest known name, or list what there is."""
    names = [one_line(name) for name in dict.fromkeys(known)]
    close = get_close_matches(str(name), names, n=1, cutoff=0.6)
    if close:
        return f"did you mean `{close[0]}`?"
    if not names:
        return "there is none"
    return f"there is {', '.join(f'`{one}`' for one in names[:12])}{', ...' if len(names) > 12 else ''}"
