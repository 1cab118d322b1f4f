"""From one stranger to the next without a click that a key or a thumb could have spared."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.frontend.conftest import NewStage
from tests.frontend.stage import ROOM, Stage
from tests.frontend.states import paired, reading_above, talking

FOCUSED = "() => document.activeElement.id"
SWIPE = """([across, along]) => {
  const area = document.querySelector("#scroller");
  const at = (x, y) => new Touch({ identifier: 1, target: area, clientX: x, clientY: y });
  const send = (type, x, y) => area.dispatchEvent(new TouchEvent(type, {
    bubbles: true, touches: type === "touchend" ? [] : [at(x, y)], changedTouches: [at(x, y)] }));
  send("touchstart", 200, 300);
  send("touchmove", 200 + across / 2, 300 + along / 2);
  send("touchend", 200 + across, 300 + along);
}"""


# The changes of an event are drawn by then.
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def frames(stage: Stage, action: str) -> list[dict[str, object]]:
    return [frame for frame in stage.frames if frame["action"] == action]


def is_in_room(stage: Stage) -> bool:
    stage.page.wait_for_timeout(300)
    return not frames(stage, "skip") and not frames(stage, "leave")


def skip_by_mouse(stage: Stage) -> None:
    stage.page.locator("#skip").click()
    stage.page.locator("#skip").click()


def skip_by_keyboard(stage: Stage) -> None:
    stage.page.locator("#skip").focus()
    stage.page.keyboard.press("Enter")
    stage.page.keyboard.press("Enter")


def skip_by_escape_elsewhere(stage: Stage) -> None:
    stage.page.locator("#scroller").focus()
    stage.page.keyboard.press("Escape")
    stage.page.keyboard.press("Escape")


def be_left_on_report(stage: Stage) -> None:
    stage.page.locator("#skip").focus()
    stage.say("peer_left", room=ROOM, reason="skipped")
    stage.page.locator("#message:read-only").wait_for()


@pytest.mark.parametrize("leave", [skip_by_mouse, skip_by_keyboard, skip_by_escape_elsewhere, be_left_on_report])
def test_after_a_skip_the_next_line_typed_goes_to_the_next_stranger(stage: Stage, leave) -> None:
    talking(stage)
    leave(stage)
    stage.pair(room="room-2")
    stage.page.keyboard.type("hello there")
    stage.page.keyboard.press("Enter")

    stage.wait_for(lambda: [each["text"] for each in frames(stage, "message")][-1:] == ["hello there"], "the line")
    assert stage.page.evaluate(FOCUSED) == "message"


def test_a_letter_typed_anywhere_goes_to_the_message(stage: Stage) -> None:
    talking(stage)
    for place in ("scroller", "settings", "skip", "report", "stop"):
        stage.page.locator("#message").fill("")
        stage.page.locator(f"#{place}").focus()
        stage.page.keyboard.type(f"{place}, é?")
        expect(stage.page.locator("#message")).to_have_value(f"{place}, é?")


def test_keys_that_are_somebody_elses_stay_there(stage: Stage) -> None:
    """A shortcut, a key of a field in a dialog, the space bar on a button, the arrows in the conversation."""
    talking(stage)
    stage.page.locator("#scroller").focus()
    for key in ("Control+b", "Meta+b", "Alt+b", "ArrowUp", "PageUp", "Space", "Shift", "F2"):
        stage.page.keyboard.press(key)
        assert stage.page.evaluate(FOCUSED) == "scroller", key
    stage.page.locator("#report").click()
    stage.page.locator("#report-note").focus()
    stage.page.keyboard.type("why")

    expect(stage.page.locator("#report-note")).to_have_value("why")
    expect(stage.page.locator("#message")).to_have_value("")


def test_after_a_dialog_the_next_key_goes_to_the_message(stage: Stage) -> None:
    talking(stage)
    for dialog in ("report", "settings"):
        stage.page.locator(f"#{dialog}").click()
        expect(stage.page.get_by_role("dialog")).to_be_visible()
        stage.page.keyboard.press("Escape")
        expect(stage.page.get_by_role("dialog")).to_be_hidden()
        expect(stage.page.locator("#message")).to_be_focused()
    assert is_in_room(stage)


def test_escape_after_the_end_starts_again_in_the_last_mode(stage: Stage) -> None:
    stage.open()
    stage.start("video")
    stage.pair("video")
    for _ in range(2):
        stage.page.locator("#stop").click()
    expect(stage.page.locator("#ended")).to_be_visible()
    first = stage.page.locator("#ended .big-button").first
    expect(first).to_have_text("Video chat")
    stage.frames.clear()
    stage.page.keyboard.press("Escape")

    assert stage.wait_for_frame("join")["mode"] == "video"


def test_a_question_is_withdrawn_by_going_on_writing(stage: Stage) -> None:
    """The next Escape asks again, and skips nobody."""
    paired(stage)
    stage.page.keyboard.press("Escape")
    expect(stage.page.get_by_role("button", name="Really?")).to_be_visible()
    stage.page.keyboard.type("w")
    expect(stage.page.get_by_role("button", name="Skip", exact=True)).to_be_visible()
    stage.page.keyboard.press("Escape")

    assert is_in_room(stage)


HELD = [("message", "Escape"), ("skip", "Enter"), ("stop", "Enter"), ("scroller", "Escape")]


@pytest.mark.parametrize(("place", "key"), HELD)
def test_a_key_that_is_held_down_confirms_nothing(stage: Stage, place: str, key: str) -> None:
    paired(stage)
    stage.page.locator(f"#{place}").focus()
    for _ in range(8):
        stage.page.keyboard.down(key)
    stage.page.keyboard.up(key)

    assert is_in_room(stage)
    expect(stage.page.get_by_role("button", name="Really?")).to_be_visible()


def test_an_escape_that_is_not_bare_asks_nothing(stage: Stage) -> None:
    """It cancels an input method's candidate, or is a shortcut, or is held."""
    paired(stage)
    for fields in ({"isComposing": True}, {"keyCode": 229}, {"ctrlKey": True}, {"repeat": True}):
        stage.page.locator("#message").dispatch_event("keydown", {"key": "Escape", "bubbles": True, **fields})
        assert stage.page.get_by_role("button", name="Skip", exact=True).is_visible(), fields

    assert is_in_room(stage)
    expect(stage.page.get_by_role("button", name="Skip", exact=True)).to_be_visible()


