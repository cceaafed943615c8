"""The page is one well-formed file that needs nothing else, and everybody can read it."""

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import sim
from sim.cli import main
from sim.gate.checking import check
from sim.report import plots
from sim.report.check import written
from sim.report.document import Picture
from sim.report.html.page import WIDTH, drawn

from .plots_day import DAY, drawn_day
from .test_plots_style import contrast

pytestmark = pytest.mark.slow  # the pages of four kinds, with their pictures

VOID = {"meta", "link", "br", "hr", "img", "input", "wbr"}
CSS = Path(sim.__file__).parent / "report" / "html" / "templates" / "page.css"


class Element:
    """An element with its attributes, children and text."""

    def __init__(self, tag: str, attributes: dict[str, str | None], parent: "Element | None") -> None:
        self.tag, self.attributes, self.parent = tag, attributes, parent
        self.children: list[Element] = []
        self.own_text = ""

    def __iter__(self) -> Iterator["Element"]:
        for child in self.children:
            yield child
            yield from child

    def all(self, *tags: str) -> list["Element"]:
        return [one for one in self if one.tag in tags]

    @property
    def text(self) -> str:
        return self.own_text + "".join(child.text for child in self.children)

    def within(self, tag: str) -> bool:
        return self.parent is not None and (self.parent.tag == tag or self.parent.within(tag))


