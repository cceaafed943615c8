"""The gate: a scenario held to its targets and to how it was before, as sure as replications can make it."""

from typing import TYPE_CHECKING

from sim.lazy import lazy

if TYPE_CHECKING:
    from sim.gate.acceptance import Accepted as Accepted
    from sim.gate.acceptance import accept as accept
    from sim.gate.baseline import Stored as Stored
    from sim.gate.candidate import BaselineError as BaselineError
    from sim.gate.candidate import Contender as Contender
    from sim.gate.candidate import Live as Live
    from sim.gate.checking import Terms as Terms
    from sim.gate.checking import check as check
    from sim.gate.checking import hold as hold
    from sim.gate.files import accept_files as accept_files
    from sim.gate.files import check_files as check_files
    from sim.gate.margins import Margin as Margin
    from sim.gate.result import Checked as Checked
    from sim.gate.sequential import Finding as Finding
    from sim.gate.sequential import Layer as Layer
    from sim.gate.sequential import Verdict as Verdict


_HOMES = {
    "BaselineError": "sim.gate.candidate",
    "Checked": "sim.gate.result",
    "Contender": "sim.gate.candidate",
    "Finding": "sim.gate.sequential",
    "Layer": "sim.gate.sequential",
    "Live": "sim.gate.candidate",
    "Margin": "sim.gate.margins",
    "Stored": "sim.gate.baseline",
    "Terms": "sim.gate.checking",
    "Verdict": "sim.gate.sequential",
    "Accepted": "sim.gate.acceptance",
    "accept": "sim.gate.acceptance",
    "accept_files": "sim.gate.files",
    "check": "sim.gate.checking",
    "check_files": "sim.gate.files",
    "hold": "sim.gate.checking",
}

__all__ = list(_HOMES)

__getattr__ = lazy(__name__, _HOMES)
