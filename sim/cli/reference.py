"""The reference page of the command line: `python -m sim.cli.reference` writes it to standard output."""

import sys

from typer.testing import CliRunner

from sim.cli.app import COMMANDS, app_for


def commands_page() -> str:
    """Return the page of every command with its help."""
    runner = CliRunner(env={"COLUMNS": "100", "TERMINAL_WIDTH": "100"})
    lines = ["# The command line", "", "What `sim` and each of its commands say under `--help`.", ""]
    for name in ("", *COMMANDS):
        arguments = [name, "--help"] if name else ["--help"]
        quoted = runner.invoke(app_for(arguments), arguments, prog_name="sim").output.strip()
        lines += [f"## sim {name}".rstrip(), "", "```text", quoted, "```", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(commands_page())
