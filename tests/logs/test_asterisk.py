"""The queue log of Asterisk, told by its documentation."""

from pathlib import Path

import pytest

from sim.errors import SimError
from sim.logs.log import handle_s, wait_s
from sim.logs.reading import read_log

LINES = """\
1772438400|NONE|NONE|NONE|QUEUESTART|
1772438400|1.1|sales|NONE|ENTERQUEUE||0401
1772438405|1.1|sales|SIP/ann|RINGNOANSWER|5000
1772438412|1.1|sales|SIP/bob|CONNECT|12|1.2|3
1772438512|1.1|sales|SIP/bob|COMPLETECALLER|12|100|1
1772438520|2.1|sales|NONE|ENTERQUEUE||0402
1772438550|2.1|sales|NONE|ABANDON|1|1|30
1772438560|3.1|sales|NONE|ENTERQUEUE||0403
1772438562|3.1|sales|SIP/bob|CONNECT|2|3.2|2
1772438600|3.1|sales|SIP/bob|BLINDTRANSFER|support|default|2|38|1
1772438600|3.1|support|NONE|ENTERQUEUE||0403
1772438610|3.1|support|SIP/cid|CONNECT|10|3.3|4
1772438710|3.1|support|SIP/cid|COMPLETEAGENT|10|100|1
1772438720|4.1|sales|NONE|ENTERQUEUE||0404
1772438730|5.1|sales|SIP/bob|CONNECT|2|3.2|2
no event at all
"""


def test_a_call_is_followed_from_queue_to_queue(tmp_path: Path) -> None:
    path = tmp_path / "queue_log"
    path.write_text(LINES)
    found = read_log(path, "asterisk")
    calls = found.calls
    assert calls["queue"].tolist() == ["sales", "sales", "sales", "support"]
    assert wait_s(calls).tolist() == [12, 30, 2, 10]
    assert handle_s(calls).fillna(-1).tolist() == [100, -1, 38, 100]
    assert calls["rings"].tolist() == [1, 0, 0, 0]
    assert calls["rung_s"].fillna(-1).tolist() == [5, -1, -1, -1]
    assert calls["ring_s"].fillna(-1).tolist() == [3, -1, 2, 4]
    assert calls["kind"].tolist() == ["inbound"] * 3 + ["transfer"]
    assert calls["transfer_to"].astype("object").fillna("").tolist() == ["", "", "support", ""]
    assert found.problems.counts == {
        "a contact without an end in the log": 1,
        "an event of a call that never entered": 1,
        "no event of a queue log": 1,
    }


def test_rows_of_the_realtime_table_are_the_same(tmp_path: Path) -> None:
    path, table = tmp_path / "queue_log", tmp_path / "queue_log.csv"
    path.write_text(LINES)
    table.write_text(
        "time,callid,queuename,agent,event,data1,data2,data3,data4,data5\n" + LINES.replace("|", ",")
    )
    assert read_log(table, "asterisk").calls.equals(read_log(path, "asterisk").calls)


def test_states_that_are_not_read_are_told(tmp_path: Path) -> None:
    path = tmp_path / "queue_log"
    states = "1772438391|REALTIME|sales|SIP/ann|ADDMEMBER|\n1772438392|NONE|NONE|SIP/ann|PAUSE|lunch\n"
    path.write_text(states + LINES)
    assert "2 events say who logged in or paused" in read_log(path, "asterisk").readings[1]
    path.write_text(LINES)
    assert len(read_log(path, "asterisk").readings) == 1


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "queue_log"
    path.write_text("hello\n")
    with pytest.raises(SimError, match="this is no queue log of Asterisk"):
        read_log(path, "asterisk")
