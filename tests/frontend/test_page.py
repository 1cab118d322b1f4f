"""The page's answers to the person and the stranger, against a server of a few lines."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.frontend.conftest import NewStage
from tests.frontend.devices import prepare
from tests.frontend.stage import ROOM, Stage
from tests.frontend.states import paired, searching, talking

DARK_IS_KEPT = "async () => (await (await caches.match('/theme'))?.text()) === 'dark'"
# A scroll is told to the page before the next frame.
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def lines_of(stage: Stage) -> list[str]:
    return stage.page.locator("#lines .bubble").all_inner_texts()


def sent_texts(stage: Stage) -> list[str]:
    return [frame["text"] for frame in stage.frames if frame["action"] == "message"]


def test_enter_sends_and_shift_enter_breaks_the_line(stage: Stage) -> None:
    """As in every messenger; and an empty line is not sent."""
    paired(stage)
    stage.page.keyboard.type("one")
    stage.page.keyboard.press("Shift+Enter")
    stage.page.keyboard.type("two")
    stage.page.keyboard.press("Enter")
    stage.page.keyboard.press("Enter")
    stage.wait_for_frame("message")

    assert sent_texts(stage) == ["one\ntwo"]
    assert lines_of(stage) == ["one\ntwo"]


def test_enter_that_ends_a_composition_does_not_send(stage: Stage) -> None:
    """Japanese, Chinese and Korean are composed; there Enter chooses a word, in Safari told by the key code alone."""
    paired(stage)
    stage.page.locator("#message").fill("にほん")
    for fields in ({"isComposing": True}, {"keyCode": 229}):
        stage.page.locator("#message").dispatch_event("keydown", {"key": "Enter", "bubbles": True, **fields})
    stage.page.wait_for_timeout(200)
    assert sent_texts(stage) == []

    stage.page.locator("#message").press("Enter")
    stage.wait_for_frame("message")
    assert sent_texts(stage) == ["にほん"]


def test_an_interest_that_is_being_composed_is_whole_once_it_is_chosen(stage: Stage) -> None:
    """Its comma belongs to the composition, too; and Enter, which chooses a word, takes nothing."""
    stage.open()
    box, chips = stage.page.locator("#interests"), stage.page.locator("#chips .chip-text")
    box.focus()
    method = stage.tools()
    method.send("Input.imeSetComposition", {"text": "おんがく、", "selectionStart": 5, "selectionEnd": 5})
    for fields in ({"isComposing": True}, {"keyCode": 229}):
        box.dispatch_event("keydown", {"key": "Enter", "bubbles": True, **fields})
    assert chips.all_inner_texts() == []
    method.send("Input.insertText", {"text": "音楽、"})

    expect(chips).to_have_text(["音楽"])
    expect(box).to_have_value("")


def test_a_strangers_line_is_text_and_nothing_else(stage: Stage) -> None:
    """Markup is shown as it was written, addresses are not links, and each line keeps its own direction."""
    paired(stage)
    said = '<img src=x onerror="document.title=1"> https://example.com \u202eevil <b>bold</b>'
    stage.hear(1, said)
    stage.hear(2, "مرحبا")
    stage.page.locator(".theirs").nth(1).wait_for()

    assert lines_of(stage) == [said, "مرحبا"]
    assert stage.page.locator("#log :is(a, img, b)").count() == 0
    assert stage.page.locator(".theirs bdi[dir=auto]").count() == 2


def test_each_paragraph_of_a_line_has_its_own_direction(stage: Stage) -> None:
    """In one line of two scripts each stands at its own side."""
    paired(stage)
    stage.hear(1, "A line that is long enough to be seen\nسلم")
    stage.page.locator(".theirs").wait_for()
    gap = stage.page.evaluate(
        """() => {
        const words = document.querySelector(".theirs bdi").firstChild;
        const range = document.createRange();
        range.setStart(words, words.data.indexOf("\\n") + 1);
        range.setEnd(words, words.data.length);
        return words.parentElement.getBoundingClientRect().right - range.getBoundingClientRect().right;
    }"""
    )
    assert gap < 2


def test_a_reader_above_keeps_their_place_and_is_told_of_new_lines(stage: Stage) -> None:
    """New lines do not scroll; the button says how many there are and leads to them."""
    paired(stage)
    for seq in range(1, 60):
        stage.hear(seq, f"line {seq}")
    stage.page.get_by_text("line 59").wait_for()
    scroller = stage.page.locator("#scroller")
    scroller.evaluate("(element) => { element.scrollTop = 100 }")
    stage.page.evaluate(TWO_FRAMES)
    stage.hear(60, "line 60")
    stage.hear(61, "line 61")

    button = stage.page.get_by_role("button", name="2 new messages")
    button.wait_for()
    assert scroller.evaluate("(element) => element.scrollTop") == 100
    button.click()
    expect(stage.page.get_by_text("line 61")).to_be_in_viewport()
    expect(button).to_be_hidden()


def test_only_the_strangers_new_lines_are_announced(stage: Stage) -> None:
    """The log is a live region; own lines, deliveries, notes and what a reload brings back are kept out of it."""
    paired(stage)
    stage.write("mine")
    stage.hear(1, "theirs", ack=1)
    stage.page.locator(".theirs").wait_for()
    announced = stage.page.get_by_role("log", name="Conversation").locator("li:not([aria-live=off])")
    assert announced.all_inner_texts()[0].strip().startswith("Stranger:")
    assert announced.count() == 1
    assert stage.page.get_by_role("log").get_attribute("aria-live") == "polite"

    stage.page.reload()
    stage.page.get_by_text("theirs", exact=True).wait_for()
    assert announced.count() == 0


def test_escape_asks_then_goes_on_and_the_focus_stays_in_the_message(stage: Stage) -> None:
    """Two keys to the next stranger, with the hands where they are."""
    paired(stage)
    stage.page.keyboard.press("Escape")
    expect(stage.page.get_by_role("button", name="Really?")).to_be_visible()
    stage.page.keyboard.press("Escape")
    assert stage.wait_for_frame("skip")["room"] == ROOM

    stage.pair(room="room-2")
    expect(stage.page.get_by_role("textbox", name="Message")).to_be_focused()
    assert lines_of(stage) == []


def test_a_report_names_the_room_and_its_reason(stage: Stage) -> None:
    """The dialog is left by keyboard or with a report; the case number is told."""
    talking(stage)
    stage.page.get_by_role("button", name="Report", exact=True).click()
    stage.page.keyboard.press("Escape")
    expect(stage.page.get_by_role("dialog")).to_be_hidden()
    expect(stage.page.get_by_role("button", name="Skip")).to_be_visible()

    stage.page.get_by_role("button", name="Report", exact=True).click()
    stage.page.get_by_label("Hate").check()
    stage.page.get_by_label("Tell us more (optional)").fill("words")
    stage.page.get_by_role("button", name="Send report").click()
    report = {"action": "report", "room": ROOM, "reason": "hate", "note": "words", "ack": 5}
    assert stage.wait_for_frame("report") == report
    stage.say("reported", room=ROOM, case="K7")
    expect(stage.page.get_by_role("log")).to_contain_text("K7")


def test_a_report_without_an_answer_is_sent_again_by_a_page_that_was_stopped_and_loaded_anew(
    stage: Stage,
) -> None:
    """Nobody is looked for; what was kept of it is gone with the answer."""
    talking(stage)
    stage.page.get_by_role("button", name="Report", exact=True).click()
    stage.page.get_by_label("Hate").check()
    stage.page.get_by_role("button", name="Send report").click()
    report = stage.wait_for_frame("report")
    stage.page.locator("#stop").click()
    stage.wait_for_frame("leave")
    stage.frames.clear()

    stage.page.reload()

    assert stage.wait_for_frame("report") == report
    assert [frame["action"] for frame in stage.frames] == ["report"]
    expect(stage.page.get_by_role("button", name="Text")).to_be_visible()
    stage.say("reported", room=ROOM, case="K7")
    kept = "sessionStorage.getItem('passerby.session')"
    stage.wait_for(lambda: stage.page.evaluate(kept) in (None, "null"), "nothing kept")


def test_a_reload_goes_on_with_conversation_draft_and_numbers(stage: Stage) -> None:
    """The page resumes by its token; what was said and what was begun are there again."""
    talking(stage)
    before = lines_of(stage)
    stage.page.locator("#message").fill("half a thou")
    stage.frames.clear()
    stage.page.reload()
    assert stage.wait_for_frame("resume") == {"action": "resume", "token": "token"}
    stage.say("paired", room=ROOM, mode="text", polite=True, common=[], resume="token2")

    expect(stage.page.locator("#message")).to_have_value("half a thou")
    assert lines_of(stage) == before
    stage.page.locator("#message").press("Enter")
    stage.wait_for(lambda: sent_texts(stage), "the line")
    assert [frame["seq"] for frame in stage.frames if frame["action"] == "message"] == [5]


def test_a_duplicated_tab_leaves_the_conversation_to_the_first(stage: Stage) -> None:
    """Two tabs of one person do not fight: the copy starts at the beginning."""
    talking(stage)
    stage.page.wait_for_function("() => sessionStorage.getItem('passerby.session')?.includes('chatting')")
    memory = stage.page.evaluate("() => sessionStorage.getItem('passerby.session')")
    copy = Stage(stage.context, stage.url)
    prepare(copy.page, f"sessionStorage.setItem('passerby.session', {json.dumps(memory)})")
    copy.open()
    copy.page.wait_for_timeout(500)

    expect(copy.page.get_by_role("button", name="Text chat")).to_be_visible()
    assert copy.frames == []
    expect(stage.page.get_by_role("status")).to_have_text("Connected to a stranger")


def test_a_conversation_is_saved_as_a_file_on_the_device(stage: Stage, tmp_path: Path) -> None:
    """Each line with who said it; nothing is sent anywhere for it."""
    talking(stage)
    stage.page.get_by_role("button", name="Stop").click()
    stage.page.get_by_role("button", name="Really?").click()
    with stage.page.expect_download() as download:
        stage.page.get_by_role("button", name="Save conversation").click()
    download.value.save_as(tmp_path / "saved.txt")
    saved = (tmp_path / "saved.txt").read_text(encoding="utf-8")

    assert re.search(r"Stranger: Hello! How are you\?\n.*You: Hi\. Fine", saved)
    assert download.value.suggested_filename.startswith("passerby-")


def test_the_browsers_languages_are_sent_and_can_be_changed(new_stage: NewStage) -> None:
    """Without regions, and from then on as the person says; with none of them anybody is understood."""
    stage = new_stage(locale="de-CH")
    stage.open()
    stage.page.get_by_role("combobox", name="Sprache hinzufügen").select_option("fr")
    stage.page.get_by_role("button", name="Textchat").click()
    assert stage.wait_for_frame("join")["languages"] == ["de", "fr"]

    again = Stage(stage.context, stage.url)
    again.open()
    for name in ("Deutsch", "Französisch"):
        again.page.get_by_role("button", name=f"{name} entfernen").click()
    again.page.get_by_role("button", name="Textchat").click()
    assert "languages" not in again.wait_for_frame("join")


def test_the_wish_can_be_changed_while_waiting(stage: Stage) -> None:
    """An example is a tap away; each change is another search, which begins narrow."""
    stage.open()
    stage.start()
    expect(stage.page.locator("#search")).to_contain_text("Looking for someone who speaks English")
    stage.page.get_by_text("Change interests and languages").click()
    stage.frames.clear()
    stage.page.get_by_role("button", name="Add Music").click()

    assert stage.wait_for_frame("join")["interests"] == ["Music"]
    expect(stage.page.locator("#search")).to_contain_text("Looking for someone into Music")


def test_two_people_are_told_what_they_share(stage: Stage) -> None:
    """Interests in their own words, languages in the page's."""
    stage.open()
    stage.start(interests="chess")
    stage.pair(common=("chess",), languages=["de", "en"])

    expect(stage.page.get_by_role("log")).to_contain_text("You both like chess. You both speak German and English.")


