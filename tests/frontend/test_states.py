"""Every state of the page against the rules of accessibility that a machine can check."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ViewportSize

from tests.frontend.conftest import NewStage
from tests.frontend.states import SCENES

# WCAG 1.4.10: nothing may need scrolling sideways at this width, which is 1280 pixels at 400 %.
NARROWEST: ViewportSize = {"width": 320, "height": 640}
# In the dark only colours are others: no style asks for the theme but `light-dark()`.
RULES: dict[Literal["light", "dark"], dict[str, Any]] = {
    "light": {},
    "dark": {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}},
}


@pytest.mark.parametrize("state", SCENES)
def test_a_state_is_sound_in_both_themes_and_fits_the_narrowest_screen(new_stage: NewStage, state: str) -> None:
    """axe finds nothing, light or dark; and at 320 pixels nothing sticks out."""
    stage = new_stage(reduced_motion="reduce", permissions=["camera", "microphone"])
    SCENES[state](stage)
    for scheme, rules in RULES.items():
        stage.page.emulate_media(color_scheme=scheme)
        found = Axe().run(stage.page, options={"resultTypes": ["violations"], **rules})
        assert found.violations_count == 0, f"{scheme}:\n{found.generate_report()}"

    stage.page.set_viewport_size(NARROWEST)
    outside = stage.page.evaluate(
        """() => [...document.querySelectorAll("body *")]
            .filter((element) => element.checkVisibility() && !element.closest("svg, .visually-hidden"))
            .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
            .map((element) => element.id || element.className || element.tagName)"""
    )
    assert outside == []
