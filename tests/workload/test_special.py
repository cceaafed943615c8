"""The functions of scipy.special without the package around them are those of the package."""

import subprocess
import sys

import pytest
from scipy import special as package

from sim.workload.inverse import special

NAMES = ("ndtri", "gammaincinv", "stdtr", "stdtrit", "bdtr", "betaincinv")

PROGRAM = """
import sys
from sim.workload.inverse import special
functions = special()
assert "scipy.special" not in sys.modules
import scipy.special, scipy.stats
for name in sys.argv[1:]:
    assert getattr(functions, name) is getattr(scipy.special, name), name
assert scipy.special.__file__ and scipy.stats.norm.ppf(0.5) == 0
"""


@pytest.mark.slow
def test_they_are_loaded_alone_and_the_package_can_follow() -> None:
    subprocess.run([sys.executable, "-c", PROGRAM, *NAMES], check=True)


@pytest.mark.parametrize("name", NAMES)
def test_they_are_those_of_the_package(name: str) -> None:
    assert getattr(special(), name) is getattr(package, name)


def test_where_scipy_is_otherwise_the_package_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    def moved() -> None:
        raise ImportError("no module of that name")

    monkeypatch.delitem(sys.modules, "scipy.special")
    monkeypatch.setattr(sys.modules["sim.workload.inverse"], "_bare_functions", moved)
    monkeypatch.setattr(sys.modules["sim.workload.inverse"], "import_module", lambda name: name)
    assert special.__wrapped__() == "scipy.special"