def test_interests_become_chips_in_any_script_and_are_remembered(stage: Stage) -> None:
    """Commas of any script part them, twice the same is once, and what is half entered counts."""
    stage.open()
    box = stage.page.get_by_role("textbox", name="Interests")
    box.press_sequentially("chess,音楽、موسيقى،Chess,")
    box.fill("films")
    stage.page.get_by_role("button", name="Text chat").click()

    assert stage.wait_for_frame("join")["interests"] == ["chess", "音楽", "موسيقى", "films"]
    again = Stage(stage.context, stage.url)
    again.open()
    assert again.page.locator("#chips .chip-text").all_inner_texts() == ["chess", "音楽", "موسيقى", "films"]
    again.page.get_by_role("button", name="Remove 音楽").click()
    assert again.page.locator("#chips .chip-text").all_inner_texts() == ["chess", "موسيقى", "films"]


@pytest.mark.parametrize(
    ("reason", "automatic", "said", "unsaid"),
    [
        *(
            (
                reason,
                True,
                [
                    *("Other people reported you", "This was decided automatically.", "A program counted reports"),
                    *("The rules: Be 18 or older. Nothing sexual", "minors. Be decent:", "threats. No advertising"),
                    *("can't talk to anyone here", "go to court", "Case K7QF2M.", "A person will read it."),
                ],
                "Reason:",
            )
            for reason in ("other", "harassment")
        ),
        (
            "harassment",
            False,
            [
                *("Other people reported you", "Reason: Harassment or threats.", "A person decided this."),
                *("can't talk to anyone here", "The rule: Be decent: no harassment", "go to court", "Case K7QF2M."),
            ],
            "A program counted",
        ),
        ("other", False, ["Reason: Something else.", "The rule: Be decent"], "The rules:"),
        ("flood", True, ["This browser sent far too much at once.", "can't talk to anyone here"], "reported"),
        ("operator", False, ["The operator of this site banned this browser.", "go to court"], "reported"),
    ],
)
def test_a_ban_says_what_it_is_for(stage: Stage, reason: str, automatic: bool, said: list[str], unsaid: str) -> None:
    """A statement of reasons: what, until when, on which facts and rule, automatic or not, and where to go against it.

    Where no person decided, no one reason is told, whatever a server sends. Nobody reports a flood: it is counted.
    Nor is there a report where the operator bans by hand.
    """
    searching(stage)
    stage.say(
        "error", code="banned", message="No.", until=1_900_000_000, reason=reason, case="K7QF2M", automatic=automatic
    )

    shown = stage.page.get_by_role("main")
    for words in said:
        expect(shown).to_contain_text(words)
    expect(shown).not_to_contain_text(unsaid)


