"""A site in a brand of its own, as it is uploaded: a person never sees another name, and reads it in any theme."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from infra.page import brand, dress
from tests.frontend.conftest import NewStage
from tests.frontend.site import FOLDER, serve, uploaded
from tests.frontend.stage import Stage
from tests.frontend.states import searching

NAME = "L'Angle & Co"
ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path fill="#0a6b4f" d="M0 0h8v8H0z"/></svg>'
OWN = {
    "name": NAME,
    "tagline": "Meet around the corner.",
    "words": {"de": {"tagline": "Triff wen bei {site}."}},
    "accent": "#0a6b4f",
    "highlight": "#ffd166",
    "icon": "icon.svg",
    "donation_url": "https://give.example.org/",
}
WORKER_IS_AT_WORK = "() => navigator.serviceWorker.controller !== null"
KEEP = """async ([date, words]) => {
  const cache = await caches.open((await caches.keys()).find((name) => name.includes("offline")));
  await cache.put("/offline.html", new Response(words, { headers: { date, "content-type": "text/html" } }));
}"""
KEPT = "caches.match('/offline.html').then((kept) => kept.text())"
KEPT_HAS = f"(words) => {KEPT}.then((kept) => kept.includes(words))"
# Everything that a person can read or hear of the page, and what the browser says of it.
READ = "() => document.title + document.documentElement.outerHTML"
FILL = "() => getComputedStyle(document.querySelector('#start-text')).backgroundColor"
PAINTED = "() => document.querySelector('.mark').getBoundingClientRect().width"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The uploaded page of an operator with a brand."""
    home = tmp_path_factory.mktemp("operator")
    (home / "icon.svg").write_text(ICON)
    worn = dress.make(brand.read(OWN), FOLDER, home)
    with serve(uploaded(tmp_path_factory.mktemp("site"), worn)) as url:
        yield url


def test_the_name_is_the_operators_in_every_language(stage: Stage) -> None:
    """In the title, the header, what the page says when the server is gone; and no policy is broken by it."""
    searching(stage)
    stage.cut()
    stage.page.locator("#settings").click()
    for language in ("de", "es", "fr", "ar", "hi", "ja", "pt", "ru", "zh", "en"):
        stage.page.locator("#language").select_option(language)
        expect(stage.page.locator("html")).to_have_attribute("lang", language)
        for place in (".brand-name", "#status"):
            expect(stage.page.locator(place)).to_contain_text(NAME)
        expect(stage.page).to_have_title(re.compile(f"{NAME}|^●"))
        assert "Passerby" not in stage.page.evaluate(READ), language
    stage.complaints[:] = [each for each in stage.complaints if "WebSocket" not in each]


def test_the_operators_words_and_colours_are_those_of_the_page(new_stage: NewStage) -> None:
    """In the language that they are written for, and the product's own in the others."""
    stage = new_stage(locale="de-DE", color_scheme="light")
    stage.open()

    expect(stage.page.get_by_role("heading", level=1)).to_have_text(f"Triff wen bei {NAME}.")
    expect(stage.page.get_by_role("link", name="Spenden")).to_have_attribute("href", "https://give.example.org/")
    assert stage.page.title() == f"{NAME}: Triff wen bei {NAME}."
    assert stage.page.evaluate(FILL) == "rgb(10, 107, 79)"
    assert stage.page.evaluate(PAINTED) > 20
    assert stage.page.evaluate("() => fetch('/brand/icon.svg').then((answer) => answer.status)") == 200


def test_without_scripts_the_name_is_there_too(new_stage: NewStage) -> None:
    """And the words of the start page, in English."""
    stage = new_stage(java_script_enabled=False)
    stage.page.goto(stage.url)

    expect(stage.page.get_by_role("heading", level=1)).to_have_text("Meet around the corner.")
    expect(stage.page.get_by_role("link", name="Donate")).to_be_visible()
    assert "Passerby" not in stage.page.content()


def test_without_a_network_the_page_is_the_operators(new_stage: NewStage) -> None:
    """Its name, its picture and its colours."""
    stage = new_stage(locale="en-US", service_workers="allow", color_scheme="light")
    stage.open()
    stage.page.wait_for_function(WORKER_IS_AT_WORK)
    stage.page.reload()
    stage.context.set_offline(True)
    stage.page.reload()

    expect(stage.page.get_by_role("heading", name="You're offline.")).to_be_visible()
    assert stage.page.title() == f"{NAME}: you are offline"
    assert stage.page.evaluate("() => document.querySelector('img').naturalWidth") > 0
    button = "() => getComputedStyle(document.querySelector('.big-button')).backgroundColor"
    assert stage.page.evaluate(button) == "rgb(10, 107, 79)"
    stage.complaints.clear()  # of the browser itself: the network is gone


def test_a_new_name_reaches_the_copy_that_a_browser_keeps(new_stage: NewStage) -> None:
    """No script changes with a brand, so the service worker looks at the age of its copy."""
    stage = new_stage(locale="en-US", service_workers="allow")
    stage.open()
    stage.page.wait_for_function(WORKER_IS_AT_WORK)
    stage.page.evaluate(KEEP, ["Wed, 01 Jan 2025 00:00:00 GMT", "an earlier name"])
    stage.page.reload()
    stage.wait_for(lambda: stage.page.evaluate(KEPT_HAS, "Angle"), "the operator's name of today")

    stage.page.evaluate(KEEP, [stage.page.evaluate("() => new Date().toUTCString()"), "of today"])
    stage.page.reload()
    stage.page.wait_for_timeout(300)
    assert stage.page.evaluate(f"{KEPT}.then((words) => words.includes('of today'))")


def test_an_installed_page_has_the_operators_name(stage: Stage) -> None:
    stage.open()
    manifest = json.loads(stage.page.evaluate("() => fetch('/manifest.webmanifest').then((each) => each.text())"))

    assert (manifest["name"], manifest["theme_color"]) == (NAME, "#0a6b4f")
    assert [each["src"] for each in manifest["icons"]] == ["/brand/icon.svg"]
