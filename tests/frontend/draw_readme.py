"""Draw the picture of the README, from the page itself: `python -m tests.frontend.draw_readme`."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.browser import chromium
from tests.frontend.screenshots import LOOKS
from tests.frontend.site import serve
from tests.frontend.stage import Stage
from tests.frontend.states import SCENES

RESULT = Path(__file__).parents[2] / "docs" / "images" / "passerby.png"
HEIGHT = 520
# A state of the page and how it is looked at, from left to right.
SHOWN = (("landing with people", "phone light"), ("talking", "desktop light"), ("talking", "phone dark"))


def draw() -> None:
    """Lay the states side by side."""
    RESULT.parent.mkdir(exist_ok=True)
    with serve() as url, sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        pictures = "".join(_figure(_take(browser, url, state, look)) for state, look in SHOWN)
        page = browser.new_page(viewport={"width": 1400, "height": HEIGHT + 40})
        page.set_content(f'<div style="display:inline-flex;gap:20px;padding:20px;background:#e4e3f1">{pictures}</div>')
        page.add_style_tag(content="body { margin: 0 }")
        page.locator("div").screenshot(path=RESULT)
        browser.close()


def _take(browser: Browser, url: str, state: str, look: str) -> bytes:
    options: dict[str, Any] = {"locale": "en-US", "service_workers": "block", "reduced_motion": "reduce"} | LOOKS[look]
    context = browser.new_context(**options)
    stage = Stage(context, url)
    SCENES[state](stage)
    stage.page.wait_for_timeout(250)
    picture = stage.page.screenshot()
    context.close()
    return picture


def _figure(picture: bytes) -> str:
    source = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
    return f'<img src="{source}" style="height:{HEIGHT}px;border-radius:14px;box-shadow:0 6px 24px #2223">'


if __name__ == "__main__":
    draw()