@pytest.mark.parametrize(
    ("reason", "rule"),
    [
        ("underage", "Be 18 or older."),
        ("sexual", "Nothing sexual unless the other person agrees"),
        ("harassment", "Be decent"),
        ("hate", "Be decent"),
        ("spam", "No advertising"),
        ("other", "Be decent"),
        ("a newer one", "Be decent"),
    ],
)
def test_a_warning_says_which_rule_and_one_tap_leads_on(stage: Stage, reason: str, rule: str) -> None:
    """It is not a ban: nobody appeals, and the search that was wished for goes on."""
    stage.answers_joins = False
    stage.open()
    stage.start("text", interests="chess,")
    stage.say("error", code="warned", message="Read this.", reason=reason, case="K7QF2M", action="join")

    shown = stage.page.get_by_role("main")
    expect(shown.get_by_role("heading", name="A warning")).to_be_focused()
    expect(shown).to_contain_text(rule)
    expect(shown).to_contain_text("Case K7QF2M.")
    expect(stage.page.locator("#appeal")).to_be_hidden()
    stage.frames.clear()
    shown.get_by_role("button", name="I've read it").click()
    join = stage.wait_for_frame("join")
    assert (join["read"], join["interests"]) == ("K7QF2M", ["chess"])


def test_under_eighteen_sticks(stage: Stage) -> None:
    """The answer is remembered by this browser, and nothing can be started any more."""
    stage.open()
    stage.page.get_by_role("button", name="I am under 18").click()
    stage.page.get_by_role("button", name="Really?").click()
    expect(stage.page.get_by_role("heading", name="Come back when you're 18")).to_be_focused()
    stage.page.reload()

    expect(stage.page.get_by_role("heading", name="Come back when you're 18")).to_be_visible()
    expect(stage.page.get_by_role("button", name="Text chat")).to_be_hidden()


