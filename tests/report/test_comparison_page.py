"""The words and tables of a comparison: whom it compares, and who fares better or worse."""

from pathlib import Path

import pytest

import sim
from sim.report.comparison import comparison_text, document

pytestmark = pytest.mark.usefixtures("undrawn")

TWO_LINES = """\
name: Two lines
opens: 2026-03-02 08:00
lasts: 4h
seed: 7
replications: 3
media: {voice: {max_tasks: 1}}
channels: {phone: {medium: voice}}
queues:
  own: {medium: voice, service_level: {within: 30s, target: 80%}, handle_time: 5m, patience: 4m}
  partner: {medium: voice, service_level: {within: 30s, target: 80%}, handle_time: 5m, patience: 4m}
teams:
  own: {agents: 14, skills: {own: 5}}
  partner: {agents: 10, skills: {partner: 5, own: 3}}
arrivals:
  - {channel: phone, queue: own, per_hour: 120}
  - {channel: phone, queue: partner, per_hour: 80}
"""

CHATS = """\
name: Web chat
opens: 2026-03-02 09:00
lasts: 4h
seed: 11
replications: 3
media:
  chat: {max_tasks: 2, slowdown: 25%}
channels:
  web: {medium: chat}
queues:
  chats:
    medium: chat
    service_level: {within: 60s, target: 80%}
    handle_time: {lognormal: {mean: 13m, sd: 9m}}
    patience: {exponential: {mean: 5m}}
teams:
  chatters: {agents: 18, skills: {chats: 5}, wrap_up: 30s, cost_per_hour: 20}
arrivals:
  - {channel: web, queue: chats, per_hour: 100}
"""


def said(compared: sim.Comparison, folder: Path) -> tuple[str, str]:
    """Return what the terminal and the page say, each on one line."""
    page = compared.report(folder / "page.html").read_text(encoding="utf-8")
    return " ".join(comparison_text(compared, 120).split()), " ".join(page.split())


def test_customers_without_a_match_are_counted_and_told(tmp_path: Path) -> None:
    base = sim.loads(TWO_LINES)
    sent = base.set({"arrivals.1.queue": "own", "arrivals.1.name": "another"})
    compared = sim.compare(base, sent, metrics=["asa"], jobs=1)
    row = compared.customer_effects[0]
    assert row.compared < row.arrived
    assert row.added > 0
    told = (
        f"of {row.arrived:.1f} customers of the base {row.arrived - row.compared:.1f} do not come here, and "
    )
    for text in said(compared, tmp_path):
        assert told in text
        assert "very same customers" not in text
        assert "on the same customers" not in text


def test_who_is_sent_elsewhere_is_compared_as_the_same_customer(tmp_path: Path) -> None:
    """As with streams that are named: every customer of the base comes, and the wait of each is compared."""
    base = sim.loads(TWO_LINES)
    compared = sim.compare(
        base, base.set("arrivals.1.queue", "own"), metrics=["asa", "asa:queue=own"], jobs=1
    )
    assert compared.has_the_same_customers
    row = compared.customer_effects[0]
    assert row.arrived == row.compared > 700
    assert row.added == 0
    named = base.set({"arrivals.0.name": "phone/own", "arrivals.1.name": "phone/partner"})
    by_name = sim.compare(
        named, named.set("arrivals.1.queue", "own"), metrics=["asa"], names=["sent"], jobs=1
    )
    assert [one[1:] for one in by_name.customer_effects] == [one[1:] for one in compared.customer_effects]
    assert compared.names == ("arrivals.1.queue=own",)


