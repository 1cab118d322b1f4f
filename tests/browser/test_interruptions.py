"""Two windows whose server breaks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.conftest import NewWindow
from tests.browser.window import RECONNECTING, expect_meeting, expect_meeting_again
from tests.gateway import Gateway


@pytest.fixture
def own_gateway() -> Iterator[Gateway]:
    """A gateway that the test may kill."""
    with Gateway() as running:
        yield running


@pytest.mark.parametrize("crash", [False, True], ids=["stopped", "killed"])
def test_windows_find_back_when_the_server_returns(
    new_window: NewWindow, interest: str, own_gateway: Gateway, crash: bool
) -> None:
    """A server that goes is told in plain words; when it is back the windows connect and meet by themselves."""
    one, other = new_window(own_gateway.url), new_window(own_gateway.url)
    one.start(interest)
    other.start(interest)
    expect_meeting(one, other)

    (own_gateway.kill if crash else own_gateway.stop)()
    for window in (one, other):
        window.expect_told(RECONNECTING)
    own_gateway.start()
    expect_meeting_again(one, other)
