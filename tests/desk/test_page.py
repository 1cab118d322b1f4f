"""The desk's page in a real browser: by keyboard, by two moderators, and as assistive technology meets it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from functions.chat.evidence import keeping
from functions.chat.evidence.keeping import Kept
from functions.chat.model.case import Case
from functions.chat.model.stamps import Line, bytes_of
from infra.operator.evidence_key import public_key
from tests.browser.soundness import violations
from tests.desk.conftest import Site

DAY = 86_400.0

Sit = Callable[..., Page]


def opened(site: Site, number: str, reason: str = "underage", note: str = "said so", device: str | None = None) -> str:
    """Put a case before all others."""
    subject = device or f"d.{number.lower()}"
    at = time.time() - 30 * DAY
    site.office.cases.open(Case(number, reason, at, (subject,), reporter_device="d.ada", note=note))
    return number


def show(page: Page, number: str) -> None:
    page.evaluate("(number) => { location.hash = `case/${number}`; }", number)
    expect(page.locator(".case-head .number")).to_have_text(number)


def decide(page: Page, key: str, *more: str) -> None:
    page.keyboard.press(key)
    expect(page.locator("#decide")).to_be_visible()
    for each in more:
        page.keyboard.press(each)
    page.keyboard.press("Enter")
    expect(page.locator("#decide")).to_be_hidden()


def ban_of(site: Site, number: str):
    key = f"d.{number.lower()}"
    return site.office.records.get([key])[key].ban


def test_the_queue_is_gone_through_and_a_case_decided_by_keyboard(site: Site, sit: Sit) -> None:
    """Each key does one thing; what the person will read stands there before, in their language."""
    first, second = opened(site, "KEYS000001", "sexual"), opened(site, "KEYS000002", "sexual")
    page = sit()
    page.locator("#filter").select_option("sexual")
    expect(page.locator("#rows li").first).to_contain_text(first)
    page.locator("#filter").blur()
    page.keyboard.press("j")
    expect(page.locator(".case-head .number")).to_have_text(first)
    expect(page.locator("#pane")).to_be_focused()

    page.keyboard.press("b")
    page.keyboard.press("1")
    dialog = page.locator("#decide")
    expect(dialog).to_contain_text("You're banned")
    expect(dialog).to_contain_text("Unwanted sexual content")
    dialog.get_by_label("Language").select_option("de")
    expect(dialog).to_contain_text("Unerwünschte sexuelle Inhalte")
    dialog.get_by_label("Language").select_option("ja")
    expect(dialog).to_contain_text("ルール違反でほかの人から通報されました。理由")
    dialog.get_by_label("Language").select_option("ar")
    expect(dialog.locator(".reads[dir=rtl][lang=ar]")).to_have_attribute("aria-live", "polite")
    dialog.get_by_role("button", name="Ban for a time").press("Enter")

    expect(page.locator(".case-head .number")).to_have_text(second)
    expect(page.locator("#rows")).not_to_contain_text(first)
    assert ban_of(site, first).until - time.time() == pytest.approx(DAY, abs=60)
    page.keyboard.press("4")
    expect(page.locator(".tabs [aria-current=page]")).to_have_text("Log")
    expect(page.locator("tbody tr").first).to_contain_text(first)
    expect(page.locator(".notice.good")).to_be_visible()


def test_the_case_that_is_open_stands_whole_below_the_head_of_the_queue(site: Site, sit: Sit) -> None:
    """Also on the way up, where the queue was scrolled."""
    page = sit()
    for key in "jjjjjjjjjjjjkkkkkkkkkkk":
        page.keyboard.press(key)
        row = page.locator("#rows a[aria-current]")
        row.wait_for()
        head, at = page.locator(".list-head").bounding_box(), row.bounding_box()
        assert head is not None and at is not None
        assert at["y"] >= head["y"] + head["height"]


def test_the_language_that_was_chosen_last_is_read_beforehand(site: Site, sit: Sit) -> None:
    """Whichever file comes first."""
    page = sit()
    waiting: list[Route] = []
    page.route("**/strings/fr.js", lambda route: waiting.append(route))  # noqa: PLW0108 - a function of C has no name
    show(page, opened(site, "LANGUAGES1", "spam"))
    page.keyboard.press("w")
    dialog = page.locator("#decide")
    for tag in ("fr", "de"):
        dialog.get_by_label("Language").select_option(tag)
    expect(dialog).to_contain_text("Keine Werbung")
    waiting.pop().continue_()
    page.wait_for_timeout(200)
    expect(dialog.locator(".reads")).to_contain_text("Keine Werbung")


def test_a_warning_is_read_beforehand_given_by_one_key_and_taken_back(site: Site, sit: Sit) -> None:
    """In the language of whom it is for, with the rule that goes with the reason."""
    number = opened(site, "WARNED0001", "spam")
    page = sit()
    show(page, number)
    page.keyboard.press("w")
    dialog = page.locator("#decide")
    expect(dialog).to_contain_text("asks you to keep to this rule: No advertising, begging or scams.")
    dialog.get_by_label("Language").select_option("de")
    expect(dialog).to_contain_text("Keine Werbung, kein Betteln, kein Betrug.")
    dialog.get_by_role("button", name="Warn").press("Enter")
    expect(dialog).to_be_hidden()
    key = f"d.{number.lower()}"
    given = site.office.records.get([key])[key].warning
    assert given is not None and given.reason == "spam"

    show(page, number)
    expect(page.locator(".case-head")).to_contain_text("Decided: Warn, by olga")
    expect(page.locator(".person").first).to_contain_text("not read yet")
    page.keyboard.press("t")
    expect(page.locator("#said")).to_contain_text("is taken back")
    expect(page.locator(".case-head")).to_contain_text("Warning taken back, by olga")
    assert site.office.records.get([key])[key].warning is None


def test_a_complaint_from_outside_is_read_with_its_law_and_answered_by_its_own_keys(site: Site, sit: Sit) -> None:
    """A key of reports does nothing there; words of strangers are text here, too."""
    said = "<b>Take it down</b>"
    asked = Case("OUTSIDE001", "intimate", time.time() - 60, note=said, place="https://example.org/", contact="a@b.c")
    site.office.cases.open(asked)
    page = sit()
    page.locator("#filter").select_option("intimate")
    expect(page.locator("#rows li").first).to_contain_text("Intimate picture")
    show(page, "OUTSIDE001")
    expect(page.locator(".case .words").first).to_have_text(said)
    expect(page.locator(".case")).to_contain_text("TAKE IT DOWN Act, 47 U.S.C. 223a")
    expect(page.locator(".case")).to_contain_text("a@b.c")
    page.locator(".case-head h1").click()
    page.keyboard.press("b")
    expect(page.locator("#decide")).to_be_hidden()

    decide(page, "a")
    case = site.office.cases.get("OUTSIDE001")
    assert case is not None and case.decision == "done"


def test_a_line_without_a_gap_stays_in_its_bubble(site: Site, sit: Sit) -> None:
    """A person who says what they say in one word of two thousand letters is read all the same."""
    number = opened(site, "ONEWORD001", note="W" * 500)
    sealed = keeping.seal(bytes_of(public_key(site.key)), number, 0, [Kept(Line(1, 1, "W" * 2000), time.time())], None)
    item = keeping.EvidenceItem(*keeping.evidence_key(number), sealed=sealed, expires_at=int(time.time() + DAY))
    site.office.table.put(item, keeping.EvidenceItem.pk.does_not_exist())
    page = sit()
    show(page, number)
    card = page.get_by_label("Handed over").bounding_box()
    assert card is not None
    for words in (page.locator(".quote").first, page.locator(".lines .words")):
        box = words.bounding_box()
        assert box is not None and box["width"] <= card["width"]


def test_of_two_moderators_one_decides_and_the_other_is_told(site: Site, sit: Sit) -> None:
    """Nothing of what the other wanted is done."""
    number = opened(site, "TWOATONCE1")
    olga, paul = sit("olga"), sit("paul")
    show(olga, number)
    show(paul, number)

    decide(paul, "d")
    decide(olga, "b")

    expect(olga.get_by_role("status")).to_contain_text("decided before: granted (dismiss, paul)")
    expect(olga.locator(".case-head")).to_contain_text("Dismiss, by paul")
    assert ban_of(site, number) is None


def test_a_long_ban_takes_a_second_pair_of_eyes(site: Site, sit: Sit) -> None:
    number = opened(site, "SECONDEYES")
    olga, paul = sit("olga"), sit("paul")
    show(olga, number)
    decide(olga, "g")
    expect(olga.locator("#said")).to_contain_text("second person")
    decide(olga, "g")
    assert ban_of(site, number) is None

    show(paul, number)
    expect(paul.locator(".case .notice")).to_contain_text("olga proposed: ban for good")
    decide(paul, "g")
    expect(paul.locator("#said")).to_contain_text("Locked out until")
    assert ban_of(site, number).until > time.time() + 3000 * DAY


def test_evidence_shows_what_is_proved_and_left_out_and_the_still_only_when_asked(site: Site, sit: Sit) -> None:
    page = sit()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    number = next(case for case in (f"DEMO{at:06}" for at in range(60)) if _has_still_and_gap(page, case))
    show(page, number)
    expect(page.locator(".lines .proved").first).to_be_visible()
    expect(page.locator(".lines .unproved").first).to_be_visible()
    expect(page.locator(".lines .gap").first).to_contain_text("left out")
    assert not any("api/still" in url for url in asked)

    page.keyboard.press("s")
    still = page.locator(".still")
    expect(still).to_be_visible()
    assert still.evaluate("(each) => getComputedStyle(each).filter") != "none"
    page.keyboard.press("s")
    expect(still).not_to_have_class("still blurred")


def _has_still_and_gap(page: Page, number: str) -> bool:
    found = page.evaluate("async (number) => (await fetch(`api/case?number=${number}`)).json()", number)["evidence"]
    return bool(found and found["has_still"] and any(line["left_out"] for line in found["lines"]))


def test_night_mode_blurs_all_that_people_said_until_it_is_asked_for(site: Site, sit: Sit) -> None:
    number = opened(site, "NIGHT00001", note="something bad")
    page = sit()
    show(page, number)
    page.keyboard.press("n")
    page.mouse.move(0, 0)
    words = page.locator(".case .words").first
    assert "blur" in words.evaluate("(each) => getComputedStyle(each).filter")

    words.click()
    page.mouse.move(0, 0)
    assert words.evaluate("(each) => getComputedStyle(each).filter") == "none"
    page.reload()
    expect(page.locator("#night")).to_have_attribute("aria-pressed", "true")


def test_strangers_words_are_text_and_nothing_else(site: Site, sit: Sit) -> None:
    number = opened(site, "MARKUP0001", note="<img src=x onerror=alert(1)><b>bold</b>")
    page = sit()
    show(page, number)

    expect(page.locator(".case .quote").first).to_have_text("<img src=x onerror=alert(1)><b>bold</b>")
    assert page.locator(".case .quote b").count() == 0


def test_cases_and_pseudonyms_are_found(site: Site, sit: Sit) -> None:
    number = opened(site, "FINDME0001", device="d.findme")
    page = sit()
    page.keyboard.press("/")
    page.keyboard.type("findme0001")
    page.keyboard.press("Enter")
    expect(page.locator(".case-head .number")).to_have_text(number)

    page.locator("#search").fill("d.findme")
    page.keyboard.press("Enter")
    expect(page.locator(".case")).to_contain_text("Was reported (1)")
    page.locator("#search").fill("nothing")
    page.keyboard.press("Enter")
    expect(page.locator("#pane")).to_contain_text("There is no case NOTHING")


def test_a_log_that_was_edited_is_shown_to_be(site: Site, sit: Sit) -> None:
    opened(site, "EDITED0001")
    page = sit("quinn")
    show(page, "EDITED0001")
    decide(page, "d")
    expect(page.locator(".case-head .number")).not_to_have_text("EDITED0001")
    page.keyboard.press("4")
    expect(page.locator(".notice.good")).to_be_visible()

    client = site.office.table._dynamodb.client
    (last,) = client.query(
        TableName=site.table,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": "audit"}},
        ScanIndexForward=False,
        Limit=1,
    )["Items"]
    try:
        client.put_item(TableName=site.table, Item={**last, "who": {"S": "somebody else"}})
        page.reload()
        expect(page.get_by_role("alert")).to_contain_text("The log was tampered with.")
        expect(page.get_by_role("alert")).to_contain_text("was changed")
    finally:
        client.put_item(TableName=site.table, Item=last)


def test_a_notice_is_planned_in_two_languages_and_taken_back(site: Site, sit: Sit) -> None:
    page = sit()
    page.keyboard.press("3")
    page.get_by_label("To everybody else").fill("Back at noon.")
    page.get_by_label("Add a language").select_option("de")
    page.get_by_label("To people who speak Deutsch").fill("Um zwölf zurück.")
    page.get_by_label("Close video chat").check()
    page.get_by_role("button", name="Plan it").click()

    plan = page.get_by_label("Planned")
    expect(plan).to_contain_text("video closed")
    expect(plan).to_contain_text("Um zwölf zurück.")
    (kept,) = site.office.switches.fetch().plans
    assert kept.words == (("", "Back at noon."), ("de", "Um zwölf zurück."))
    assert kept.until - kept.since == pytest.approx(DAY, abs=120)
    plan.get_by_role("button", name="Take back").click()
    expect(plan).to_be_hidden()
    assert site.office.switches.fetch().plans == ()


def test_a_queue_is_closed_and_opened(site: Site, sit: Sit) -> None:
    page = sit()
    page.keyboard.press("3")
    page.get_by_role("button", name="Close video").click()
    page.get_by_role("button", name="Open video").click()
    expect(page.get_by_role("button", name="Close video")).to_be_visible()
    assert site.office.switches.fetch().closed == frozenset()


def test_figures_are_drawn_and_stand_in_tables(site: Site, sit: Sit) -> None:
    page = sit()
    page.keyboard.press("2")
    plot = page.locator(".plot").first
    expect(plot.locator("svg")).to_have_attribute("aria-label", re.compile(r"Reports: \d+ in 30 days"))
    assert plot.locator("rect").count() > 5
    plot.locator("summary").click()
    expect(plot.locator("tbody tr")).to_have_count(30)
    page.get_by_label("Days", exact=True).select_option("7")
    expect(page.locator(".plot").first.locator("tbody tr")).to_have_count(7)


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_light_or_dark(site: Site, sit: Sit, width: int) -> None:
    """Queue, case, decision, history, log and help break no rule that a machine can check."""
    page = sit(viewport={"width": width, "height": 800})
    _expect_no_violations(page, "queue")
    page.keyboard.press("j")
    expect(page.locator(".case")).to_be_visible()
    _expect_no_violations(page, "case")
    for key in ("b", "?"):
        page.keyboard.press(key)
        expect(page.locator("dialog[open]")).to_be_visible()
        _expect_no_violations(page, key)
        page.keyboard.press("Escape")
    page.locator(".case a.key").first.click()
    expect(page.locator(".case h1")).to_have_text("History")
    _expect_no_violations(page, "history")
    for hash_, title in TABS:
        page.evaluate("(hash) => { location.hash = hash; }", hash_)
        expect(page.locator(".case h1")).to_have_text(title)
        _expect_no_violations(page, title)


# A finger hits each of them; a word in a line of facts is as low as its line.
TOO_LOW = """() => [...document.querySelectorAll(".tabs a, .rows a, .cases a, button, label:has(input)")]
  .filter((each) => each.checkVisibility() && each.getBoundingClientRect().height < 43.5)
  .map((each) => each.textContent)"""
TABS = (("figures", "Figures"), ("site", "Site"), ("log", "Log"))


def _expect_no_violations(page: Page, state: str) -> None:
    assert violations(page, "light", "dark") == [], state
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{state} is wider than the screen"
    assert page.evaluate(TOO_LOW) == [], state