def test_a_row_about_other_customers_is_marked(tmp_path: Path) -> None:
    """Those of the partner come to the queue too, so that its figure is of more customers than before."""
    base = sim.loads(TWO_LINES)
    sent = base.set("arrivals.1.queue", "own")
    asked = ["asa", "asa:queue=own", "asa:channel=phone"]
    compared = sim.compare(base, sent, metrics=asked, names=["sent"], jobs=1)
    same = {(row.queue, row.channel): row.same_customers for row in compared.differences}
    assert same[("", "")]
    assert same[("", "phone")]
    assert not same[("own", "")]
    for text in said(compared, tmp_path):
        assert "* not the same customers in both" in text
    assert " own* " in said(compared, tmp_path)[0]
    more = sim.compare(base, base.set("arrivals.1.per_hour", 90), metrics=["asa"], jobs=1)
    assert not any(row.same_customers for row in more.differences)
    assert "asa, s* " in said(more, tmp_path)[0]
    staff = sim.compare(base, base.set("teams.own.agents", 13), metrics=asked, jobs=1)
    assert all(row.same_customers for row in staff.differences)
    assert "* not the same customers" not in said(staff, tmp_path)[0]


def test_a_longer_conversation_is_worse(tmp_path: Path) -> None:
    base = sim.loads(CHATS)
    many = base.set({"media.chat.max_tasks": 10, "teams.chatters.agents": 12})
    compared = sim.compare(base, many, metrics=["asa"], names=["ten"], jobs=1)
    wait, talk = compared.customer_effects
    assert wait.worse < 0.1
    assert talk.by == "conversation"
    assert talk.worse > 0.9
    text, page = said(compared, tmp_path)
    assert "all, by the wait" in text
    assert "all, by the conversation" in text
    assert f"the conversation longer for {100 * talk.worse:.1f} %" in page
    assert "on the same customers" in text


def test_customers_of_an_earlier_folder_are_by_the_wait(tmp_path: Path) -> None:
    base = sim.loads(TWO_LINES)
    compared = sim.compare(base, base.set("teams.own.agents", 15), metrics=["asa"], replications=2, jobs=1)
    folder = compared.save(tmp_path / "kept")
    table = compared.customers
    table[table["by"] == "wait"].drop(columns=["added", "by"]).to_csv(folder / "customers.csv", index=False)
    opened = sim.open(folder)
    assert [row.by for row in opened.customer_effects] == ["wait"] * 3
    assert "same customers" in said(opened, tmp_path)[1]


def test_several_candidates_open_with_one_table_and_then_one_sentence(tmp_path: Path) -> None:
    """Six agents fewer cost less and serve worse; a change of nothing is the same to the last customer."""
    base = sim.loads(CHATS)
    fewer, same = base.set("teams.chatters.agents", 12), base.set("description", "Nothing else")
    compared = sim.compare(base, fewer, same, names=["fewer", "as it is"], replications=12, jobs=1)
    made = document(compared)
    table = made.tables[0]
    assert table.columns == ["Figure", "Base", "fewer", "as it is"]
    cells = {row.label: row.cells for row in table.rows}
    assert list(cells) == ["Service level", "ASA", "90 % wait", "Abandoned", "No agent", "Occupancy", "Cost"]
    assert (cells["Service level"][1].tone, cells["Service level"][1].spread[-1]) == ("missed", "✗")
    assert (cells["Cost"][1].tone, cells["Cost"][1].spread[-1]) == ("met", "✓")
    assert (cells["Occupancy"][1].tone, cells["Occupancy"][1].spread[-1]) == ("open", "≠")
    assert {row.cells[2].spread for row in table.rows} == {"="}
    cost, wait = compared.figure("cost"), compared.customer_effects[0]
    _, _, one = (each.caption for each in made.tables)
    assert one.startswith(
        f"fewer: {100 * wait.better:.1f} % of customers better off, {100 * wait.worse:.1f} % worse, "
    )
    assert f"cost −{-cost.difference:.1f}" in one.replace(",", "")
    assert one.endswith("; as it is: 0.0 % of customers better off, 0.0 % worse, cost unchanged.")
    for text in said(compared, tmp_path):
        opens, gains = text.index("Service level"), text.index("fewer: ")
        sure, section = text.index("Surely worse: Service level"), text.index("Candidate: fewer")
        assert opens < gains < section < sure
    assert max(map(len, comparison_text(compared, 60).splitlines())) <= 60
