"""The form of people who are no users: it sends what the law wants, and tells the number and how it stands."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from functions.chat.model.complaints import KINDS
from tests.browser.soundness import violations
from tests.frontend.conftest import NewStage
from tests.frontend.site import FOLDER
from tests.frontend.stage import Stage

CASE_LENGTH_MAX = 32
COMPLAINT_LENGTH_MAX = 2000
CONTACT_LENGTH_MAX = 200
NAME_LENGTH_MAX = 100
PLACE_LENGTH_MAX = 500

FILES = sorted(FOLDER.glob("complaint*.html"))
LENGTHS = {
    "text": COMPLAINT_LENGTH_MAX,
    "place": PLACE_LENGTH_MAX,
    "contact": CONTACT_LENGTH_MAX,
    "name": NAME_LENGTH_MAX,
    "case": CASE_LENGTH_MAX,
}
SAID = {"text": "A recording of me.", "place": "https://example.org/1", "contact": "ada@example.org", "name": "Ada"}
ANSWER = {"case": "K7QF2MABCD", "kind": "intimate", "state": "open", "due": 1_800_000_000}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_form_has_every_kind_with_its_clock_and_every_limit(path) -> None:
    """In every language; a kind that the law wants signed is marked as such."""
    page = path.read_text()
    options = re.findall(r'<option value="(\w+)"( data-signed)?>.*?(\d+)', page)

    hours = {code: (bool(signed), int(number)) for code, signed, number in options}
    assert hours == {
        code: (kind.is_signed, kind.hours if kind.hours < 72 else kind.hours // 24) for code, kind in KINDS.items()
    }
    lengths = dict(re.findall(r'name="(\w+)" maxlength="(\d+)"', page))
    assert {name: int(most) for name, most in lengths.items()} == LENGTHS


def opened(new_stage: NewStage, **options: Any) -> Stage:
    stage = new_stage(**options)
    stage.url = f"{stage.url.rstrip('/')}/complaint.html"
    stage.open()
    return stage


def fill(page: Page, kind: str) -> None:
    page.locator("#kind").select_option(kind)
    for name, text in SAID.items():
        page.locator(f"#complaint [name={name}]").fill(text)
    page.locator("[name=honest]").check()


def answer(stage: Stage, **fields: Any) -> None:
    stage.sockets[-1].send(json.dumps({"type": "complained", **fields}))


def state(page: Page, form: str = "complaint") -> Any:
    return expect(page.locator(f"#{form} [role=status]"))


def test_a_complaint_is_sent_and_its_number_shown(new_stage: NewStage) -> None:
    """The form is empty again: nobody sends it twice by mistake."""
    stage = opened(new_stage)
    fill(stage.page, "intimate")
    stage.page.locator("#complaint button").click()

    assert stage.wait_for_frame("complain") == {"action": "complain", "kind": "intimate", "honest": True, **SAID}
    answer(stage, **ANSWER)
    state(stage.page).to_contain_text("Your number is K7QF2MABCD")
    state(stage.page).to_contain_text("2027")
    expect(stage.page.locator("[name=text]")).to_have_value("")


@pytest.mark.parametrize("missing", ["place", "contact", "name"])
def test_fields_that_the_law_wants_are_asked_for_before_anything_is_sent(new_stage: NewStage, missing: str) -> None:
    stage = opened(new_stage)
    fill(stage.page, "order")
    stage.page.locator(f"[name={missing}]").fill("")
    stage.page.locator("#complaint button").click()

    assert stage.page.evaluate("document.activeElement.name") == missing
    assert stage.sockets == []
    stage.page.locator("#kind").select_option("illegal")
    stage.page.locator("#complaint button").click()
    assert stage.wait_for_frame("complain")["kind"] == "illegal"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"state": "open"}, "is not decided yet"),
        ({"state": "done"}, "something was done"),
        ({"state": "refused"}, "nothing we can or must do"),
    ],
)
def test_a_number_tells_how_it_stands(new_stage: NewStage, said: dict[str, str], words: str) -> None:
    stage = opened(new_stage)
    stage.page.locator("[name=case]").fill("K7QF2MABCD")
    stage.page.locator("[name=case]").press("Enter")

    assert stage.wait_for_frame("complain") == {"action": "complain", "case": "K7QF2MABCD"}
    answer(stage, **{**ANSWER, **said})
    state(stage.page, "question").to_contain_text(words)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("rate_limited", "try again in an hour"),
        ("invalid_message", "missing or too long"),
        ("unknown_case", "no complaint with this number"),
        ("busy", "can't be reached just now"),
    ],
)
def test_a_refusal_is_said_and_nothing_that_was_written_is_lost(new_stage: NewStage, code: str, words: str) -> None:
    stage = opened(new_stage)
    fill(stage.page, "intimate")
    stage.page.locator("#complaint button").click()
    stage.wait_for_frame("complain")
    stage.say("error", code=code, message="", action="complain")

    state(stage.page).to_contain_text(words)
    expect(stage.page.locator("[name=text]")).to_have_value(SAID["text"])
    expect(stage.page.locator("#complaint button")).to_be_enabled()


def test_a_lost_connection_is_said(new_stage: NewStage) -> None:
    stage = opened(new_stage)
    fill(stage.page, "child")
    stage.page.locator("#complaint button").click()
    stage.wait_for_frame("complain")
    stage.sockets[-1].close()

    state(stage.page).to_contain_text("can't be reached just now")


@pytest.mark.parametrize("name", ["complaint.html", "complaint.ar.html"])
def test_axe_finds_nothing_and_nothing_sticks_out(new_stage: NewStage, name: str) -> None:
    stage = new_stage(viewport={"width": 360, "height": 640})
    stage.url = f"{stage.site}/{name}"
    stage.open()
    stage.page.locator("#kind").select_option("order")

    assert violations(stage.page, "light", "dark") == []
    assert stage.page.evaluate("document.documentElement.scrollWidth") <= 360
