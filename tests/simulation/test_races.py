"""The same promises on a real DynamoDB server; `python -m tests.simulation.races` runs 200 rounds."""

from __future__ import annotations

from tests.simulation.races import raced

ROUNDS = 4


def test_sixteen_who_join_and_skip_at_once_keep_every_promise_on_a_real_server() -> None:
    """Sixteen threads, the product's own client, HTTP, and a table that is atomic by itself."""
    assert raced(ROUNDS) == []
