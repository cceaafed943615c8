"""The start of the `sim` command: it turns every way of ending into an exit code."""

import contextlib
import errno
import gc
import os
import sys
from collections.abc import Mapping, Sequence
from io import BufferedWriter, TextIOWrapper
from typing import TYPE_CHECKING

from sim.cli import signals
from sim.errors import SimError, escaped
from sim.interpreter import ONE_THREAD

if TYPE_CHECKING:
    import typer

READER_GONE = 141  # as shells report a process that writes into a closed pipe
ODD_PLACES = (errno.ENAMETOOLONG, errno.ELOOP, errno.EACCES, errno.ESTALE, errno.EIO)
"""It cannot even be asked what is at such a place: a name too long, a folder that is closed, a disk that fails."""
NEW_OBJECTS = 250_000
"""Objects made before garbage is looked for: more than the imports and a small day make.

At Python's 700, looking takes a fifth of the time of `sim validate`.
"""

SURROUNDINGS = {**ONE_THREAD, "PYDANTIC_DISABLE_PLUGINS": "__all__"}
"""The environment of a command: threads that wait took a fifth of a small day's CPU, plugins a tenth of `validate`."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; a user's mistake becomes lines on standard error."""
    if arguments is not None:
        return _ended(arguments)
    try:  # the process is a command's own
        signals.listen()
        gc.set_threshold(NEW_OBJECTS)
        for name, value in SURROUNDINGS.items():
            os.environ.setdefault(name, value)
        status = _ended(None)
    except KeyboardInterrupt as error:
        status = signals.ended(error) or 0
    code = signals.leave(status)
    if "sim.policies.files" in sys.modules:
        _write_out()
    else:
        gc.freeze()  # else Python looks through all objects as it ends, for a tenth of a small day
    return code


def _write_out() -> None:
    """Write what is left in files that a policy of the user's own did not close, before Python's end loses it."""
    for one in gc.get_objects():
        if issubclass(type(one), TextIOWrapper | BufferedWriter):
            with contextlib.suppress(OSError, ValueError):  # the second where it is closed
                one.flush()


def _ended(arguments: Sequence[str] | None) -> int:
    try:
        _open_streams()
        return _command(arguments)
    except BaseException as error:
        code = signals.ended(error)
        return _told(error) if code is None else code


def _told(error: BaseException) -> int:
    """Tell how a command went wrong and return its exit code; raise what is no user's mistake."""
    if isinstance(error, SimError):
        print(escaped(str(error)), file=sys.stderr)
        return error.exit_code
    if isinstance(error, BrokenPipeError):
        return READER_GONE
    if isinstance(error, FileNotFoundError) and _is_nowhere():
        print("the working folder is gone; go to one that is there", file=sys.stderr)
        return 2
    if isinstance(error, OSError) and error.filename is not None and error.errno in ODD_PLACES:
        print(escaped(f"{error.filename}: {error.strerror}; name another place"), file=sys.stderr)
        return 2
    if isinstance(error, OSError):  # errors of files and folders are reported by the commands
        return _not_printed(error)
    raise error


def _is_nowhere() -> bool:
    """Return whether the working folder was removed."""
    try:
        os.getcwd()
    except OSError:
        return True
    return False


def _open_streams() -> None:
    """Let what is printed go nowhere where standard output or error is closed, and no file be taken for either."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            with contextlib.suppress(OSError):
                os.fstat(number)
                continue
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free, which is this one
            stream = open(number, "w" if number else "r", encoding="utf-8", closefd=False)  # noqa: SIM115
            setattr(sys, name, stream)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a question mark for letters that the encoding lacks


def _not_printed(error: OSError) -> int:
    """Report that the output could not be written, as on a full disk; raise other errors."""
    if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        raise error
    os.dup2(
        os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
    )  # Python flushes the rest at exit, which would fail again
    print(f"the output cannot be written: {error.strerror}", file=sys.stderr)
    return 2


def _command(arguments: Sequence[str] | None) -> int:
    """Parse and run a command; return its exit code or raise."""
    import typer

    from sim.cli.app import app_for

    words = [*(sys.argv[1:] if arguments is None else arguments)]
    try:
        code = typer.main.get_command(app_for(words)).main(words, prog_name="sim", standalone_mode=False)
        sys.stdout.flush()
    except typer.TyperException as error:
        print(escaped(one_line(error)), file=sys.stderr)
        return 2
    except SystemExit:  # how typer ends on a broken pipe, after it silenced the streams
        return READER_GONE
    if code == signals.INTERRUPTED:
        raise KeyboardInterrupt
    return code if isinstance(code, int) else 0


def one_line(error: "typer.TyperException") -> str:
    """Return a mistake on the command line in one line, with the nearest option and the help."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "sim"
    return f"{command}: {_message(error)} (see '{command} --help')"


OTHER_OPTIONS: Mapping[str, tuple[str, ...]] = {
    "--handle": ("--aht", "--handle-time", "--service-time"),
    "--out": ("--folder", "--output"),
    "--rate": ("--arrivals", "--calls", "--contacts", "--per-hour", "--volume"),
    "--replications": ("-n", "-r", "--reps", "--runs"),
    "--target": ("--service-level", "--sl", "--sla"),
    "--within": ("--answer-time", "--threshold"),
}
"""What other tools call an option of the command."""


def _meant(error: "typer.TyperException") -> list[str]:
    context = getattr(error, "ctx", None)
    known = {name for one in context.command.params for name in one.opts} if context else set()
    given = getattr(error, "option_name", "")
    return [name for name, words in OTHER_OPTIONS.items() if given in words and name in known]


def _message(error: "typer.TyperException") -> str:
    if near := _meant(error) or getattr(error, "possibilities", None):
        return f"{error.message}, did you mean {' or '.join(near)}?"
    return " ".join(error.format_message().replace("Value error, ", "").split()).rstrip(".")