def test_the_language_can_be_switched_in_the_midst_of_a_chat(stage: Stage) -> None:
    """Words, direction and what was noted change at once; what people said does not."""
    talking(stage)
    before = lines_of(stage)
    stage.page.get_by_role("button", name="Settings").click()
    stage.page.locator("#language").select_option("ar")
    stage.page.keyboard.press("Escape")

    expect(stage.page.locator("html")).to_have_attribute("dir", "rtl")
    expect(stage.page.get_by_role("status")).to_have_text("متصل بشخص غريب")
    expect(stage.page.locator(".note").first).to_contain_text("ألقِ التحية")
    assert lines_of(stage) == before


def test_the_chosen_theme_is_there_before_any_script(new_stage: NewStage) -> None:
    """The service worker answers for the theme's style sheet, so nothing flashes."""
    stage = new_stage(service_workers="allow", color_scheme="light")
    stage.open()
    stage.page.evaluate("async () => { await navigator.serviceWorker.ready }")
    stage.page.get_by_role("button", name="Settings").click()
    stage.page.get_by_label("Appearance").select_option("dark")
    stage.page.wait_for_function(DARK_IS_KEPT)
    stage.page.route("**/*.js", lambda route: route.abort())
    stage.page.reload()

    assert stage.page.evaluate("() => getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_without_a_network_a_page_of_our_own_is_shown(new_stage: NewStage) -> None:
    """It comes from the service worker, in the page's own style."""
    stage = new_stage(service_workers="allow")
    stage.open()
    stage.page.evaluate("async () => { await navigator.serviceWorker.ready }")
    stage.context.set_offline(True)
    stage.page.reload()

    expect(stage.page.get_by_role("heading", name="You're offline.")).to_be_visible()
    assert stage.page.evaluate("() => getComputedStyle(document.querySelector('.big-button')).borderRadius") == "32px"
    stage.complaints.clear()  # The browser's own words about the network.


def test_a_line_while_the_person_looks_elsewhere_shows_in_the_title(stage: Stage) -> None:
    """The count goes when they are back."""
    paired(stage)
    stage.page.evaluate("() => { document.hasFocus = () => false }")
    stage.hear(1, "psst")
    stage.hear(2, "hello?")
    stage.wait_for(lambda: stage.page.title().startswith("(2)"), "the count")
    stage.page.evaluate("() => window.dispatchEvent(new Event('focus'))")

    assert stage.page.title().startswith("Passerby")


def test_a_chat_by_keyboard_alone(stage: Stage) -> None:
    """From the top of the page to a chat, through its controls, to the end and back: the focus is never lost."""
    stage.open()
    focused = "() => document.activeElement.id"
    for _ in range(12):
        stage.page.keyboard.press("Tab")
        if stage.page.evaluate(focused) == "start-text":
            break
    stage.page.keyboard.press("Enter")
    stage.wait_for_frame("join")
    stage.pair()
    assert stage.page.evaluate(focused) == "message"
    stage.page.keyboard.type("hello")
    stage.page.keyboard.press("Enter")
    stage.wait_for_frame("message")
    for _ in range(3):
        stage.page.keyboard.press("Shift+Tab")
    seen = []
    for _ in range(6):
        seen.append(stage.page.evaluate(focused))
        stage.page.keyboard.press("Shift+Tab")
    assert "stop" in seen or "report" in seen
    stage.page.locator("#stop").focus()
    stage.page.keyboard.press("Enter")
    stage.page.keyboard.press("Enter")
    expect(stage.page.locator("#ended-text")).to_be_focused()
    stage.page.locator("#home").focus()
    stage.page.keyboard.press("Enter")
    expect(stage.page.get_by_role("button", name="Text chat")).to_be_focused()


def test_the_first_paint_does_not_wait_for_a_script(stage: Stage) -> None:
    """Even when no script ever comes, the page is painted and says what it is."""
    stage.page.route("**/*.js", lambda _: None)
    stage.page.goto(stage.url, wait_until="commit")

    expect(stage.page.get_by_role("heading", name="Talk to a stranger passing by.")).to_be_visible()
    stage.wait_for(
        lambda: stage.page.evaluate("() => performance.getEntriesByName('first-contentful-paint').length"), "the paint"
    )


def test_a_search_can_be_held_or_widened_by_hand(stage: Stage) -> None:
    """Held, it never widens; widened, it says so."""
    stage.open()
    stage.start(interests="chess")
    expect(stage.page.locator("#search")).to_contain_text("Looking for someone into chess")
    stage.page.get_by_role("button", name="Keep to my interests").click()
    expect(stage.page.locator("#search")).to_contain_text("however long it takes")
    stage.frames.clear()
    stage.page.get_by_role("button", name="Anyone now").click()

    assert stage.wait_for_frame("join")["widen"] is True
    expect(stage.page.locator("#search")).to_contain_text("Looking for anyone")


def test_a_lost_server_is_told_and_found_again(stage: Stage) -> None:
    """The words are plain, and the search goes on by itself."""
    searching(stage)
    stage.cut()
    expect(stage.page.get_by_role("status")).to_have_text("Can't reach Passerby. Trying again…")
    stage.frames.clear()
    stage.accepts_sockets = True

    stage.wait_for_frame("resume")


def test_the_server_knows_this_browser_again_by_the_token_it_gave(stage: Stage) -> None:
    """The token is kept and shown in the address of the next connection, with a proof of age that was brought along."""
    searching(stage)
    stage.say("waiting", mode="text", interests=[], widened=False, device="d-1", resume="token")
    stage.page.wait_for_function("() => localStorage.getItem('passerby.device') !== null")
    again = Stage(stage.context, f"{stage.url}/#age=p.r.oof")
    searching(again)

    assert again.sockets[0].url.endswith("/ws?device=d-1&age=p.r.oof")
    assert "#" not in again.page.url
