"""The gate: a scenario held to its targets and to how it was before, as sure as replications can make it."""

from typing import TYPE_CHECKING

from sim.lazy import lazy

if TYPE_CHECKING:
    from sim.experiments.gate.accepting import Accepted as Accepted
    from sim.experiments.gate.accepting import accept as accept
    from sim.experiments.gate.checked import Checked as Checked
    from sim.experiments.gate.checking import Terms as Terms
    from sim.experiments.gate.checking import hold as hold
    from sim.experiments.gate.contender import Contender as Contender
    from sim.experiments.gate.errors import BaselineError as BaselineError
    from sim.experiments.gate.files import accept_files as accept_files
    from sim.experiments.gate.files import check_files as check_files
    from sim.experiments.gate.finding import Finding as Finding
    from sim.experiments.gate.margin import Margin as Margin
    from sim.experiments.gate.public import check as check
    from sim.experiments.gate.side import Live as Live
    from sim.experiments.gate.stored import Stored as Stored
    from sim.experiments.gate.verdict import Layer as Layer
    from sim.experiments.gate.verdict import Verdict as Verdict

_HOMES = {
    "BaselineError": "sim.experiments.gate.errors",
    "Checked": "sim.experiments.gate.checked",
    "Contender": "sim.experiments.gate.contender",
    "Finding": "sim.experiments.gate.finding",
    "Layer": "sim.experiments.gate.verdict",
    "Live": "sim.experiments.gate.side",
    "Margin": "sim.experiments.gate.margin",
    "Stored": "sim.experiments.gate.stored",
    "Terms": "sim.experiments.gate.checking",
    "Verdict": "sim.experiments.gate.verdict",
    "Accepted": "sim.experiments.gate.accepting",
    "accept": "sim.experiments.gate.accepting",
    "accept_files": "sim.experiments.gate.files",
    "check": "sim.experiments.gate.public",
    "check_files": "sim.experiments.gate.files",
    "hold": "sim.experiments.gate.checking",
}

__all__ = list(_HOMES)

__getattr__ = lazy(__name__, _HOMES)