def test_stop_asks_where_there_is_a_conversation_to_lose(stage: Stage) -> None:
    paired(stage)
    stage.page.get_by_role("button", name="Stop").click()
    assert is_in_room(stage)
    stage.page.get_by_role("button", name="Really?").click()
    expect(stage.page.locator("#ended-text")).to_be_focused()

    stage.page.keyboard.press("Escape")
    stage.page.get_by_role("button", name="Stop").click()
    expect(stage.page.locator("#ended")).to_be_visible()


def test_a_draft_is_not_carried_to_the_next_stranger_unless_it_is_asked_for(stage: Stage) -> None:
    paired(stage)
    stage.page.keyboard.type("half a thou")
    stage.say("peer_left", room=ROOM, reason="left")
    stage.pair(room="room-2")
    expect(stage.page.locator("#message")).to_have_value("")
    stage.page.keyboard.press("Enter")
    assert frames(stage, "message") == []

    stage.page.get_by_role("button", name="Put back").click()
    expect(stage.page.locator("#message")).to_have_value("half a thou")
    stage.page.keyboard.type("ght")
    stage.page.keyboard.press("Enter")
    assert stage.wait_for_frame("message")["text"] == "half a thought"


def test_a_line_that_was_sent_as_the_stranger_left_is_not_lost(stage: Stage) -> None:
    """It belongs to the room that is over, and can be put back."""
    paired(stage)
    stage.page.keyboard.type("wait for me")
    stage.say("peer_left", room=ROOM, reason="left")
    stage.say("paired", room="room-2", mode="text", polite=True, common=[], resume="token")
    stage.page.evaluate("() => document.querySelector('#composer').requestSubmit()")
    stage.page.locator("#put-back").wait_for()

    assert frames(stage, "message") == []


