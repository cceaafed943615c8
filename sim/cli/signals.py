"""The ends that come from outside: Ctrl-C, a scheduler's SIGTERM, a terminal that is closed."""

import os
import signal
import sys
import threading
from types import FrameType
from typing import TYPE_CHECKING

from sim.errors import SimError, escaped

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

ENDS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
INTERRUPTED = 130
"""As shells report a process that Ctrl-C ended: 128 and the signal's number; SIGTERM is 143."""

AGAIN_S = 0.02
"""A signal that was passed over is sent again so much later."""

came: list[int] = []
"""The signals that this process was sent since it listens."""


def listen() -> None:
    """Let each of them raise KeyboardInterrupt in the main thread, so that what is finished is kept.

    What was ignored stays so: a command that was started in the background, or by `nohup`, goes on.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for number in ENDS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _on_signal)
    sys.unraisablehook = _on_unraisable


def _on_signal(number: int, frame: FrameType | None) -> None:
    del frame
    came.append(number)
    raise KeyboardInterrupt


_usual_hook: "Callable[[Any], Any]" = sys.unraisablehook


def _on_unraisable(what: "sys.UnraisableHookArgs") -> None:
    """Send a signal again where it met code that may not raise, as the end of an object; print anything else."""
    if came and issubclass(what.exc_type, KeyboardInterrupt):
        # Not at once: here, too, an exception would be passed over.
        again = threading.Timer(AGAIN_S, os.kill, (os.getpid(), came.pop()))
        again.daemon = True
        again.start()
    elif not came:
        _usual_hook(what)


def ended(error: BaseException) -> int | None:
    """Return the exit code where a signal ended the command, and say so where that is not said; else None.

    A library may turn the interruption into an error of its own, as where a file is read.
    """
    if not came and not isinstance(error, KeyboardInterrupt):
        return None
    if not isinstance(error, BrokenPipeError):
        is_said = isinstance(error, SimError) and error.exit_code == INTERRUPTED
        print(escaped(str(error)) if is_said else "interrupted", file=sys.stderr)
    return 128 + came[0] if came else INTERRUPTED


def leave(status: int) -> int:
    """Return the exit code of this process; whatever is sent to it from now on has it print nothing more."""
    for number in ENDS:
        if signal.getsignal(number) is _on_signal:
            signal.signal(number, signal.SIG_IGN if came else signal.SIG_DFL)
    executor = getattr(sys.modules.get("joblib.externals.loky.reusable_executor"), "_executor", None)
    if came and executor is not None:  # its processes idle, and would be waited for
        executor.shutdown(wait=True, kill_workers=True)
    if came:
        # Where a signal met `exec` of a text, as dataclasses run it, Python means to end itself by SIGINT whatever the
        # exit code; it forgets that when it runs another text.
        exec("")
    return 128 + came[0] if came and status == INTERRUPTED else status
