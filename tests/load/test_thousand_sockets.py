"""The local gateway holds a thousand people."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.gateway import Gateway
from tests.load import thousand_sockets

# Two cores, shared with other work, took a fifth of this.
PAIR_SECONDS_MAX = 100.0


@pytest.fixture
def own_gateway() -> Iterator[Gateway]:
    """A gateway on which nobody else is."""
    with Gateway() as running:
        yield running


@pytest.mark.long
@pytest.mark.timeout(600)
def test_a_thousand_people_meet_talk_skip_and_meet_again(own_gateway: Gateway) -> None:
    """All 1,000 who join within a second are paired, hear their peer's line, skip once, and are paired again."""
    figures = thousand_sockets.run(own_gateway.websocket_url)

    print(figures.table())
    assert figures.errors == []
    assert figures.lines == 2 * thousand_sockets.PEOPLE
    assert max(figures.to_pair + figures.to_pair_again) < PAIR_SECONDS_MAX
