"""How many people are here, on the start: said when it is known, and nothing moves for it."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect

from tests.frontend.conftest import NewStage
from tests.frontend.devices import take_clock
from tests.frontend.stage import Stage

SAID = {
    "en": ("1 person is here now", "1,234 people are here now"),
    "de": ("Gerade ist 1 Person hier", "Gerade sind 1.234 Personen hier"),
    "ru": ("Сейчас здесь 1 человек", "Сейчас здесь 1 234 человека"),
    "ar": ("شخص واحد هنا الآن", "1,234 شخصًا هنا الآن"),
    "ja": ("いま1人がいます", "いま1,234人がいます"),
}


def layout(stage: Stage) -> object:
    """Return where everything of the start stands."""
    return stage.page.evaluate(
        "[...document.querySelectorAll('#landing *')]"
        ".filter((each) => each.id !== 'online' && !each.closest('.street'))"
        ".map((each) => JSON.stringify(each.getBoundingClientRect()))"
    )


@pytest.mark.parametrize("language", SAID)
def test_the_start_says_how_many_people_are_here(new_stage: NewStage, language: str) -> None:
    """In the person's language, with its plurals and its way to write numbers."""
    stage = new_stage(locale=language)
    for number, said in zip((1, 1234), SAID[language], strict=True):
        stage.count_people(number)
        stage.open()
        expect(stage.page.locator("#online")).to_have_text(re.compile(re.escape(said).replace("\\ ", r"\s")))


def normal(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_moves_when_the_number_comes_and_goes(new_stage: NewStage, width: int) -> None:
    """A person who is about to press a button presses that button."""
    stage = new_stage(viewport={"width": width, "height": 700})
    stage.open()
    expect(stage.page.locator("#online")).to_be_empty()
    before = layout(stage)

    other = new_stage(viewport={"width": width, "height": 700})
    other.count_people(1234)
    other.open()
    expect(other.page.locator("#online")).not_to_be_empty()
    assert layout(other) == before


@pytest.mark.parametrize(
    "told",
    [{"online": 0, "until": 9e9}, {"online": "5", "until": 9e9}, {"online": 5}, {"online": 5, "until": 1}, {}, []],
)
def test_a_number_that_is_none_or_too_old_is_not_said(stage: Stage, told: object) -> None:
    """The site stopped counting: nobody knows, so nothing is said."""
    asked: list[str] = []
    stage.page.on("requestfinished", lambda request: asked.append(request.url))
    stage.page.route("**/online.json", lambda route: route.fulfill(json=told))
    stage.open()
    stage.wait_for(lambda: any(url.endswith("/online.json") for url in asked), "the question")

    expect(stage.page.locator("#online")).to_be_empty()


def test_a_clock_that_is_wrong_by_hours_changes_nothing(stage: Stage) -> None:
    """Only the site's own clock counts."""
    take_clock(stage.page, time.time() + 5 * 3600)
    stage.count_people(7)
    stage.open()

    expect(stage.page.locator("#online")).to_have_text("7 people are here now")


def test_the_number_is_asked_for_again_while_the_start_is_shown(stage: Stage) -> None:
    """Once a minute, and not during a conversation, where nobody reads it."""
    take_clock(stage.page)
    stage.count_people(7)
    stage.open()
    expect(stage.page.locator("#online")).to_have_text("7 people are here now")

    stage.count_people(8)
    stage.page.clock.fast_forward(61_000)
    expect(stage.page.locator("#online")).to_have_text("8 people are here now")

    stage.start()
    asked: list[str] = []
    stage.page.on("request", lambda request: asked.append(request.url))
    stage.page.clock.fast_forward(61_000)
    assert [url for url in asked if url.endswith("/online.json")] == []
