"""Pictures of every state of the page, and one sheet of each look: `python -m tests.frontend.screenshots [state ...]`.

They are written to `screenshots/`, which is not part of the repository; open `screenshots/index.html`.
"""

from __future__ import annotations

import html
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.browser import chromium
from tests.frontend.site import serve
from tests.frontend.stage import Stage
from tests.frontend.states import SCENES

FOLDER = Path(__file__).parents[2] / "screenshots"
DESKTOP = {"width": 1280, "height": 720}
PHONE = {"width": 390, "height": 844}
SMALL = {"width": 360, "height": 640}
HELD = {"has_touch": True, "is_mobile": True}

LOOKS: dict[str, dict[str, Any]] = {
    "desktop light": {"viewport": DESKTOP, "color_scheme": "light"},
    "desktop dark": {"viewport": DESKTOP, "color_scheme": "dark"},
    "phone light": {"viewport": PHONE, "color_scheme": "light", **HELD},
    "phone dark": {"viewport": PHONE, "color_scheme": "dark", **HELD},
    "phone arabic": {"viewport": PHONE, "color_scheme": "light", "locale": "ar", **HELD},
    "small german": {"viewport": SMALL, "color_scheme": "light", "locale": "de", **HELD},
    "small japanese": {"viewport": SMALL, "color_scheme": "dark", "locale": "ja", **HELD},
    "small hindi": {"viewport": SMALL, "color_scheme": "light", "locale": "hi", **HELD},
}
# The width to which the sheet's pictures are scaled.
SHEET_HEIGHT = 360


def take_all(wanted: list[str]) -> None:
    FOLDER.mkdir(exist_ok=True)
    states = [state for state in SCENES if not wanted or state in wanted]
    with serve() as url, sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        for look in LOOKS:
            for state in states:
                _take(browser, url, state, look)
        _lay_out(browser, states)
        browser.close()


def _take(browser: Browser, url: str, state: str, look: str) -> None:
    options = {"locale": "en-US", "service_workers": "block", "reduced_motion": "reduce"} | LOOKS[look]
    context = browser.new_context(**options)
    stage = Stage(context, url)
    SCENES[state](stage)
    stage.page.wait_for_timeout(250)
    stage.page.screenshot(path=_path(state, look))
    context.close()


def _lay_out(browser: Browser, states: list[str]) -> None:
    """Write the sheet as a page, and one picture of it for each look."""
    (FOLDER / "index.html").write_text("".join(_sheet(states, look) for look in LOOKS), encoding="utf-8")
    for look in LOOKS:
        sheet = FOLDER / f"{look.replace(' ', '-')}.html"
        sheet.write_text(_sheet(states, look), encoding="utf-8")
        page = browser.new_page(viewport={"width": 1800, "height": 400})
        page.goto(sheet.as_uri())
        page.screenshot(path=sheet.with_suffix(".png"), full_page=True)
        page.close()
        sheet.unlink()


def _sheet(states: list[str], look: str) -> str:
    figures = "".join(
        f'<figure style="margin:0"><img height="{SHEET_HEIGHT}" src="{_path(state, look).name}">'
        f"<figcaption>{html.escape(state)}</figcaption></figure>"
        for state in states
    )
    return (
        f'<meta charset="utf-8"><h2 style="font-family:sans-serif">{look}</h2>'
        f'<div style="display:flex;flex-wrap:wrap;gap:14px;font:13px sans-serif">{figures}</div>'
    )


def _path(state: str, look: str) -> Path:
    return FOLDER / f"{look} {state}.png".replace(" ", "-")


if __name__ == "__main__":
    take_all(sys.argv[1:])
