"""What the operator closes is closed, and what they say is told."""

from __future__ import annotations

import pytest

from functions.chat.storage.switches import KEPT_SECONDS
from infra.operator.site import NOTICE_LENGTH_MAX
from tests.functions.doorstep import come
from tests.infra.operator.conftest import Desk


def test_a_queue_that_is_closed_takes_nobody_until_it_is_opened(desk: Desk):
    """The handlers see it within ten seconds."""
    ada = come(desk.world, "Ada")
    assert "Closed: video" in desk.ask("close", "video")
    ada.join("video")
    assert ada.inbox[-1]["code"] == "closed"
    ada.join("text")
    assert ada.inbox[-1]["type"] == "waiting"

    assert "Closed: nothing" in desk.ask("open", "video")
    desk.world.pass_time(KEPT_SECONDS)
    ada.join("video")
    assert ada.inbox[-1]["type"] == "waiting"


def test_everything_can_be_closed_at_once(desk: Desk):
    """And opened one by one."""
    desk.ask("close", "all")
    assert desk.data("status") == {"text": "closed", "video": "closed", "notice": ""}
    desk.ask("open", "text")
    assert desk.data("status") == {"text": "open", "video": "closed", "notice": ""}


def test_a_notice_is_told_until_there_is_none(desk: Desk):
    """In any script; the switches are not touched by it."""
    desk.ask("close", "video")
    assert "Wir ruhen um Mitternacht" in desk.ask("notice", " Wir ruhen um Mitternacht. ")
    ada = come(desk.world, "Ada")
    ada.join()
    assert ada.last("waiting")["notice"] == "Wir ruhen um Mitternacht."

    assert "Notice: none" in desk.ask("notice")
    assert desk.data("status") == {"text": "open", "video": "closed", "notice": ""}


@pytest.mark.parametrize("text", ["x" * (NOTICE_LENGTH_MAX + 1), "two\nlines", "a \u202e trick", "\x1b[31m"])
def test_a_notice_that_would_not_look_as_it_is_written_is_refused(desk: Desk, text: str):
    """One line, without what changes direction or colour."""
    assert "one line" in desk.fails("notice", text)
