"""The evidence of a report, from the dialog of one browser to the operator's screen."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from infra.operator.evidence_key import public_key
from tests.browser.conftest import NewWindow
from tests.browser.window import MILLISECONDS_MAX, Window
from tests.gateway import REPOSITORY, Gateway, uploaded

FRAME_BYTES_MAX = 32 * 1024
STILL_BYTES_MAX = 8 * 1024


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("operator") / "evidence.key"


@pytest.fixture(scope="module")
def office(key: Path) -> Iterator[Gateway]:
    """A gateway whose operator has a key."""
    with Gateway(environment={"EVIDENCE_KEY": public_key(key)}, arguments=uploaded()) as running:
        yield running


def meet(one: Window, other: Window, interest: str, button: str) -> None:
    for window in (one, other):
        window.start(interest, button)
    for window in (one, other):
        window.expect_paired()


def say(speaker: Window, listener: Window, text: str) -> None:
    speaker.message_box.fill(text)
    speaker.message_box.press("Enter")
    listener.expect_line(text)


def watch(window: Window) -> list[dict[str, Any]]:
    """Collect every frame of a window's sockets, both ways, from its next connection on."""
    frames: list[dict[str, Any]] = []

    def follow(socket: Any) -> None:
        for way in ("framesent", "framereceived"):
            socket.on(way, lambda frame: frames.append(json.loads(str(frame))))

    window.page.on("websocket", follow)
    return frames


def tick(dialog: Locator, name: str) -> None:
    dialog.get_by_role("checkbox", name=re.compile(re.escape(name))).check()


def shown_by_the_operator(office: Gateway, case: str, key: Path, still: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "infra.operator", "--local", str(office.port), "--json", "show", case,
         "--key", str(key), "--still", str(still)],
        cwd=REPOSITORY, capture_output=True, text=True, check=True,
    )  # fmt: skip
    facts: dict[str, Any] = json.loads(done.stdout)
    return facts


def test_a_report_of_a_video_chat_brings_exactly_what_was_ticked_to_the_operator(
    new_window: NewWindow, office: Gateway, key: Path, tmp_path: Path, interest: str
) -> None:
    """Lines of both and a still, none ticked before, each shown before it is sent, and nothing else."""
    one, other = new_window(office.url), new_window(office.url)
    frames = watch(one)
    meet(one, other, interest, "Video chat")
    say(other, one, "send me money")
    say(one, other, "no")
    say(other, one, "not to be sent")
    say(other, one, "or else")
    expect(one.page.locator("#remote-video")).to_have_js_property("paused", False, timeout=MILLISECONDS_MAX)
    one.page.wait_for_function("document.querySelector('#remote-video').videoWidth > 0")

    one.button("Report").click()
    dialog = one.page.get_by_role("dialog", name="What's wrong?")
    boxes = dialog.get_by_role("checkbox")
    expect(boxes).to_have_count(5)
    assert [each.is_checked() for each in boxes.all()] == [False] * 5
    dialog.get_by_role("radio", name="Harassment or threats").check()
    for name in ("send me money", "You no", "or else", "A picture of the stranger"):
        tick(dialog, name)
    sent = dialog.locator("#report-sent")
    expect(sent).to_contain_text("(4)")
    expect(sent.locator("li")).to_have_text(
        ["Stranger, proved send me money", "You, not proved no", "Stranger, proved or else", "Picture, not proved"]
    )
    expect(sent.locator("img:not([hidden])")).to_have_count(1)
    dialog.get_by_role("button", name="Send report").click()
    expect(one.conversation).to_contain_text(re.compile("Case number: [A-Z2-7]{10}"), timeout=MILLISECONDS_MAX)

    (report,) = [frame for frame in frames if frame.get("action") == "report"]
    assert len(json.dumps(report)) < FRAME_BYTES_MAX
    case = re.findall("Case number: ([A-Z2-7]{10})", one.conversation.inner_text())[-1]
    still = tmp_path / "still.jpg"
    facts = shown_by_the_operator(office, case, key, still)
    told = {name.partition(", 2")[0]: said for name, said in facts.items() if ", line " in name}
    assert told == {
        "reported, line 1, proved": "send me money",
        "reporter, line 1, NOT PROVED, the reporter says so": "no",
        "reported, line 3, proved": "(1 left out) or else",
    }
    assert still.read_bytes()[:3] == b"\xff\xd8\xff"
    assert len(still.read_bytes()) <= STILL_BYTES_MAX


def test_a_report_that_was_begun_before_the_next_stranger_came_is_about_the_first(
    new_window: NewWindow, office: Gateway, key: Path, tmp_path: Path, interest: str
) -> None:
    """The dialog stays as it was, and a stranger who came meanwhile is not reported."""
    one, other, third = new_window(office.url), new_window(office.url), new_window(office.url)
    frames = watch(one)
    meet(one, other, interest, "Text chat")
    say(other, one, "nasty")
    first = next(frame["room"] for frame in frames if frame.get("type") == "paired")
    one.button("Report").click()
    dialog = one.page.get_by_role("dialog", name="What's wrong?")
    other.page.keyboard.press("Escape")
    other.page.keyboard.press("Escape")
    other.close()
    third.start(interest)
    third.expect_paired()
    say(third, one, "hello")
    dialog.get_by_role("radio", name="Hate").check()
    tick(dialog, "nasty")
    dialog.get_by_role("button", name="Send report").click()
    expect(one.conversation).to_contain_text(re.compile("Case number: [A-Z2-7]{10}"), timeout=MILLISECONDS_MAX)

    (report,) = [frame for frame in frames if frame.get("action") == "report"]
    assert report["room"] == first
    say(one, third, "still here")
    case = re.findall("Case number: ([A-Z2-7]{10})", one.conversation.inner_text())[-1]
    facts = shown_by_the_operator(office, case, key, tmp_path / "none.jpg")
    assert [said for name, said in facts.items() if ", proved" in name] == ["nasty"]
