"""What both sides of the wire agree on fits the platform and the contract."""

from __future__ import annotations

import pytest

from functions import platform
from functions.chat.protocol import fields
from functions.chat.protocol.events import encode

# The longest envelope: action, room, sequence numbers, and the names of the fields.
ENVELOPE_BYTES = 300


def test_an_event_travels_as_compact_utf_8():
    """Every byte of a message is paid for: no spaces, no escapes."""
    assert encode({"type": "message", "text": "né 😀"}) == '{"type":"message","text":"né 😀"}'.encode()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), "\ud800", {"\udfff": 1}])
def test_what_json_cannot_carry_is_never_sent(value):
    """A peer's parser would fail on it."""
    with pytest.raises(ValueError, match=r"JSON|surrogates"):
        encode({"type": "signal", "data": value})


@pytest.mark.parametrize(
    "content_bytes_max",
    [fields.SIGNAL_BYTES_MAX, 4 * fields.TEXT_LENGTH_MAX, 4 * fields.NOTE_LENGTH_MAX],
    ids=["signal", "line", "note"],
)
def test_the_longest_content_fits_a_frame(content_bytes_max):
    """What the protocol allows never meets API Gateway's own limit, whose answer says nothing of the frame."""
    assert content_bytes_max + ENVELOPE_BYTES < platform.FRAME_BYTES_MAX
