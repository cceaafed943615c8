"""What is known of a contender beside its figures."""

from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

from sim.errors import SimError
from sim.experiments.gate import witness
from sim.scenario import Scenario, loads


@dataclass(frozen=True)
class Facts:
    """What tells whether two contenders can be compared.

    `text` and `files` are the scenario and the files it names; `customers` digests who comes, `code` the
    simulator that was used and `policies` the project's own that the scenario names.
    """

    name: str
    hash: str
    seed: int
    text: str
    files: dict[str, str]
    customers: str
    versions: dict[str, str]
    code: str
    policies: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, scenario: Scenario) -> Self:
        """Take them from a scenario and the simulator at hand."""
        return cls(**witness.facts(scenario, scenario.seed))

    @classmethod
    def read(cls, data: dict[str, Any]) -> Self:
        """Take them from what was stored."""
        return cls(**{name: data[name] for name in cls.__dataclass_fields__ if name in data})

    def policies_that_differ(self, other: Self) -> tuple[str, ...]:
        """Name the policies that both have and whose code is another one."""
        both = self.policies.keys() & other.policies.keys()
        return tuple(sorted(name for name in both if self.policies[name] != other.policies[name]))

    def scenario(self) -> Scenario | SimError:
        """Read the scenario as it was; or give the reason why that cannot be done any more."""
        with TemporaryDirectory(prefix="sim-") as folder:
            home = Path(folder)
            for name, text in self.files.items():
                path = home / name
                if path.resolve().is_relative_to(home.resolve()):
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_text(text, encoding="utf-8", newline="")
            try:
                return loads(self.text, self.name, home)
            except SimError as error:
                return error
