"""The page as it is uploaded, bundled and under its versioned addresses, does what the written one does."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route, expect

from functions.chat.model import puzzle
from tests.frontend.conftest import NewStage
from tests.frontend.devices import Devices, prepare
from tests.frontend.site import serve, uploaded
from tests.frontend.stage import Stage
from tests.frontend.states import paired

# Of one visitor who talks in their own language: all that the server is asked for, the service worker's files included.
REQUESTS_MAX = 20
WORKER_IS_AT_WORK = "() => navigator.serviceWorker.controller !== null"
LATE_PICTURE = """addEventListener("DOMContentLoaded", () => {
  document.body.append(Object.assign(new Image(), { src: "/late.svg" }));
})"""
SHEETS = "() => [...document.styleSheets].map((sheet) => sheet.cssRules.length)"


@pytest.fixture(scope="module")
def asked() -> list[str]:
    """The paths that the server was asked for."""
    return []


@pytest.fixture(scope="module")
def site(asked: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The uploaded page, which tells what it was asked for."""
    with serve(uploaded(tmp_path_factory.mktemp("site")), asked) as url:
        yield url


@pytest.fixture
def devices(browser: Browser) -> Devices:
    """New ones for each test, which have nothing of the site in store."""
    return Devices(browser)


def test_two_talk_in_their_own_language(new_stage: NewStage, asked: list[str]) -> None:
    """The language's file comes, and everything before the first talk takes few requests, however far away one is."""
    asked.clear()
    stage = new_stage(locale="ar-EG", service_workers="allow")
    paired(stage)
    stage.write("مرحبا")
    stage.wait_for_frame("message")
    stage.hear(1, "hello")

    expect(stage.page.locator(".theirs")).to_contain_text("hello")
    expect(stage.page.locator("html")).to_have_attribute("dir", "rtl")
    stage.page.wait_for_function(WORKER_IS_AT_WORK)
    assert [path for path in asked if "/calls-" in path] == [], "what connects a call is for those who want video"
    assert any("/ar-" in path for path in asked)
    assert len(asked) <= REQUESTS_MAX - 1, asked  # the socket is one as well


def test_a_puzzle_is_solved_by_the_worker_that_was_uploaded(stage: Stage, asked: list[str]) -> None:
    """It has an address of its own, and comes with the first puzzle."""
    stage.open()
    stage.answers_joins = False
    stage.start()
    assert [path for path in asked if "solver" in path] == []
    told = {"mode": "text", "interests": [], "widened": False, "ticket": "t", "resume": "r"}
    stage.say("waiting", **told, puzzle=puzzle.make("secret", "person 1", 1 << 64 | 7, time.time()))
    stage.wait_for(lambda: any("solution" in frame for frame in stage.frames), "a solution")

    assert any(path.startswith("/v/") and path.endswith("/solver.js") for path in asked)


def test_the_code_of_the_call_comes_with_video(new_stage: NewStage, asked: list[str]) -> None:
    asked.clear()
    stage = new_stage(permissions=["camera", "microphone"])
    stage.open()
    stage.start("video")
    stage.pair("video")

    stage.wait_for(lambda: any("/calls-" in path for path in asked), "the code of the call")
    expect(stage.page.get_by_role("button", name="Mute")).to_be_visible()


def test_modules_of_a_call_are_fetched_again_by_the_tap_where_the_network_failed_before(
    new_stage: NewStage,
) -> None:
    stage = new_stage(permissions=["camera", "microphone"])
    refused: list[str] = []

    def refuse(route: Route) -> None:
        refused.append(route.request.url)
        route.abort()

    stage.page.route("**/call-*.js", refuse)
    stage.open()
    stage.wait_for(lambda: refused, "what shows a call")
    stage.page.unroute("**/call-*.js")
    stage.start("video")

    expect(stage.page.get_by_role("button", name="Mute")).to_be_visible()


def test_the_page_is_loaded_though_what_shows_a_call_comes_before_the_last_picture(
    stage: Stage, asked: list[str]
) -> None:
    """An element for a picture that has a stream, and nothing in it yet, would keep the browser loading for ever."""
    asked.clear()

    def answer_late(route: Route) -> None:
        stage.wait_for(lambda: any("/call-" in path for path in asked), "what shows a call")
        time.sleep(0.5)
        route.fulfill(content_type="image/svg+xml", body='<svg xmlns="http://www.w3.org/2000/svg"/>')

    prepare(stage.page, LATE_PICTURE)
    stage.page.route("**/late.svg", answer_late)
    stage.open()

    assert stage.page.evaluate("() => document.readyState") == "complete"


def test_the_styles_are_all_there(stage: Stage) -> None:
    """The first styles stand in the document, the others come after it; each has rules."""
    stage.open()
    rules = stage.page.evaluate(SHEETS)

    assert [count > 0 for count in rules] == [True, True]


def test_without_a_network_the_offline_page_comes_in_the_persons_language(new_stage: NewStage) -> None:
    stage = new_stage(locale="de-DE", service_workers="allow")
    stage.open()
    stage.page.wait_for_function(WORKER_IS_AT_WORK)
    stage.page.reload()
    stage.context.set_offline(True)
    stage.page.reload()

    expect(stage.page.get_by_role("heading", name="Du bist offline.")).to_be_visible()
    assert stage.page.evaluate("() => getComputedStyle(document.querySelector('.big-button')).borderRadius") != "0px"
    stage.complaints.clear()  # of the browser itself: the network is gone
