"""Chromium without a window, and the folder where what it saw stays after the tests.

Screenshots go to results/screenshots/, or to the folder that SIM_SCREENSHOTS names, for people and a CI to collect.
"""

import os
import shutil
import subprocess
from html import escape
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WIDTHS = (360, 800, 1400)
"""A phone, a tablet and a screen, in pixels."""
GAP = 10
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--hide-scrollbars",
)

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium to look at the page with")


def browse(*arguments: str) -> str:
    """Run Chromium without a window and without the net, and give what it writes."""
    command = [str(CHROMIUM), *FLAGS, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


def frames(page: str, height: int = 2400) -> str:
    """The page in frames of each width, side by side."""
    inside = "".join(
        f'<iframe width="{width}" height="{height}" style="border:0;margin-right:{GAP}px" '
        f'srcdoc="{escape(page)}"></iframe>'
        for width in WIDTHS
    )
    return f'<!DOCTYPE html><body style="margin:0;white-space:nowrap;background:#999">{inside}</body>'


def kept(name: str) -> Path:
    """Where a screenshot of this name stays."""
    chosen = os.environ.get("SIM_SCREENSHOTS")
    folder = Path(chosen) if chosen else Path(__file__).parents[2] / "results" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / name
