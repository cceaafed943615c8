"""The compiled engine's library: its sources, how it is built, and how it is loaded.

Only the standard library is used here: `setup.py` runs this file where nothing is installed yet.
"""

import ctypes
import os
import shutil
import subprocess
import sys
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).parent
SOURCES = (HERE / "c" / "engine.c",)
"""What is compiled: one text that takes in all the chapters."""
CHAPTERS = tuple(sorted({*(HERE / "c").glob("*.c")} - {*SOURCES}))

FLAGS = ("-std=c11", "-O3", "-ffp-contract=off", "-fvisibility=hidden")
"""No `-ffast-math` and no fused operations: every number comes out as on the SimPy engine, to the last bit."""

NAME = "_engine"
TIMES_FASTER = "2 to 5 times faster"
"""A whole command of 100 replications with its tables: the support day, and a queue of 23,000 calls a day."""

REMEDY = "build it with `python -m sim.engine.compiled`, where need be after `pip install ziglang`"


def digest() -> str:
    """Return the digest of the sources, by which a library made of others is known."""
    text = b"".join(path.read_bytes() for path in sorted((HERE / "c").glob("*.[ch]")))
    return sha256(text).hexdigest()[:16]


def defines(built: str) -> list[tuple[str, str]]:
    """Return the names that the library answers with: what it is made of, and how."""
    return [("SIM_DIGEST", f'"{digest()}"'), ("SIM_BUILT", f'"{built}"')]


# Loading.


def path() -> Path | None:
    """Return the library's file, None where there is none."""
    found = [one for one in HERE.glob(f"{NAME}*") if one.suffix in (".so", ".pyd", ".dll", ".dylib")]
    return max(found, key=lambda one: one.stat().st_mtime, default=None)


@cache
def load() -> tuple[ctypes.CDLL | None, str]:
    """Return the library and how it was built; None and why where it cannot be used."""
    file = path()
    if file is None:
        return None, "it is not built"
    try:
        library = ctypes.CDLL(str(file))
        for name in ("sim_digest", "sim_built", "sim_struct"):
            getattr(library, name).restype = ctypes.c_char_p
        made_of, built = library.sim_digest().decode(), library.sim_built().decode()
    except (OSError, AttributeError) as error:
        return None, f"{file.name} cannot be loaded: {error}"
    if made_of != digest():
        return None, f"{file.name} was built of other sources than those installed"
    library.sim_run.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    library.sim_run.restype = ctypes.c_int32
    return library, built


# Building.


def compiler() -> list[str] | None:
    """Return the command of a C compiler: that of CC, a usual one, or zig's as a package of Python; None without."""
    named = os.environ.get("CC")
    if named:
        return named.split()
    for name in ("cc", "gcc", "clang"):
        if shutil.which(name):
            return [name]
    return [sys.executable, "-m", "ziglang", "cc"] if find_spec("ziglang") else None


def build(to: Path | None = None, flags: tuple[str, ...] = ()) -> Path:
    """Build the library, by default in its place, and return its file.

    Raises OSError where no compiler is found or it fails, with what it says.
    """
    command = compiler()
    if command is None:
        raise OSError("no C compiler is found; `pip install ziglang` brings one, or name yours by CC=...")
    to = HERE / f"{NAME}{'.dll' if os.name == 'nt' else '.so'}" if to is None else to
    words = " ".join(command).replace(sys.executable, "python")
    named = [f"-D{name}={value}" for name, value in defines(f"{words}, {' '.join((*FLAGS, *flags))}")]
    with TemporaryDirectory(dir=to.parent) as folder:
        made = Path(folder) / to.name
        own = () if os.name == "nt" else ("-fPIC",)
        call = [*command, *FLAGS, *own, "-shared", *flags, *named, "-o", str(made), *map(str, SOURCES), "-lm"]
        done = subprocess.run(call, capture_output=True, text=True)
        if done.returncode:
            raise OSError(f"{words} failed:\n{done.stderr.strip()}")
        made.replace(to)  # whole or not at all: others may be loading it
    load.cache_clear()
    return to
