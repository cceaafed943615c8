"""The pages of what is made of a log: a calibration with a picture of each fit, and a backtest with its bands."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from sim.logs.estimates import Calibration
from sim.logs.prediction import Backtest
from sim.logs.writing import Files
from sim.report import pictures
from sim.report.backtest import backtest_document
from sim.report.calibration import calibration_document
from sim.report.html.page import Page, definitions
from sim.report.pictures import illustrated
from sim.report.scenario import assumptions, own_keys, surprises
from sim.scenario import dump
from sim.version import __version__


def calibration_page(found: Calibration) -> Page:
    """Put the page of a calibration together: what was fitted, each fit as a picture, and the scenario as written."""
    document = calibration_document(found)
    first, *others = document.notes
    log = found.log
    facts = {
        "Log": Path(log.path).name,
        "Days": f"{log.first} to {log.last}; {found.days} ordinary ones, {found.other_days} others",
        "Digest": log.digest,
        "Version": f"sim {__version__}",
    }
    files = Files(found).texts
    return Page(
        kind="calibration",
        name=Path(log.path).name,
        description=["A scenario fitted from a log.", document.title.partition(": ")[2]],
        document=replace(
            illustrated(document, pictures.of_calibration(found)), sentences=[first], notes=others
        ),
        assumptions=list(_left_out(found)),
        keys=None,
        surprises=[],
        facts=facts,
        texts={"scenario.yaml as it was written": files["scenario.yaml"]},
        definitions=definitions(("offered", "handle_time")),
    )


def _left_out(found: Calibration) -> Iterator[str]:
    yield "Contacts go to who is free for longest: without agents' states a log does not say to whom."
    if not found.first.is_told:
        yield "Who waits for longest is first: the log has too few transfers that wait beside customers to say it."
    if found.called_in:
        yield f"Left out: {found.called_in:,} searches for a further agent that belong to no contact whose agent asked."
    if found.outside:
        yield f"Left out: {found.outside:,} contacts outside the hours of the ordinary day."
    if found.left_out:
        yield f"Left out: {found.left_out:,} contacts of queues that are hardly used."
    yield from (f"Left out: {told}." for told in found.log.problems)


def backtest_page(found: Backtest) -> Page:
    """Put the page of a backtest together: the verdict, the observed lines over the predicted bands, the scenario."""
    document = illustrated(backtest_document(found), pictures.of_backtest(found))
    facts = {
        "Log": found.log,
        "Days": ", ".join(found.days),
        "Seed": str(found.seed),
        "Replications": f"{found.replications} of each day and kind of demand",
        "Scenario (SHA-256)": found.scenario.hash,
        "Versions": f"sim {__version__}",
    }
    return Page(
        kind="what if" if found.changed else "backtest",
        name=found.scenario.name,
        description=[found.scenario.description, document.title.partition(": ")[2] or document.title],
        document=document,
        assumptions=assumptions(found.scenario),
        keys=own_keys(found.scenario),
        surprises=surprises(found.scenario),
        facts=facts,
        texts={"Scenario file": dump(found.scenario)},
        definitions=definitions(found.metrics, found.scenario),
    )
