"""CSV files beside a scenario."""

from typing import Any

from pydantic import ValidationInfo


def read_values(given: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
    """Read the values of an empirical law."""
    return given


def read_head_count(given: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
    """Read a head-count."""
    return given


def read_arrivals(given: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
    """Read a forecast or a replay."""
    return given
