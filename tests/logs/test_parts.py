"""Rows with one number: repeats, contacts that were handed on, and those that went on to another queue unanswered."""

from pathlib import Path

from sim.logs.log import handle_s, wait_s
from sim.logs.reading import Log, read_log

HEAD = "call_id,queue,offered_at,answered_at,ended_at,agent\n"


def read(folder: Path, *rows: str, head: str = HEAD) -> Log:
    path = folder / "log.csv"
    path.write_text(head + "".join(f"{row}\n" for row in rows))
    return read_log(path)


def row(call: int, queue: str, offered: str, answered: str, ended: str, agent: str = "") -> str:
    moments = [at and f"2026-03-02 {at}" for at in (offered, answered, ended)]
    return ",".join([str(call), queue, *moments, agent])


def names(log: Log, column: str) -> list[object]:
    return log.calls[column].astype("object").where(log.calls[column].notna(), None).tolist()


def test_a_row_of_the_same_number_is_where_an_answered_contact_was_handed_on_to(tmp_path: Path) -> None:
    first = row(7, "sales", "09:00:00", "09:00:10", "09:02:00", "ann")
    second = row(7, "support", "09:02:00", "09:02:30", "09:05:00", "bob")
    third = row(7, "billing", "09:04:50", "09:05:10", "09:06:00", "cid")  # Bob consulted before he handed on
    log = read(tmp_path, second, first, third, row(9, "sales", "09:30:00", "09:30:00", "09:31:00", "ann"))
    assert names(log, "queue") == ["sales", "support", "billing", "sales"]
    assert names(log, "kind") == ["inbound", "transfer", "transfer", "inbound"]
    assert names(log, "transfer_to") == ["support", "billing", None, None]
    assert wait_s(log.calls).tolist() == [10, 30, 20, 0]
    assert handle_s(log.calls).tolist() == [110, 150, 50, 60]
    assert log.calls["transferred_at"].notna().tolist() == [True, True, False, False]
    assert not log.problems
    assert log.readings == (
        "2 rows have the number of a contact before them and begin as it ends: taken for its transfer",
    )


def test_a_contact_that_goes_on_unanswered_waits_from_its_first_queue_on(tmp_path: Path) -> None:
    """Forty seconds in sales, two minutes in overflow, then answered by another team after 30 s: 190 s in one wait."""
    log = read(
        tmp_path,
        row(8, "sales", "09:10:00", "", "09:10:40"),
        row(8, "overflow", "09:10:40", "", "09:12:40"),
        row(8, "outsourcer", "09:12:40", "09:13:10", "09:15:00", "bob"),
        row(9, "sales", "09:20:00", "", "09:20:05"),
    )
    assert names(log, "queue") == ["outsourcer", "sales"]
    assert wait_s(log.calls).tolist() == [190, 5]
    assert names(log, "outcome") == ["answered", "abandoned"]
    assert log.problems.told() == [
        "2 rows (line 2, 3): the contact went on unanswered to another queue, whose row has it all"
    ]


def test_what_went_on_unanswered_may_have_been_handed_on_before(tmp_path: Path) -> None:
    log = read(
        tmp_path,
        row(8, "sales", "09:00:00", "09:00:05", "09:01:00", "ann"),
        row(8, "support", "09:01:00", "", "09:02:00"),
        row(8, "overflow", "09:02:00", "09:02:20", "09:04:00", "bob"),
    )
    assert names(log, "kind") == ["inbound", "transfer"]
    assert names(log, "transfer_to") == ["overflow", None]
    assert wait_s(log.calls).tolist() == [5, 80]


def test_a_number_that_comes_again_later_is_a_contact_of_its_own(tmp_path: Path) -> None:
    """An hour after the answer, and two minutes after hanging up."""
    log = read(
        tmp_path,
        row(7, "sales", "09:00:00", "09:00:10", "09:02:00", "ann"),
        row(7, "sales", "10:00:00", "10:00:10", "10:02:00", "ann"),
        row(8, "sales", "11:00:00", "", "11:01:00"),
        row(8, "sales", "11:03:00", "", "11:04:00"),
    )
    assert len(log.calls) == 4
    assert "kind" not in log.calls
    assert log.calls["transferred_at"].isna().all()
    assert not log.problems


def test_a_row_that_is_there_twice_counts_once(tmp_path: Path) -> None:
    """Of one number, queue and moment, though the second was written once it had ended; and kinds stay as they are."""
    twice = row(7, "sales", "09:00:00", "09:00:10", "09:02:00", "ann")
    later = row(7, "sales", "09:00:00", "09:00:10", "09:02:05", "ann")
    log = read(tmp_path, twice, row(8, "sales", "09:00:00", "", "09:00:10"), later)
    assert log.problems.told() == ["1 row (line 4): the row repeats another"]
    assert handle_s(log.calls).dropna().tolist() == [110]
    second = row(7, "support", "09:02:00", "09:02:30", "09:05:00", "bob")
    log = read(
        tmp_path, f"{twice},inbound", f"{second},inbound", head=HEAD.replace("agent", "agent,request_kind")
    )
    assert names(log, "kind") == ["inbound", "inbound"]
    assert not log.problems
