"""The formats that both sides of the wire agree on fit the platform and the contract."""

from __future__ import annotations

import pytest

from functions.chat.protocol.events import encode


def test_an_event_travels_as_compact_utf_8():
    """Every byte of a message is paid for: no spaces, no escapes."""
    assert encode({"type": "message", "text": "né 😀"}) == '{"type":"message","text":"né 😀"}'.encode()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), "\ud800", {"\udfff": 1}])
def test_an_event_that_json_cannot_carry_is_never_sent(value):
    """A peer's parser would fail on it."""
    with pytest.raises(ValueError, match=r"JSON|surrogates"):
        encode({"type": "signal", "data": value})
