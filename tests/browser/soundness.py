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

# A finger is to hit these: a control, or the label that it stands in; a box stands for the field in it. Chips, examples
# and the languages stand in rows of their like, and are smaller. The badge of a call is a sign that nobody hurries to.
TOO_SMALL = """() => {
  const aims = "button, a[href], select, summary, textarea, label:has(input), .interest-box";
  const leastOf = (each) => (each.closest(".chip, .examples, .languages-row") ? 36 : 44) - .5;
  return [...document.querySelectorAll(aims)]
    .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.closest(".unsupported, .call-badge"))
    .filter((each) => {
      const { width, height } = each.getBoundingClientRect();
      return Math.min(width, height) < leastOf(each);
    })
    .map((each) => `${each.id || each.textContent.trim().slice(0, 30)}: ${each.clientWidth} x ${each.clientHeight}`);
}"""


def violations(page: Page, *themes: Theme) -> list[str]:
    """Return what is wrong in each theme, and where; a document is given axe once."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(Axe().axe_script)
    found: list[str] = []
    for theme in themes:
        page.emulate_media(color_scheme=theme)
        found += [f"{theme}: {each}" for each in page.evaluate(FIND, RULES[theme])]
    return found


def too_small(page: Page) -> list[str]:
    """Return the controls that a finger may miss: WCAG's enhanced size, and a little less in rows of small ones."""
    found: list[str] = page.evaluate(TOO_SMALL)
    return found
