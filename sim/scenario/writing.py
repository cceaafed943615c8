"""From parts of a scenario back to the plain values of a file, and to its text."""

import io
import re
from collections.abc import Mapping
from datetime import datetime
from numbers import Integral, Real
from typing import Any

from pydantic import TypeAdapter
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from sim.errors import quoted
from sim.scenario.distributions import KINDS, Distribution
from sim.scenario.expressions import Criteria
from sim.scenario.fields import Part
from sim.scenario.numbers import CLOCK_PATTERN, moment_text

WIDEST = 100


def plain(value: Any) -> Any:
    """Return what a scenario file holds for a value: text, numbers, lists and mappings. Raises ValueError."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value)
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return _plain_part(value)


def _plain_part(value: Any) -> Any:
    if isinstance(value, Part):
        return value.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    if isinstance(value, tuple(KINDS.values())):
        laws: TypeAdapter[Any] = TypeAdapter(Distribution)
        return laws.dump_python(value, mode="json")
    if isinstance(value, Criteria):
        return value.text
    if isinstance(value, datetime):
        return moment_text(value)
    raise ValueError(f"{quoted(value)} is nothing that a scenario file holds")


def text_of(content: Mapping[str, Any]) -> str:
    """Write plain values as YAML, what is small in one line."""
    yaml = YAML()
    yaml.width = 1_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    yaml.dump(_styled(content, depth=0), out)
    return out.getvalue()


def _styled(value: Any, depth: int) -> Any:
    if isinstance(value, Mapping):
        mapping = CommentedMap((key, _styled(one, depth + 1)) for key, one in value.items())
        return _in_one_line(mapping, value, depth)
    if isinstance(value, list):
        return _in_one_line(CommentedSeq(_styled(one, depth + 1) for one in value), value, depth)
    is_clock = isinstance(value, str) and re.match(CLOCK_PATTERN, value)
    return DoubleQuotedScalarString(value) if is_clock else value  # older YAML takes 08:00 for a number


def _in_one_line(node: Any, value: Any, depth: int) -> Any:
    of_parts = isinstance(value, list) and any(isinstance(one, Mapping) for one in value)
    in_part = depth > 1 and not of_parts  # whatever holds parts has a line for each
    if in_part and len(str(value)) <= WIDEST:
        node.fa.set_flow_style()
    return node
