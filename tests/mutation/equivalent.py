"""Changes of the Python code that no test can tell from it, each with the reason."""

EQUIVALENT: dict[tuple[str, str, str], str] = {}
"""By module, line before and line after."""