class Tree(HTMLParser):
    """Reads a page and insists on every element being closed where it was opened."""

    def __init__(self) -> None:
        super().__init__()
        self.root = self.open = Element("", {}, None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"an attribute twice in <{tag}>"
        one = Element(tag, dict(attrs), self.open)
        self.open.children.append(one)
        if tag not in VOID:
            self.open = one

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.children.append(Element(tag, dict(attrs), self.open))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.tag == tag, f"</{tag}> closes <{self.open.tag}>"
        assert self.open.parent is not None
        self.open = self.open.parent

    def handle_data(self, data: str) -> None:
        self.open.own_text += data


@cache
def page_of(kind: str) -> str:
    with TemporaryDirectory() as name:
        folder, day = Path(name) / "result", sim.loads(DAY)
        if kind == "run":
            drawn_day().save(folder)
        elif kind == "comparison":
            more, slow = day.set("teams.desk.agents", 6), day.set("routing.ring_time", "60s")
            sim.compare(day, more, slow, names=["six", "slow <ring>"], jobs=1).save(folder)
        elif kind == "check":
            folder = folder.with_suffix(".json")
            slow = check(day.set("routing.ring_time", "90s"), day, jobs=1, at_most=10)
            folder.write_text(written([check(day, jobs=1, at_most=10), slow], "json"), encoding="utf-8")
        else:
            vary = ["teams.desk.agents=4,6", "routing.ring_time=20s,40s"]
            sim.sweep(day, vary, metrics=["wait_p90", "service_level:queue=general"], folder=folder, jobs=1)
        assert main(["report", str(folder)]) == 0
        page = folder.with_suffix(".html") if folder.is_file() else folder / "report.html"
        return page.read_text(encoding="utf-8")


def tree_of(kind: str) -> Element:
    parser = Tree()
    parser.feed(page_of(kind))
    parser.close()
    assert parser.open is parser.root
    return parser.root


KINDS = ["run", "comparison", "sweep", "check"]


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_well_formed_and_needs_nothing_else(kind: str) -> None:
    root = tree_of(kind)
    assert not root.all("script", "link", "iframe", "img", "object", "embed")
    for one in root:
        for name in ("src", "href", "data", "action"):
            assert (one.attributes.get(name) or "#").startswith("#"), one.attributes
    style = root.all("style")[0].text
    assert "url(" not in style
    assert "@import" not in style
    assert not re.search(r"url\((?!#)", page_of(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_ids_are_there_once_and_every_reference_finds_its_own(kind: str) -> None:
    root = tree_of(kind)
    ids = [one.attributes["id"] for one in root if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    wanted = {
        one.attributes["href"][1:] for one in root if (one.attributes.get("href") or "").startswith("#")
    }
    wanted |= set(re.findall(r"url\(#([^)]+)\)", page_of(kind)))
    wanted |= {one.attributes["aria-labelledby"] or "" for one in root if "aria-labelledby" in one.attributes}
    assert wanted <= set(ids)


@pytest.mark.parametrize("kind", KINDS)
def test_headings_are_in_order_and_the_page_has_a_language_a_title_and_landmarks(kind: str) -> None:
    root = tree_of(kind)
    levels = [int(one.tag[1]) for one in root.all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert root.all("html")[0].attributes["lang"] == "en"
    assert root.all("title")[0].text in (
        f"Drawn day: {kind}",
        "Drawn day: simulation report",
        "2 scenarios: check",
    )
    assert [len(root.all(tag)) for tag in ("main", "header", "nav")] == [1, 1, 1]
    viewport = next(one for one in root.all("meta") if one.attributes.get("name") == "viewport")
    assert viewport.attributes["content"] == "width=device-width, initial-scale=1"
    assert root.all("h2")[0].text == "The answer"


@pytest.mark.parametrize("kind", KINDS)
def test_tables_have_captions_and_heads_with_a_scope(kind: str) -> None:
    tables = tree_of(kind).all("table")
    assert tables
    for table in tables:
        assert table.all("caption")[0].text.strip()
        heads = table.all("th")
        assert all(head.attributes.get("scope") in ("col", "row") for head in heads)
        widths = {len(row.all("th", "td")) for row in table.all("tr")}
        assert len(widths) == 1, table.all("caption")[0].text
        scroll = table.parent
        assert scroll is not None
        assert scroll.attributes["tabindex"] == "0"
        assert scroll.attributes["aria-label"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_picture_has_words_for_those_who_do_not_see_it(kind: str) -> None:
    figures = tree_of(kind).all("figure")
    assert len(figures) >= 2
    for figure in figures:
        caption = figure.all("figcaption")[0].text
        (drawing,) = [one for one in figure if one.attributes.get("role") == "img"]
        words = drawing.attributes["aria-label"] or ""
        assert caption
        assert words.startswith(caption)
        assert len(words) > len(caption) + 10
        assert drawing.all("svg")[0].attributes["aria-hidden"] == "true"
        assert drawing.all("text"), "words in the drawing are text, not outlines"


def test_words_in_pictures_can_be_read_on_a_phone() -> None:
    """A picture is as wide as the page less its margins: 360 px less 29 px."""
    points = WIDTH * 72
    sizes = [float(size) for size in re.findall(r"font-size: ([\d.]+)px", page_of("run"))]
    assert min(sizes) * (360 - 29) / points >= 9
    assert sorted(sizes)[len(sizes) // 2] * (360 - 29) / points >= 10


def variables(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", css))


@pytest.mark.parametrize("ink", ["ink", "soft", "link", "good", "bad", "unsure"])
@pytest.mark.parametrize("paper", ["paper", "band"])
def test_words_stand_out_from_what_they_stand_on(ink: str, paper: str) -> None:
    colours = variables(CSS.read_text(encoding="utf-8"))
    assert contrast(colours[ink], colours[paper]) >= 4.5


def test_no_other_colour_of_words_is_used() -> None:
    css = CSS.read_text(encoding="utf-8")
    used = re.findall(r"(?<![-\w])color: ([^;]+);", css)
    assert set(used) <= {*(f"var(--{name})" for name in variables(css)), "inherit"}


def test_what_users_write_is_never_read_as_html() -> None:
    assert "<b>with" not in page_of("run")
    assert "Chat and phone &lt;b&gt;with &amp; without&lt;/b&gt; help." in page_of("run")
    assert "<ring>" not in page_of("comparison")


def cells(root: Element, caption: str, row: str) -> list[str]:
    table = next(one for one in root.all("table") if one.all("caption")[0].text == caption)
    line = next(one for one in table.all("tr") if one.children and one.children[0].text == row)
    return [cell.text for cell in line.all("td")]


def test_tables_hold_the_figures() -> None:
    root, run = tree_of("run"), drawn_day()
    level = run.figure("service_level", queue="general", kind="inbound")
    half = max(level.high - level.value, level.value - level.low)
    assert cells(root, "Queues", "general")[4] == f"{100 * level.value:.1f} ±{100 * half:.1f}"
    nobody = run.figure("no_agent", queue="experts", kind="transfer")
    assert cells(root, "Requests that agents placed", "experts, transferred")[3].startswith(
        f"{nobody.value:.1f} "
    )
    morning = run.figure("offered", interval="08:30")
    assert cells(root, "By interval, all queues", "08:30")[0] == f"{morning.value:.1f}"
    assert cells(root, "Teams", "desk")[0] == "4"


def test_the_answer_comes_first_and_says_how_sure_it_is() -> None:
    text = tree_of("run").all("main")[0].text
    assert (
        text.index("1 of 3 targets is met, 1 is missed, 1 is too close to call.")
        < text.index("How sure")
        < text.index("By queue")
    )
    assert "means of 3 replications" in text
    assert "3 replications are few" in text
    order = ["By queue", "By team", "By interval", "Transfers and conferences", "Assumptions", "Definitions"]
    found = [one.text for one in tree_of("run").all("h2")]
    assert [name for name in found if name in order] == order


def test_names_of_keys_in_what_may_surprise_are_set_as_code() -> None:
    _, surprises = page_of("run").split("<h3>What may surprise</h3>")
    sentences = surprises.split("</ul>")[0]
    assert "<code>" in sentences
    assert "`" not in sentences


def test_what_it_takes_to_repeat_the_run_is_there() -> None:
    text, run = tree_of("run").text, drawn_day()
    assert run.scenario.hash in text
    assert f"Seed{run.seed}" in text
    assert "handle_time: {exponential: {mean: 4m}}" in text
    assert "simpy 4" in text


def test_a_comparison_says_what_is_better_and_who_fares_how() -> None:
    text = tree_of("comparison").all("main")[0].text
    assert " of customers better off, " in text
    (level,) = (
        one for one in tree_of("comparison").all("table") if one.all("caption")[0].text == "Side by side"
    )
    assert [one.text for one in level.all("tr")[0].all("th")] == ["Figure", "Base", "six", "slow <ring>"]
    assert cells(tree_of("comparison"), "Customers with six", "all, by the wait")
    assert cells(tree_of("comparison"), "Customers with six", "all, by the conversation")
    assert [one.text for one in tree_of("comparison").all("h2")][1:3] == ["six", "slow <ring>"]


def test_a_sweep_says_where_the_targets_are_met_and_what_a_step_brings() -> None:
    root = tree_of("sweep")
    assert "by teams.desk.agents × routing.ring_time: 3 replications" in root.all("header")[0].text
    assert "3 at each of 4 points" in root.all("main")[0].text
    assert "No point meets all 3 targets for sure" in root.all("main")[0].text
    for ring in ("20s", "40s"):
        table = next(
            one for one in root.all("table") if one.all("caption")[0].text == f"routing.ring_time={ring}"
        )
        assert [row.children[0].text for row in table.all("tr")] == ["agents", "4", "6"]
    assert cells(root, "What each step of teams.desk.agents brings, by routing.ring_time", "20s: 4 → 6")
    assert cells(root, "What each step of routing.ring_time brings, by teams.desk.agents", "4: 20s → 40s")


def test_a_check_says_what_fails_and_what_was_changed() -> None:
    root = tree_of("check")
    main_text = root.all("main")[0].text
    assert "Drawn day: FAIL (target)" in main_text
    assert "target: 1 of 3 targets is surely met, 1 is surely missed, 1 is too close to call" in main_text
    simulated, target, verdict = cells(root, "Against the targets", "wait_p90 general inbound, s")
    assert verdict == "✗ FAIL"
    assert float(simulated.split()[0]) > 10
    assert target == "at most 10 s"
    assert "routing.ring_time: 20s -> 90s" in [one.text for one in root.all("li")]
    assert cells(root, "Against the baseline", "service_level, %")[2].startswith("-")


def test_the_same_picture_gives_the_same_bytes_and_ids_of_its_own() -> None:
    def picture(name: str) -> str:
        wanted = Picture(name, lambda ax: plots.volumes(drawn_day(), ax=ax), 2.5, lambda _: "")
        return str(drawn([wanted])[0][0].svg)

    assert picture("one") == picture("one")
    assert picture("two") == picture("one").replace("one-", "two-")
