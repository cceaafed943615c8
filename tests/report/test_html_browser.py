"""The page in a real browser, at the width of a phone, a tablet and a screen, and on paper.

What the browser saw stays in results/screenshots/ (or in SIM_SCREENSHOTS): report_KIND.png and report_KIND.pdf.
"""

import re
from functools import cache
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from matplotlib import image

from .browser import GAP, WIDTHS, browse, frames, kept, needs_chromium
from .test_html_page import KINDS, page_of

pytestmark = [needs_chromium, pytest.mark.slow]

MEASURE = """<script>
addEventListener('load', () => {
  const out = [...document.querySelectorAll('iframe')].map(frame => {
    const page = frame.contentDocument, width = frame.clientWidth;
    const wide = [...page.querySelectorAll('h1,h2,h3,p,li,figure,svg,dd,summary')]
      .filter(one => one.getBoundingClientRect().right > width + 1).length;
    const small = [...page.querySelectorAll('svg text')]
      .map(text => text.getBoundingClientRect().height).filter(height => height > 0 && height < 9).length;
    const broken = [...page.querySelectorAll('tbody th')].filter(head => {
      const words = head.textContent.split(/[\\s_]+/), style = page.defaultView.getComputedStyle(head);
      const pen = page.createElement('canvas').getContext('2d');
      pen.font = style.font;
      const room = head.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
      return words.some(word => word.length < 16 && pen.measureText(word).width > room + 1);
    }).length;
    const lying = [...page.querySelectorAll('td')].filter(cell => cell.scrollWidth > cell.clientWidth + 1).length;
    return [width, page.documentElement.scrollWidth, page.documentElement.scrollHeight, wide, small, broken, lying]
      .join(':');
  });
  document.body.innerHTML = '<pre id="found">' + out.join(' ') + '</pre>';
});</script>"""
"""Writes for each frame its width, how far one could scroll right and down, how many elements stand out to the right,
words in pictures are too small, row heads are broken inside words, and cells do not hold what is in them."""


@cache
def measured(kind: str) -> list[list[int]]:
    """What MEASURE finds, a row a width."""
    with TemporaryDirectory() as name:
        path = Path(name) / "probe.html"
        path.write_text(frames(page_of(kind)) + MEASURE, encoding="utf-8")
        found = re.search(r'<pre id="found">([^<]*)</pre>', browse("--dump-dom", path.as_uri()))
    assert found
    return [[int(number) for number in frame.split(":")] for frame in found[1].split()]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_wider_than_the_page_and_no_word_too_small_or_broken(kind: str) -> None:
    assert [row[0] for row in measured(kind)] == list(WIDTHS)
    for width, scrolls, _, wide, small, broken, lying in measured(kind):
        assert scrolls <= width, f"the page is {scrolls} px wide on a screen of {width} px"
        assert wide == 0, f"{wide} elements stand out at {width} px"
        assert small == 0, f"{small} words of pictures are too small at {width} px"
        assert broken == 0, f"{broken} row heads are broken inside a word at {width} px"
        assert lying == 0, f"{lying} cells are narrower than what they hold at {width} px"


@pytest.mark.parametrize("kind", KINDS)
def test_a_screenshot_of_all_widths_stays_to_be_looked_at(kind: str, tmp_path: Path) -> None:
    path, picture = tmp_path / "frames.html", kept(f"report_{kind}.png")
    height = max(row[2] for row in measured(kind))
    path.write_text(frames(page_of(kind), height), encoding="utf-8")
    width = sum(WIDTHS) + GAP * len(WIDTHS)
    browse(f"--window-size={width},{height}", f"--screenshot={picture}", path.as_uri())
    shown = image.imread(picture)[:, :, :3]
    assert shown.shape[0] == height
    for left, one in zip(accumulate((w + GAP for w in WIDTHS), initial=0), WIDTHS, strict=False):
        inked = (shown[:2000, left : left + one] < 0.5).any(axis=2).mean()
        assert inked > 0.01, "hardly anything is to be seen"


def pages_of(page: str, paper: Path) -> int:
    """How many pages it takes on paper."""
    path = paper.with_suffix(".html")
    path.write_text(page, encoding="utf-8")
    browse("--no-pdf-header-footer", f"--print-to-pdf={paper}", path.as_uri())
    path.unlink()
    return len(re.findall(rb"/Type\s*/Page[^s]", paper.read_bytes()))


@pytest.mark.parametrize("kind", ["run", "sweep", "check"])
def test_the_page_on_paper_stays_to_be_looked_at(kind: str) -> None:
    assert 1 <= pages_of(page_of(kind), kept(f"report_{kind}.pdf")) <= 20


def test_what_is_folded_on_screen_is_unfolded_on_paper(tmp_path: Path) -> None:
    page = page_of("comparison")
    folded = page.replace("content-visibility: visible; display: block;", "")
    assert folded != page
    unfolded = kept("report_comparison.pdf")
    assert pages_of(folded, tmp_path / "folded.pdf") < pages_of(page, unfolded) <= 20
