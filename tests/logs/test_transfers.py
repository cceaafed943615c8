"""Transfers of a log: how often, where to, at which moment, and those in which the agent waits for who takes over."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from logs.conftest import exported
from sim.logs.reading import read_log
from sim.logs.transfers import fit_transfer

NINE = pd.Timestamp("2026-03-02 09:00")
HEAD = (
    "agent_task_id,conversation_id,agent_id,task_queue_time,task_reserved_time,task_answered_time,task_wrap_up_time,"
    "task_end_time,queue_id,task_disposition,task_direction"
)


def seconds(*of: float) -> pd.Series:
    return pd.Series([NINE + pd.Timedelta(seconds=one) if one == one else pd.NaT for one in of])


def handled(*rows: tuple[float, float, float, float]) -> pd.DataFrame:
    """Contacts answered at 09:00: seconds until the end, until the transfer, waited for a colleague, and together."""
    ended, moved, waited, both = zip(*rows, strict=True)
    return pd.DataFrame(
        {
            "answered_at": seconds(*[0.0] * len(rows)), "ended_at": seconds(*ended), "transferred_at": seconds(*moved),
            "transfer_to": pd.Categorical(["claims" if one == one else None for one in moved]),
            "warm_wait_s": waited, "handover_s": both,
        }
    )  # fmt: skip


NO = float("nan")


def test_waiting_and_handing_over_are_no_part_of_the_work() -> None:
    """Of 200 s of work 80 are done: the agent waits for 30 and is in with the other for 20. One in four is cold."""
    plain, cold = (200.0, NO, NO, NO), (80.0, 80.0, NO, NO)
    found = fit_transfer(handled(plain, plain, plain, cold, *[(130.0, 130.0, 30.0, 20.0)] * 3))
    assert found is not None
    assert found.share == pytest.approx(4 / 7)
    assert found.after == pytest.approx(0.4)
    assert found.warm == pytest.approx(0.75)
    assert found.handover is not None
    assert found.handover.mean == 20.0


def test_who_waited_and_nobody_came_has_asked_as_well() -> None:
    """The customer stays: a question that is no transfer in the end, and no work without one."""
    plain, moved, alone = (200.0, NO, NO, NO), (130.0, 130.0, 30.0, 20.0), (260.0, NO, 60.0, NO)
    found = fit_transfer(handled(plain, plain, moved, alone))
    assert found is not None
    assert (found.share, found.warm) == (0.5, 1.0)
    assert found.after == pytest.approx(0.4)


def test_without_a_handover_there_is_none() -> None:
    found = fit_transfer(handled((200.0, NO, NO, NO), (110.0, 110.0, 30.0, 0.0)))
    assert found is not None
    assert found.warm == 1.0
    assert found.handover is None


def task(number: int, *times: str, queue: str, disposition: str, direction: str) -> str:
    clocks = [f"2026-03-02 09:{one}" if one else "" for one in times]
    return ",".join([f"t{number}", "c1", f"a{number}", *clocks, queue, disposition, direction])


def test_agent_task_says_how_long_a_warm_transfer_was_waited_for(tmp_path: Path) -> None:
    rows = [
        task(1, "00:00", "00:00", "00:10", "03:00", "03:20", queue="desk", disposition="TRANSFERRED",
             direction="INBOUND"),
        task(2, "02:00", "02:20", "02:30", "09:00", "09:00", queue="claims", disposition="DONE",
             direction="CONSULT_TRANSFER"),
    ]  # fmt: skip
    (tmp_path / "tasks.csv").write_text("\n".join([HEAD, *rows]) + "\n")
    calls = read_log(tmp_path / "tasks.csv", "expertflow").calls
    assert calls["warm_wait_s"].tolist()[0] == 30.0
    assert calls["handover_s"].tolist() == [30.0, 30.0]
    assert calls["warm_wait_s"].isna().tolist() == [False, True]
    cold = [rows[0], rows[1].replace("CONSULT_TRANSFER", "DIRECT_TRANSFER")]
    (tmp_path / "cold.csv").write_text("\n".join([HEAD, *cold]) + "\n")
    assert read_log(tmp_path / "cold.csv", "expertflow").calls["warm_wait_s"].isna().all()


WARM = """\
name: Warm transfers
opens: 2026-03-02 08:00
lasts: 8h
seed: 5
replications: 40
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues:
  desk:
    medium: voice
    handle_time: {gamma: {mean: 5m, sd: 150s}}
    patience: {exponential: {mean: 30m}}
    transfer:
      probability: 30%
      after: 50%
      to: {claims: 100%}
      warm: 60%
      handover_time: {gamma: {mean: 60s, sd: 30s}}
  claims: {medium: voice, handle_time: {lognormal: {mean: 6m, sd: 4m}}, patience: {exponential: {mean: 30m}}}
teams:
  front: {agents: 20, skills: {desk: 1}, wrap_up: 20s, accept: {delay: 4s}}
  claims: {agents: 8, skills: {claims: 1}, wrap_up: 20s, accept: {delay: 4s}}
arrivals: [{channel: phone, queue: desk, per_hour: 170}]
"""


@pytest.mark.slow
@pytest.mark.parametrize("format_", ["columns", "expertflow", "genesys-cloud"])
def test_warm_transfers_come_back(format_: str, tmp_path: Path) -> None:
    """Forty days exported and fitted: each figure within 5 %, and the work of both queues as it was put in."""
    result = sim.run(sim.loads(WARM), keep_tables="all", jobs=1)
    sim.calibrate(*exported(result, format_, tmp_path), tmp_path / "fitted")
    fitted = sim.load(tmp_path / "fitted" / "scenario.yaml")
    found = fitted.queues["desk"].transfer
    assert found is not None
    assert found.probability == pytest.approx(0.3, rel=0.05)
    assert found.after == pytest.approx(0.5, rel=0.05)
    assert found.warm == pytest.approx(0.6, rel=0.05)
    assert found.handover_time is not None
    assert found.handover_time.mean == pytest.approx(60.0, rel=0.05)
    for queue, mean in (("desk", 300.0), ("claims", 360.0)):
        assert fitted.queues[queue].handle_time.mean == pytest.approx(mean, rel=0.05)
    assert np.mean(fitted.arrivals[0].per_hour) == pytest.approx(170.0, rel=0.05)


@pytest.mark.slow
def test_a_run_without_warm_transfers_has_no_columns_of_them(tmp_path: Path) -> None:
    cold = sim.run(
        sim.loads(WARM).set("queues.desk.transfer.warm", "0%"), replications=1, keep_tables="all", jobs=1
    )
    assert "warm_wait_s" not in pd.read_csv(sim.export(cold, "csv", tmp_path)[0])
