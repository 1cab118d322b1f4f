"""Every language in every place: it fits the smallest common phone, and no word is still another language's."""

from __future__ import annotations

import os
import re

import pytest
from playwright.sync_api import Browser, ViewportSize

from tests.browser import chromium
from tests.browser.soundness import too_small
from tests.frontend import states
from tests.frontend.conftest import NewStage
from tests.frontend.devices import take_clock
from tests.frontend.site import FOLDER
from tests.frontend.stage import Stage
from tests.frontend.states import Scene
from tests.tools import programs

LANGUAGES = ("en", "es", "pt", "fr", "de", "ar", "hi", "zh", "ja", "ru")
OWN_SCRIPTS = ("ar", "hi", "zh", "ja", "ru")
SMALL: ViewportSize = {"width": 360, "height": 640}
ON_ITS_SIDE: ViewportSize = {"width": 844, "height": 390}


def start_with_people(stage: Stage) -> None:
    take_clock(stage.page)
    stage.count_people(1234, busy=[11, 12, 13])
    stage.open()
    stage.page.locator("#online:not(:empty)").wait_for()


def search_in_vain(stage: Stage) -> None:
    stage.page.keyboard.press("Escape")
    states.grow_quiet(stage)


def after_another_try(come_there: Scene) -> Scene:
    """Lead from one closed door to the next."""

    def lead_on(stage: Stage) -> None:
        stage.frames.clear()
        stage.page.locator("#closed-again").click()
        stage.wait_for_frame("join")
        come_there(stage)

    return lead_on


def meet(stage: Stage) -> None:
    stage.pair(common=("chess", "films"))


def close_and_stop(stage: Stage) -> None:
    """Leave a dialog, and then the conversation."""
    stage.page.keyboard.press("Escape")
    states.stop(stage)


# The states with the most words of ours and the least room for them: each follows the one before on the same page.
WALK: dict[str, Scene] = {
    "landing": start_with_people,
    "settings": lambda stage: stage.page.locator("#settings").click(),
    "quiet search": search_in_vain,
    "warned": states.be_warned,
    "closed": after_another_try(states.find_closed),
    "banned": after_another_try(states.be_banned),
    "paired": after_another_try(meet),
    "talking": states.talk,
    "asked to skip": lambda stage: stage.page.locator("#skip").click(),
    "draft too long": states.write_too_much,
    "report": lambda stage: stage.page.locator("#report").click(),
    "stopped": close_and_stop,
}
# The words of people and operators, the languages' own names, and the names of products.
FOREIGN = "bdi, select, textarea, #notice, .theirs, .own, #languages, #previous, .unsupported, script, style"
NAMES = re.compile(r"Passerby|Esc|K7QF2M|chess|films|[ap]m|Video is closed until Monday\.")

STICKING_OUT = """() => [...document.querySelectorAll("body *")]
  .filter((each) => each.checkVisibility() && !each.closest("svg, .visually-hidden, .unsupported"))
  .filter((each) => {
    const { left, right } = each.getBoundingClientRect();
    const cut = each.matches("button, label, .chip") && each.clientWidth > 0 && each.scrollWidth > each.clientWidth + 1;
    return right > screen.width + 1 || left < -1 || cut; // a phone makes its window as wide as what sticks out
  })
  .map((each) => `${each.id || each.className || each.tagName}: ${each.textContent.trim().slice(0, 40)}`)"""

TURNED = """() => ["#skip", "#send"].map((button) => {
  const { transform } = getComputedStyle(document.querySelector(`${button} .icon`));
  return transform === "none" ? "1" : transform.match(/-?\\d/)[0];
})"""

WORDS = """(foreign) => {
  const found = [document.title];
  for (const each of document.querySelectorAll("body, body *")) {
    if (!each.checkVisibility() || each.closest(foreign)) continue;
    for (const name of ["aria-label", "placeholder", "title", "alt"]) found.push(each.getAttribute(name) ?? "");
    for (const node of each.childNodes) if (node.nodeType === Node.TEXT_NODE) found.push(node.data.trim());
  }
  return found;
}"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_fits_the_smallest_common_phone_and_none_has_a_word_of_english(
    new_stage: NewStage, language: str
) -> None:
    """Nothing sticks out or is cut off at 360 pixels, with words of any length; a finger hits every control.

    No word is still English in what is seen, what is read aloud and what stands in the title, wherever it comes from.
    Both ways to start are in sight however the phone is held, below the number of people.
    """
    stage = new_stage(locale=language, viewport=SMALL, has_touch=True, is_mobile=True)
    outside, english, small = {}, {}, {}
    for state, lead_there in WALK.items():
        lead_there(stage)
        outside[state] = stage.page.evaluate(STICKING_OUT)
        small[state] = too_small(stage.page)
        if language in OWN_SCRIPTS:
            english[state] = sorted({each for each in words_of(stage) if re.search(r"[A-Za-z]{2}", each)})
        if state == "talking":
            turned = stage.page.evaluate(TURNED)
            assert turned == (["-1", "-1"] if language == "ar" else ["1", "1"]), "arrows point the way that is read"
        if state == "landing":
            outside["start"] = ways_to_start_out_of_sight(stage)

    assert {state: found for state, found in outside.items() if found} == {}
    assert {state: found for state, found in small.items() if found} == {}
    assert {state: found for state, found in english.items() if found} == {}


def words_of(stage: Stage) -> list[str]:
    """Return every word, without names. A phone has them all: none is shown to a mouse alone."""
    return [NAMES.sub("", each) for each in stage.page.evaluate(WORDS, FOREIGN)]


def ways_to_start_out_of_sight(stage: Stage) -> list[str]:
    """Turn the phone on its side and back, and return for what one would have to scroll to begin."""
    found = []
    for size in (ON_ITS_SIDE, SMALL):
        stage.page.set_viewport_size(size)
        for button in ("#start-text", "#start-video"):
            box = stage.page.locator(button).bounding_box()
            if box is None or box["y"] + box["height"] > size["height"]:
                found.append(f"{button} at {size}: {box}")
    return found


@pytest.mark.parametrize("language", ["en", "de", "ja"])
def test_without_a_script_one_sentence_is_in_the_readers_language(browser: Browser, site: str, language: str) -> None:
    """The browser itself chooses it, by the language that it speaks, and the way on is in it."""
    speaking = {"LANGUAGE": language, "LANG": f"{language}.UTF-8", "LC_ALL": f"{language}.UTF-8"}
    own = browser.browser_type.launch(
        executable_path=programs.find("chromium"),
        args=[*chromium.ARGUMENTS, f"--lang={language}", f"--accept-lang={language}"],
        env={**os.environ, **speaking},
    )
    page = own.new_page(java_script_enabled=False, viewport=SMALL)
    page.goto(site)
    shown = [each for each in page.locator(".unsupported p").all() if each.bounding_box() is not None]

    assert [each.get_attribute("lang") for each in shown] == [language]
    assert "JavaScript" in shown[0].inner_text()
    own.close()


def test_that_sentence_is_there_in_every_language() -> None:
    """Each names its language; English is for all others."""
    page = (FOLDER / "index.html").read_text(encoding="utf-8")
    sentences = re.findall(r'<foreignObject(?: systemLanguage="(\w+)")?[^>]*><p lang="(\w+)"', page)

    assert sorted(named for _, named in sentences) == sorted(LANGUAGES)
    assert all(asked in {named, ""} for asked, named in sentences)
    assert sentences[-1] == ("", "en")
