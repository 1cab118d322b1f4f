"""The faults that axe finds in a page, by the rules of accessibility that a machine can check."""

from __future__ import annotations

from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

Theme = Literal["light", "dark"]
# In the dark only colours are others: no style asks for the theme but `light-dark()`.
RULES: dict[Theme, dict[str, Any]] = {
    "light": {},
    "dark": {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}},
}
FIND = """async (options) => (await axe.run(document, { resultTypes: ["violations"], ...options })).violations
  .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`))"""


def violations(page: Page, *themes: Theme) -> list[str]:
    """Return what is wrong in each theme, and where; a document is given axe once."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(Axe().axe_script)
    found: list[str] = []
    for theme in themes:
        page.emulate_media(color_scheme=theme)
        found += [f"{theme}: {each}" for each in page.evaluate(FIND, RULES[theme])]
    return found
