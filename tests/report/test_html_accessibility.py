"""The page held to the rules of WCAG 2.1 A and AA by axe-core in a real browser, with everything unfolded.

Its structure is checked without a browser too, in test_html_page.
"""

import json
import re
from html import unescape
from importlib.resources import files
from pathlib import Path

import pytest

from .browser import browse, needs_chromium
from .test_html_page import KINDS, page_of

pytestmark = [needs_chromium, pytest.mark.slow]
pytest.importorskip("axe_core_python", reason="needs axe-core-python, of the extra [test]")

RUN = """<script>
for (const one of document.querySelectorAll('details')) one.open = true;
axe.run(document, {resultTypes: ['violations']}).then(found => {
  const told = found.violations.map(one => [one.id, one.help, one.nodes.map(node => node.html.slice(0, 200))]);
  const done = found.passes.map(one => one.id);
  document.body.innerHTML = '<pre id="axe"></pre>';
  document.getElementById('axe').textContent = JSON.stringify({told, done});
});</script>"""


def violations(page: str, folder: Path) -> tuple[dict[str, list[str]], list[str]]:
    """The rules that a page breaks, each with the elements that do, and the rules that it keeps."""
    axe = (files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8")
    path = folder / "axe.html"
    path.write_text(page.replace("</body>", f"<script>{axe}</script>{RUN}</body>"), encoding="utf-8")
    written = browse("--window-size=520,2000", "--virtual-time-budget=60000", "--dump-dom", path.as_uri())
    found = re.search(r'<pre id="axe">(.*?)</pre>', written, re.DOTALL)
    assert found, "axe-core has not come to an end"
    said = json.loads(unescape(found[1]))
    return {rule: nodes for rule, _, nodes in said["told"]}, said["done"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_breaks_no_rule_of_accessibility(kind: str, tmp_path: Path) -> None:
    broken, kept = violations(page_of(kind), tmp_path)
    assert broken == {}
    assert {
        "color-contrast",
        "document-title",
        "html-has-lang",
        "list",
        "scrollable-region-focusable",
    } <= set(kept)


FAULTS = {
    "html-has-lang": (' lang="en"', ""),
    "role-img-alt": (' role="img" aria-label="', ' role="img" title="" data-label="'),
    "color-contrast": ("--soft: #55595f", "--soft: #b0b4ba"),
    "heading-order": ("<h3>How sure</h3>", "<h5>How sure</h5>"),
    "landmark-one-main": ("<main>", "<div>"),
    "scrollable-region-focusable": ('<pre tabindex="0">', '<pre style="width: 9rem">'),
}
"""What would be wrong, by the rule that must see it."""


def test_the_check_sees_what_is_wrong(tmp_path: Path) -> None:
    page = page_of("run")
    for before, after in FAULTS.values():
        assert before in page
        page = page.replace(before, after)
    assert set(FAULTS) <= set(violations(page, tmp_path)[0])
