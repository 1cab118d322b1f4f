"""Draw the page's PNG pictures from their SVG sources: `python -m tests.frontend.draw_pictures`.

Phones and link previews take no SVG. Run it when a source has changed; the results are part of the repository.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

IMAGES = Path(__file__).parents[2] / "frontend" / "images"
# Name of the result, its source, and its size in pixels.
PICTURES = (
    ("icon-192.png", "app.svg", 192, 192),
    ("icon-512.png", "app.svg", 512, 512),
    ("card.png", "card.svg", 1200, 630),
)


def draw_all() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, source, width, height in PICTURES:
            page = browser.new_page(viewport={"width": width, "height": height})
            _draw(page, IMAGES / source, IMAGES / name)
        browser.close()


def _draw(page: Page, source: Path, result: Path) -> None:
    page.set_content(f"<style>body{{margin:0}}svg{{display:block;width:100vw}}</style>{source.read_text()}")
    page.screenshot(path=result)


if __name__ == "__main__":
    draw_all()
