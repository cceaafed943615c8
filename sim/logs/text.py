"""Fitted figures as text of a scenario file, rounded to three digits: more than a log knows."""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import pandas as pd

from sim.scenario.distributions import Distribution

_DURATIONS = ("mean", "sd", "scale", "value", "means")


def number(value: float) -> str:
    """Write three significant digits, never in powers of ten: 12.3, 0.785, 1230."""
    rounded = float(f"{value:.3g}")
    return f"{rounded:.10f}".rstrip("0").rstrip(".")


def share(value: float) -> str:
    """Write a share in per cent."""
    return f"{number(100 * value)}%"


def law(given: Distribution) -> str:
    """Write a law as the scenario file has it: `{weibull: {shape: 1.53, scale: 279s}}`."""
    parts = ", ".join(f"{key}: {_parameter(key, value)}" for key, value in asdict(given).items())
    return f"{{{type(given).__name__.lower()}: {{{parts}}}}}"


def numbers(values: Iterable[float]) -> str:
    """Write a list in one line."""
    return f"[{', '.join(number(value) for value in values)}]"


def shares(parts: Iterable[float]) -> list[str]:
    """Write shares in per cent; the last takes up the rounding of the others, so that they stay a whole."""
    *given, _ = parts
    first = [float(number(100 * part)) for part in given]
    return [f"{number(part)}%" for part in first] + [f"{100 - sum(first):.10f}".rstrip("0").rstrip(".") + "%"]


def name(text: str) -> str:
    """Write a name as a key or a value of YAML."""
    plain = re.fullmatch(r"[A-Za-z_][\w -]*", text) and text.strip() == text
    return text if plain and text.lower() not in _WORDS else json.dumps(text, ensure_ascii=False)


_WORDS = frozenset({"on", "off", "yes", "no", "true", "false", "null", "y", "n"})


def scenario_name(text: str) -> str:
    """Return a name of a log as a scenario may have it: letters, digits, spaces, `_` and `-`, at most 50."""
    kept = re.sub(r"[^\w -]+", " ", text)
    kept = re.sub(r" +", " ", kept).strip(" -")[:50].strip(" -")
    return kept or "unnamed"


def named_for_scenarios(names: pd.Categorical) -> pd.Categorical:
    """Return names as a scenario may have them."""
    given = pd.Series(names.remove_unused_categories())
    plain = scenario_names(given.cat.categories)
    return pd.Categorical(given.cat.rename_categories(plain))


def scenario_names(names: Iterable[str]) -> dict[str, str]:
    """Return each name as a scenario may have it; two that become alike are told apart by a number."""
    found: dict[str, str] = {}
    for one in sorted({*map(str, names)}):
        plain, count = scenario_name(one), 1
        while plain in found.values():
            count += 1
            plain = f"{scenario_name(one)[:46]} {count}"
        found[one] = plain
    return found


def _parameter(key: str, value: Any) -> str:
    if key == "shares" and isinstance(value, tuple):
        return f"[{', '.join(shares(value))}]"
    if isinstance(value, tuple):
        return f"[{', '.join(f'{number(part)}s' for part in value)}]"
    return f"{number(value)}s" if key in _DURATIONS else number(value)
