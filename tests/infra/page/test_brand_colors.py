"""A brand's colours are checked as people see them, in both themes; the derived colours are readable."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from infra.page import brand_colors
from infra.page.brand import Brand

STYLESHEET = (Path(__file__).parents[3] / "frontend" / "styles" / "colors.css").read_text()


def problems(accent: str = "", accent_dark: str = "", highlight: str = "") -> list[str]:
    brand = Brand(accent=accent, accent_dark=accent_dark, highlight=highlight)
    return list(brand_colors.problems(brand, STYLESHEET))


REFUSED = {
    "brand.accent cannot be #ffcc00: white words on it would have a contrast of 1.51 in the light theme, and WCAG AA "
    "asks for 4.5.": {"accent": "#ffcc00"},
    "brand.accent_dark cannot be #0a2b1f: a button on the page would have a contrast of 1.22 in the dark theme, and "
    "WCAG AA asks for 3.": {"accent": "#0a6b4f", "accent_dark": "#0a2b1f"},
    "brand.highlight cannot be #ff0000: words on it would have a contrast of 4.35 in the light theme, and WCAG AA asks "
    "for 4.5.": {"highlight": "#ff0000"},
}


@pytest.mark.parametrize("sentence", REFUSED)
def test_a_colour_that_cannot_be_read_is_a_sentence_with_its_figures(sentence: str) -> None:
    """The key, the theme, the text that people could not read, and how far it is off."""
    assert problems(**REFUSED[sentence])[0] == sentence


def test_colours_that_can_be_read_are_no_problem() -> None:
    """Among them the product's own, which are looked at in tests/frontend/colors.test.js."""
    assert problems() == []
    assert problems(accent="#453bbf", highlight="#ffbe46") == []
    assert problems(accent="#0a6b4f", highlight="#ffd166") == []


def test_contrast_is_that_of_the_standard() -> None:
    """Examples of WCAG's own working group."""
    assert brand_colors.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert brand_colors.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert brand_colors.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


def test_most_colours_that_white_can_be_read_on_make_a_whole_palette() -> None:
    """An operator gives one colour; links, hover and the dark theme follow, and are readable."""
    chance = random.Random(18)
    colours = [f"#{chance.randrange(0x1000000):06x}" for _ in range(400)]
    usable = [each for each in colours if brand_colors.contrast(each, "#ffffff") >= 4.5]
    refused = [each for each in usable if problems(accent=each)]

    assert len(usable) > 150
    assert refused == []


def test_words_in_the_glow_of_the_start_page_are_readable() -> None:
    """Words, small ones and links, with any two colours; axe does not look through gradients."""
    chance = random.Random(81)
    for _ in range(200):
        accent, highlight = (chance.choice(["", f"#{chance.randrange(0x1000000):06x}"]) for _ in range(2))
        changed = brand_colors.palette(Brand(accent=accent, highlight=highlight), STYLESHEET)
        lines = "".join(f"--{name}: light-dark({', '.join(pair)});" for name, pair in changed.items())
        colors = brand_colors.declared(STYLESHEET + lines)
        for theme in (0, 1):
            for glow, share in {"glow-above": 0.24, "glow-below": 0.2}.items():
                ground = brand_colors.mix(colors[glow][theme], colors["page"][theme], share)
                for words in ("text", "quiet-text", "accent-text"):
                    assert brand_colors.contrast(colors[words][theme], ground) >= 4.5, (accent, highlight, words, glow)
