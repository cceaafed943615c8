"""The reference page of the command line: `python -m sim.cli.reference` writes it to standard output."""

import sys

from typer.testing import CliRunner

from sim.cli.app import app


def commands_page() -> str:
    """Return the page of every command with its help."""
    runner = CliRunner(env={"COLUMNS": "100", "TERMINAL_WIDTH": "100"})
    lines = ["# The command line", "", "What `sim` and each of its commands say under `--help`.", ""]
    for name in ("", *_names()):
        arguments = [name, "--help"] if name else ["--help"]
        quoted = runner.invoke(app, arguments, prog_name="sim").output.strip()
        lines += [f"## sim {name}".rstrip(), "", "```text", quoted, "```", ""]
    return "\n".join(lines)


def _names() -> list[str]:
    """Return the commands by the names they are called by."""
    callbacks = (command.callback for command in app.registered_commands)
    return [callback.__name__.replace("_", "-") for callback in callbacks if callback is not None]


if __name__ == "__main__":
    sys.stdout.write(commands_page())
