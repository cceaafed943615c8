"""How many replications the same customers save: the variance of a difference with pairing and without.

    python -m benchmarks.pairing [REPLICATIONS]

Prints, for one change of each scenario, the correlation of base and candidate over the replications and the
factor by which pairing reduces the variance of the difference; beside it the least and the greatest factor that
ten replications alone would have shown.
"""

import sys
from pathlib import Path

import sim
from sim.experiments.paired import Sampled, paired

SCENARIOS = Path(__file__).parents[1] / "scenarios"
CHANGES = (
    (
        "support_day.yaml",
        "teams.frontline.agents",
        15,
        ("service_level", "service_level:queue=general", "asa"),
    ),
    ("support_day.yaml", "routing.ring_time", "20s", ("service_level", "missed_rate", "abandon_rate")),
    ("chat_only.yaml", "media.chat.max_tasks", 2, ("service_level", "handle_time")),
    ("hotline_march.yaml", "routing.request_selection", "priority", ("service_level", "wait_p90")),
)
GROUP = 10


def main(replications: int) -> None:
    print(f"{replications} replications")
    for name, key, value, metrics in CHANGES:
        base = sim.load(SCENARIOS / name)
        found = sim.compare(base, base.set(key, value), metrics=metrics, replications=replications)
        print(f"\n{base.name}: {key}={value}")
        for number, row in enumerate(found.differences):
            parts = [factor_of(found, number, slice(at, at + GROUP)) for at in range(0, replications, GROUP)]
            text = f"difference {row.difference:+9.4f}  correlation {row.correlation:5.2f}"
            factors = f"factor {row.variance_factor:6.1f}  (of {GROUP}: {min(parts):.1f} to {max(parts):.1f})"
            print(f"  {found.wanted[number].text:30} {text}  {factors}")


def factor_of(found: sim.Comparison, figure: int, which: slice) -> float:
    """Return the factor by some of the replications."""
    is_ratio = found.wanted[figure].definition.is_ratio
    base, other = (
        Sampled(found.tops[which, scenario, figure], found.bottoms[which, scenario, figure], is_ratio)
        for scenario in (0, 1)
    )
    return paired(base, other).variance_factor


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
