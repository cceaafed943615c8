"""The compiled engine, an extension that may be missing: without a C compiler everything runs on SimPy."""

import runpy
from pathlib import Path
from typing import Any

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

# Run as a file, as nothing that the package imports is installed yet.
library: dict[str, Any] = runpy.run_path(str(Path("sim", "engine", "compiled", "library.py")))
FLAGS = list(library["FLAGS"])


class BuildLibrary(build_ext):
    """Builds a plain shared library: it is loaded by `ctypes`, and knows nothing of Python."""

    def get_export_symbols(self, _: Extension) -> list[str]:
        """Return nothing: there is no function that makes a module."""
        return []


setup(
    cmdclass={"build_ext": BuildLibrary},
    ext_modules=[
        Extension(
            "sim.engine.compiled._engine",
            sources=[path.resolve().relative_to(Path.cwd()).as_posix() for path in library["SOURCES"]],
            depends=[str(path) for path in Path("sim/engine/compiled/c").glob("*.[ch]")],
            define_macros=library["defines"]("setuptools, " + " ".join(FLAGS)),
            extra_compile_args=FLAGS,
            optional=True,
        )
    ],
)
