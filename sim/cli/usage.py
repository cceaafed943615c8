"""A slip on the command line, answered in one line."""

import typer


def one_line(error: typer.TyperException) -> str:
    """Return the command that was meant, what is wrong with it and where to look it up."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "sim"
    said = " ".join(error.format_message().split()).rstrip(".")
    return f"{command}: {said} (see '{command} --help')"
