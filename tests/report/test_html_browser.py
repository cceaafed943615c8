"""The page in a real browser, at the width of a phone, a tablet and a screen, and on paper."""

import re
import shutil
import subprocess
from html import escape
from itertools import pairwise
from pathlib import Path

import pytest
from matplotlib import image

from .test_html_page import page_of

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WIDTHS = (360, 800, 1400)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium to look at the page with")


def browse(*arguments: str) -> str:
    """Run Chromium without a window and without the net, and give what it writes."""
    flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--hide-scrollbars",
    ]
    command = [str(CHROMIUM), *flags, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


def frames(page: str) -> str:
    """The page in frames of each width, side by side."""
    return "".join(
        f'<iframe width="{width}" height="2400" style="border:0" srcdoc="{escape(page)}"></iframe>'
        for width in WIDTHS
    )


MEASURE = """<script>
addEventListener('load', () => {
  const out = [...document.querySelectorAll('iframe')].map(frame => {
    const page = frame.contentDocument, width = frame.clientWidth;
    const wide = [...page.querySelectorAll('h1,h2,h3,p,li,figure,svg,dd,summary')]
      .filter(one => one.getBoundingClientRect().right > width + 1).length;
    const small = [...page.querySelectorAll('svg text')]
      .map(text => text.getBoundingClientRect().height).filter(height => height > 0 && height < 9).length;
    return [width, page.documentElement.scrollWidth, wide, small].join(':');
  });
  document.body.innerHTML = '<pre id="found">' + out.join(' ') + '</pre>';
});</script>"""
"""Writes for each frame: its width, how far one could scroll, what stands out, and which words are too small."""


@pytest.mark.parametrize("kind", ["run", "comparison", "sweep"])
def test_nothing_is_wider_than_the_page_and_no_word_too_small(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "probe.html"
    path.write_text(f"<!DOCTYPE html><body>{frames(page_of(kind))}{MEASURE}</body>", encoding="utf-8")
    found = re.search(r'<pre id="found">([^<]*)</pre>', browse("--dump-dom", path.as_uri()))
    assert found
    for frame in found[1].split():
        width, scrolls, wide, small = map(int, frame.split(":"))
        assert scrolls <= width, f"the page is {scrolls} px wide on a screen of {width} px"
        assert (wide, small) == (0, 0), (
            f"{wide} elements stand out, {small} words are too small at {width} px"
        )


def test_a_screenshot_of_all_widths_is_there_to_be_looked_at(tmp_path: Path) -> None:
    path, picture = tmp_path / "frames.html", tmp_path / "report.png"
    path.write_text(f"<!DOCTYPE html><body>{frames(page_of('run'))}</body>", encoding="utf-8")
    browse(f"--window-size={sum(WIDTHS) + 60},2400", f"--screenshot={picture}", path.as_uri())
    shown = image.imread(picture)[:, :, :3]
    edges = [0, 370, 1180, 2580]
    for left, right in pairwise(edges):
        assert (shown[:, left:right] < 0.5).any(axis=2).mean() > 0.01, "hardly anything is to be seen"


def pages_of(page: str, path: Path) -> int:
    """How many pages it takes on paper."""
    path.write_text(page, encoding="utf-8")
    paper = path.with_suffix(".pdf")
    browse("--no-pdf-header-footer", f"--print-to-pdf={paper}", path.as_uri())
    return len(re.findall(rb"/Type\s*/Page[^s]", paper.read_bytes()))


def test_what_is_folded_on_screen_is_unfolded_on_paper(tmp_path: Path) -> None:
    page = page_of("comparison")
    folded = page.replace("content-visibility: visible; display: block;", "")
    assert folded != page
    assert pages_of(folded, tmp_path / "folded.html") < pages_of(page, tmp_path / "unfolded.html") <= 20
