"""A slip on the command line, answered in one line."""

import typer


def one_line(error: typer.TyperException) -> str:
    """Return the command, what is wrong with it, the nearest option and where to look it up."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "sim"
    return f"{command}: {_said(error)} (see '{command} --help')"


def _said(error: typer.TyperException) -> str:
    near = getattr(error, "possibilities", None)
    if near:
        return f"{error.message}, did you mean {' or '.join(near)}?"
    return " ".join(error.format_message().replace("Value error, ", "").split()).rstrip(".")
