"""Where the `sim` command starts and where every way of ending is turned into an exit code."""

import errno
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

import typer

from sim.errors import SimError

INTERRUPTED = 130  # what shells report for a process ended by Ctrl-C
READER_GONE = 141  # ... and by writing into a pipe that nobody reads any more


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; a mistake of the user's becomes lines on standard error."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # where a letter is not known, a question mark
    try:
        return _command(arguments)
    except SimError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        return READER_GONE
    except OSError as error:  # of files and folders the commands tell themselves
        return _not_printed(error)


def _not_printed(error: OSError) -> int:
    """Describe that the output could not be written, as where its disk is full; other errors go on."""
    if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        raise error
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # at exit, what is left is tried once more
    print(f"the output cannot be written: {error.strerror}", file=sys.stderr)
    return 2


def _command(arguments: Sequence[str] | None) -> int:
    """Parse and run; everything that is not a clean end leaves as an exception or an exit code."""
    import typer

    from sim.cli.app import app

    try:
        code = typer.main.get_command(app).main(
            args=None if arguments is None else list(arguments), prog_name="sim", standalone_mode=False
        )
        sys.stdout.flush()
    except typer.TyperException as error:
        print(one_line(error), file=sys.stderr)
        return 2
    except SystemExit:  # typer's answer to a broken pipe, after silencing the streams
        return READER_GONE
    if code == INTERRUPTED:
        raise KeyboardInterrupt
    return code if isinstance(code, int) else 0


# A slip on the command line, answered in one line.


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
