"""Every state of the page against the rules of accessibility that a machine can check."""

from __future__ import annotations

import pytest
from playwright.sync_api import ViewportSize

from tests.browser.soundness import too_small, violations
from tests.frontend.conftest import NewStage
from tests.frontend.stage import Stage
from tests.frontend.states import SCENES

# WCAG 1.4.10: nothing may need scrolling sideways at this width, which is 1280 pixels at 400 %.
NARROWEST: ViewportSize = {"width": 320, "height": 640}


@pytest.mark.parametrize("state", SCENES)
def test_a_state_is_sound_in_both_themes_and_fits_the_narrowest_screen(new_stage: NewStage, state: str) -> None:
    """axe finds nothing, light or dark; and at 320 pixels nothing sticks out, and a finger hits every control."""
    stage = new_stage(permissions=["camera", "microphone"])
    SCENES[state](stage)
    assert violations(stage.page, "light", "dark") == []

    stage.page.set_viewport_size(NARROWEST)
    outside = stage.page.evaluate(
        """() => [...document.querySelectorAll("body *")]
            .filter((element) => element.checkVisibility() && !element.closest("svg, .visually-hidden"))
            .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
            .map((element) => element.id || element.className || element.tagName)"""
    )
    assert outside == []
    assert too_small(stage.page) == []


BORDERS = """(selector) => {
  const { borderTopWidth, borderTopStyle, borderTopColor } = getComputedStyle(document.querySelector(selector));
  return [borderTopWidth, borderTopStyle, borderTopColor].join(" ");
}"""


def test_colours_that_a_device_forces_leave_every_state_to_be_told(stage: Stage) -> None:
    """Lines instead of backgrounds tell the speaker of each message, its arrival, and the question of a button."""
    SCENES["not delivered"](stage)
    stage.page.locator("#skip").click()
    stage.page.emulate_media(forced_colors="active")
    selectors = (".theirs .bubble", ".own:not([data-delivery=failed]) .bubble", ".own[data-delivery=failed] .bubble")
    seen = {stage.page.evaluate(BORDERS, selector) for selector in (*selectors, "#skip", "#send")}
    stage.page.emulate_media(forced_colors="none")

    assert len(seen) == len(selectors) + 2, seen
