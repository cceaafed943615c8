"""What Python is told to do otherwise: names on first use, no search for garbage, one thread, signals later."""

import gc
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from inspect import Parameter, Signature, formatannotation, signature
from textwrap import fill
from types import FrameType, FunctionType


def lazy(package: str, homes: Mapping[str, str]) -> Callable[[str], object]:
    """Make the `__getattr__` of a package that fetches each name from its home module and keeps it."""

    def fetch(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value: object = getattr(import_module(homes[name]), name)
        if isinstance(value, FunctionType):
            value.__dict__["__signature__"] = ReadableSignature.of(value)
        setattr(sys.modules[package], name, value)
        return value

    return fetch


@contextmanager
def no_search_for_garbage() -> Iterator[None]:
    """Keep Python from searching many new objects for cycles, as those of a run or a file hold none.

    Counted references free them all the same. The search would take a fifth of a run on the SimPy engine, and a third
    of the reading of a long file.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def clear_away() -> None:
    """Free what a piece of work that is done left behind in circles of references.

    The simulation of a day leaves megabytes in some hundred objects. Where Python searches only when there are many,
    as in a command, two hundred days were kept, and the system had to find new memory for each.
    """
    gc.collect(0)


ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""The environment in which numpy and scipy calculate in one thread.

Each keeps a thread a core ready, which takes CPU while it waits. Matrices here are too small for them, and the days
are shared by processes.
"""


ENDING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
"""The signals by which a terminal or a scheduler ends a command; they reach all of its processes."""


@contextmanager
def shielded() -> Iterator[None]:
    """Delay Ctrl-C, and what else ends a command, until the end of the block, so that it is not left half done."""
    if threading.current_thread() is not threading.main_thread():  # only the main thread receives it
        yield
        return
    came: list[tuple[int, FrameType | None]] = []
    usual = {number: signal.getsignal(number) for number in ENDING}
    for number, handler in usual.items():
        if callable(handler):
            signal.signal(number, lambda number, frame: came.append((number, frame)))
    try:
        yield
    finally:
        for number, handler in usual.items():
            if callable(handler):
                signal.signal(number, handler)
    if came and callable(handler := usual[came[0][0]]):
        handler(*came[0])


WIDTH = 80
"""Beyond it a signature has a line a parameter."""


class ReadableSignature(Signature):
    """A signature that is written with the names of types alone, as its source is; it holds the types themselves."""

    __slots__ = ()

    @classmethod
    def of(cls, function: FunctionType) -> "ReadableSignature":
        """Return that of a function."""
        plain = signature(function)
        parameters = [
            _Parameter(one.name, one.kind, default=one.default, annotation=one.annotation)
            for one in plain.parameters.values()
        ]
        return cls(parameters, return_annotation=plain.return_annotation)

    def __str__(self) -> str:
        words = [str(parameter) for parameter in self.parameters.values()]
        kinds = [parameter.kind for parameter in self.parameters.values()]
        if Parameter.KEYWORD_ONLY in kinds and Parameter.VAR_POSITIONAL not in kinds:
            words.insert(kinds.index(Parameter.KEYWORD_ONLY), "*")
        result = self.return_annotation
        returns = "" if result is Signature.empty else f" -> {_short(result)}"
        line = f"({', '.join(words)}){returns}"
        if len(line) <= WIDTH:
            return line
        closing = f"){returns}"
        if len(closing) > WIDTH:
            types = fill(_short(result), WIDTH, initial_indent="    ", subsequent_indent="    ")
            closing = f") -> (\n{types}\n)"
        return "\n".join(["(", *(f"    {word}," for word in words), closing])

    def format(self, **_: object) -> str:
        """Return it as text, which `pydoc` asks for from Python 3.13 on."""
        return str(self)


_STARS: Mapping[object, str] = {Parameter.VAR_POSITIONAL: "*", Parameter.VAR_KEYWORD: "**"}


class _Parameter(Parameter):
    __slots__ = ()

    def __str__(self) -> str:
        star = _STARS.get(self.kind, "")
        typed = "" if self.annotation is Parameter.empty else f": {_short(self.annotation)}"
        if self.default is Parameter.empty:
            return f"{star}{self.name}{typed}"
        default = self.default.__name__ if isinstance(self.default, FunctionType) else repr(self.default)
        return f"{star}{self.name}{typed}{' = ' if typed else '='}{default}"


def _short(annotation: object) -> str:
    """Write a type without the modules in which its names are."""
    text = annotation if isinstance(annotation, str) else formatannotation(annotation)
    return re.sub(r"\b(?:[A-Za-z_]\w*\.)+(?=[A-Za-z_])", "", text)
