"""With any frames of a stranger, the other page stays alive and honest."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewWindow
from tests.browser.hostile import HostilePeer
from tests.browser.window import MILLISECONDS_MAX, SECONDS_MAX, Window

SCRIPTS = [
    "<script>window.hacked=1</script>",
    '<img src=x onerror="window.hacked=1">',
    "<svg/onload=window.hacked=1>",
    "javascript:window.hacked=1",
    '"><iframe srcdoc="<script>parent.hacked=1</script>">',
    "{{constructor.constructor('window.hacked=1')()}}",
    "${window.hacked=1}",
    "</textarea></title></style><b>bold</b>",
]
BIDI = "\u202egnp.elif\u202c \u2066\u2067abc\u2069 \u200f"
ZALGO = "Z" + "\u0335\u0348\u030d\u0363" * 120
INVISIBLE = "\u200b\u2060\u00ad\u115f\u3164"
MEGABYTE = "x" * 1_000_000
# Of one candidate as browsers write them, in batches that fit a frame.
CANDIDATE = {"candidate": "candidate:1 1 udp 2122260223 192.0.2.1 54321 typ host", "sdpMid": "0", "sdpMLineIndex": 0}
BATCHES, BATCH = 100, 100
BAD_SIGNALS = [
    {},
    {"description": None},
    {"description": {"type": "offer", "sdp": "<script>window.hacked=1</script>"}},
    {"description": {"type": "offer", "sdp": "v=0\r\n" + "a=" + "x" * 20_000}},
    {"description": {"type": "answer", "sdp": ""}},
    {"description": {"type": "rollback"}},
    {"description": {"type": "nonsense", "sdp": 5}},
    {"description": [1, 2, 3], "generation": "x", "id": {}, "fragment": [[]]},
    {"candidates": "all of them"},
    {"candidates": [None, 5, "x", {}, {"candidate": 5}, {"candidate": "nonsense", "sdpMid": "0"}]},
    {"restart": True, "camera": "on", "microphone": {"on": []}, "generation": -1},
    {"__proto__": {"polluted": True}, "constructor": {"prototype": {"polluted": True}}},
    {"generation": 2**53, "candidates": [], "state": "x" * 20_000},
]


@pytest.fixture
def victim(new_window: NewWindow) -> Callable[[str], Window]:
    """Somebody with the product's page who waits."""

    def open_window(interest: str) -> Window:
        window = new_window()
        window.start(interest)
        window.expect_searching()
        return window

    return open_window


def expect_alive_and_honest(window: Window, peer: HostilePeer, room: str, seq: int) -> None:
    """The page still shows what is said, still sends, and none of the stranger's code has run."""
    peer.send("message", room=room, seq=seq, text="are you still there?")
    window.expect_line("are you still there?")
    window.say("yes, I am")
    while peer.hear("message")["text"] != "yes, I am":
        pass
    assert window.page.evaluate("window.hacked ?? {}.polluted ?? null") is None
    assert [each for each in window.complaints if "Content Security Policy" in each or "Uncaught" in each] == []


def test_scripts_in_lines_are_shown_as_they_are(victim, peer, interest):
    """Literally, and nothing of them runs or is fetched."""
    window = victim(interest)
    requests: list[str] = []
    window.page.on("request", lambda request: requests.append(request.url))
    room = peer.join(interest)
    window.expect_paired()
    for seq, script in enumerate(SCRIPTS, 1):
        peer.send("message", room=room, seq=seq, text=script)
        window.expect_line(script)

    assert window.conversation.locator("script, img, svg, iframe, a, b").count() == 0
    assert [url for url in requests if "/x" in url or "hacked" in url] == []
    expect_alive_and_honest(window, peer, room, len(SCRIPTS) + 1)


def test_scripts_in_interests_are_shown_as_they_are(new_window, peer):
    """Common interests come in one's own spelling, which was also somebody's to choose."""
    hostile = "<img src=x onerror=hacked>"
    window = new_window()
    window.start(hostile)
    room = peer.join(hostile)
    window.expect_paired()

    expect(window.conversation.get_by_text(hostile).first).to_be_visible(timeout=MILLISECONDS_MAX)
    assert window.conversation.locator("img").count() == 0
    expect_alive_and_honest(window, peer, room, 1)


def test_a_line_without_anything_visible_is_no_bubble(victim, peer, interest):
    """The next line is shown as always."""
    window = victim(interest)
    room = peer.join(interest)
    window.expect_paired()
    peer.send("message", room=room, seq=1, text=INVISIBLE)
    peer.send("message", room=room, seq=2, text="seen")

    window.expect_line("seen")
    expect(window.conversation.locator(".theirs .bubble")).to_have_count(1, timeout=MILLISECONDS_MAX)