@pytest.mark.parametrize("way", [160, -160])
def test_a_swipe_skips_after_a_second_and_can_be_taken_back(new_stage: NewStage, way: int) -> None:
    """With all that moves on a page."""
    stage = new_stage(has_touch=True, viewport={"width": 390, "height": 844}, reduced_motion="no-preference")
    paired(stage)
    stage.page.evaluate(SWIPE, [way, 10])
    stage.page.get_by_role("button", name="Undo skip").click()
    stage.page.wait_for_timeout(1_200)
    assert is_in_room(stage)

    stage.page.evaluate(SWIPE, [way, 10])
    stage.wait_for_frame("skip")


def test_a_scroll_or_a_tap_is_no_swipe(new_stage: NewStage) -> None:
    stage = new_stage(has_touch=True, viewport={"width": 390, "height": 844})
    paired(stage)
    for movement in ((60, 0), (120, 110), (0, 200)):
        stage.page.evaluate(SWIPE, movement)
        stage.page.evaluate(TWO_FRAMES)
        assert stage.page.get_by_role("button", name="Undo skip").is_hidden(), movement
    stage.page.wait_for_timeout(1_200)

    assert is_in_room(stage)


@pytest.mark.parametrize("end", [skip_by_escape_elsewhere, be_left_on_report])
def test_a_reader_above_sees_the_end_and_what_comes_next(new_stage: NewStage, end) -> None:
    stage = new_stage(viewport={"width": 390, "height": 700})
    reading_above(stage)
    end(stage)

    expect(stage.page.locator(".note").last).to_be_in_viewport()
    expect(stage.page.locator("#search-text")).to_be_in_viewport()
    expect(stage.page.locator("#new-lines")).to_be_hidden()


@pytest.mark.parametrize("draft", ["", "a\n" * 40])
def test_nothing_covers_a_button(new_stage: NewStage, draft: str) -> None:
    """The pill of new lines stands above the composer, however high that is; a long draft leaves the talk its place."""
    stage = new_stage(viewport={"width": 360, "height": 640})
    reading_above(stage)
    stage.page.locator("#message").fill(draft)
    pill, composer = (stage.page.locator(each).bounding_box() for each in ("#new-lines", "#composer"))

    assert pill is not None and composer is not None
    assert pill["y"] + pill["height"] <= composer["y"]
    assert composer["height"] < 640 / 2
    stage.page.locator("#stop").click()
    stage.page.locator("#stop").click()
    expect(stage.page.locator("#new-lines")).to_be_hidden()


def test_a_reader_of_the_newest_line_still_reads_it_when_the_screen_has_turned(stage: Stage) -> None:
    """A scroll is told in the next picture, when a keyboard may have taken some of the height: nobody scrolled away."""
    talking(stage)
    below = stage.page.evaluate(
        """async () => {
        const area = document.querySelector("#scroller");
        const drawn = () => new Promise((done) => { requestAnimationFrame(() => { setTimeout(done); }); });
        await drawn();
        area.style.flex = "none";
        area.style.height = `${area.clientHeight / 2}px`;
        area.dispatchEvent(new Event("scroll"));
        await drawn();
        await drawn();
        return area.scrollHeight - area.scrollTop - area.clientHeight;
    }"""
    )
    assert below <= 1


def test_nothing_moves_for_a_person_who_wants_nothing_to_move(new_stage: NewStage) -> None:
    """Neither the search nor the typing, nor a conversation under a finger."""
    stage = new_stage(has_touch=True, viewport={"width": 390, "height": 844})
    stage.open()
    stage.start()
    lasting = "({ effect }) => effect.getComputedTiming().activeDuration > 1"
    running = f"() => document.getAnimations().filter({lasting}).length"
    stage.page.wait_for_timeout(100)
    assert stage.page.evaluate(running) == 0
    stage.pair()
    stage.say("typing", room=ROOM, on=True)
    stage.page.locator("#typing:not(.silent)").wait_for()
    stage.page.wait_for_timeout(100)
    assert stage.page.evaluate(running) == 0
    moved = "() => getComputedStyle(document.querySelector('#scroller')).transform"
    stage.page.locator("#scroller").evaluate("(area) => area.style.setProperty('--swipe', '50px')")
    assert stage.page.evaluate(moved) == "none"