@pytest.mark.parametrize("text", [BIDI, ZALGO, "W" * 2000, "\ufdfd" * 300, "👩‍👩‍👧‍👦" * 180, "\n" * 0 + "a\n" * 900])
def test_strange_text_stays_in_its_bubble(victim, peer, interest, text):
    """It turns around nothing beside it, hides nothing, and pushes nothing off the screen."""
    window = victim(interest)
    room = peer.join(interest)
    window.say("before")
    peer.send("message", room=room, seq=1, text=text)
    expect(window.conversation.locator(".theirs .bubble")).to_have_count(1, timeout=MILLISECONDS_MAX)

    bubble = window.conversation.locator(".theirs .bubble")
    style = bubble.evaluate("e => [getComputedStyle(e).overflowX, getComputedStyle(e).overflowY]")
    assert "visible" not in style, "ink of stacked marks would lie over other lines"
    assert bubble.locator("bdi").count() == 1, "directions would leak into the page"
    assert window.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(window.button("Skip")).to_be_in_viewport()
    expect(window.message_box).to_be_in_viewport()
    expect_alive_and_honest(window, peer, room, 2)


def test_a_stranger_cannot_speak_for_the_page(victim, peer, interest):
    """A line that imitates the page's own words is a stranger's line, to the eye and to a screen reader."""
    window = victim(interest)
    room = peer.join(interest)
    window.expect_paired()
    note = window.conversation.locator(".note").first.inner_text()
    for seq, text in enumerate([note, "You: hello", "The stranger left.", "Your connection was lost."], 1):
        peer.send("message", room=room, seq=seq, text=text)
    lines = window.conversation.locator(".theirs")
    expect(lines).to_have_count(4, timeout=MILLISECONDS_MAX)

    assert all(who.startswith("Stranger") for who in lines.locator(".who").all_inner_texts())
    window.expect_paired()
    expect_alive_and_honest(window, peer, room, 5)


def test_numbers_that_lie_break_no_order_and_no_memory(victim, peer, interest):
    """Lines out of order, again and far ahead; acknowledgements of what was never said."""
    window = victim(interest)
    room = peer.join(interest)
    window.expect_paired()
    for seq in (3, 2, 2, 9_999_999, 1, 1, 3, 500_000):
        peer.send("message", room=room, seq=seq, text=f"line {seq}", ack=5_000_000)
    peer.send("ack", room=room, ack=9_999_999)
    window.expect_line("line 3")

    shown = window.conversation.locator(".theirs .bubble").all_inner_texts()
    assert [line.strip() for line in shown] == ["line 1", "line 2", "line 3"]
    expect_alive_and_honest(window, peer, room, 4)


def test_a_storm_of_typing_does_not_make_the_page_slow(victim, peer, interest):
    """Frames beyond the rate are dropped on the way."""
    window = victim(interest)
    room = peer.join(interest)
    window.expect_paired()
    frame = {"action": "typing", "room": room}
    peer.send_text(*(json.dumps({**frame, "on": number % 2 == 0}) for number in range(200)))

    began = time.monotonic()
    expect_alive_and_honest(window, peer, room, 1)
    assert time.monotonic() - began < SECONDS_MAX


def test_a_megabyte_can_be_pasted_and_is_not_sent(victim, peer, interest):
    """The page says that it is too much, and goes on; what was pasted can be deleted again."""
    window = victim(interest)
    room = peer.join(interest)
    window.expect_paired()
    window.message_box.evaluate(
        """(box, text) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            box.focus();
            const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
            if (box.dispatchEvent(event)) document.execCommand("insertText", false, text);
        }""",
        MEGABYTE,
    )
    window.message_box.press("Enter")
    assert window.conversation.locator(".own").count() == 0

    window.message_box.fill("")
    expect_alive_and_honest(window, peer, room, 1)


# Signalling. The victim is in a video room and the stranger is no browser at all.


@pytest.fixture
def video_victim(new_window: NewWindow) -> Callable[[str], Window]:
    def open_window(interest: str) -> Window:
        window = new_window()
        window.start(interest, "Video chat")
        window.expect_searching()
        return window

    return open_window


def test_signals_that_make_no_sense_end_no_conversation(video_victim, peer, interest):
    """Each is refused or ignored; lines go on, and so does the next stranger's call."""
    window = video_victim(interest)
    room = peer.join(interest, "video")
    for signal in BAD_SIGNALS:
        peer.send("signal", room=room, data=signal)
    expect_alive_and_honest(window, peer, room, 1)

    window.skip()
    window.expect_searching()


def test_ten_thousand_candidates_do_not_stop_the_page(video_victim, peer, interest):
    """In batches, as fast as they can be sent; what the server lets through the page bears."""
    window = video_victim(interest)
    room = peer.join(interest, "video")
    frame = json.dumps({"action": "signal", "room": room, "data": {"candidates": [CANDIDATE] * BATCH}})
    peer.send_text(*([frame] * BATCHES))

    expect_alive_and_honest(window, peer, room, 1)


def test_offers_that_never_end_do_not_stop_the_page(video_victim, peer, interest):
    """A peer that always starts anew is a peer without a picture, and lines go on."""
    window = video_victim(interest)
    room = peer.join(interest, "video")
    offers = [{"description": {"type": "offer", "sdp": f"v=0\r\no=- {number} 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"},
               "generation": number, "id": f"offer {number}"} for number in range(150)]  # fmt: skip
    peer.send_text(*(json.dumps({"action": "signal", "room": room, "data": each}) for each in offers))

    expect_alive_and_honest(window, peer, room, 1)
