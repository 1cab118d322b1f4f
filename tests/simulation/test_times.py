"""Faults that the simulation could not see before it had a clock: each test plants one that would have passed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from functions.chat.conversation import departure, ending
from functions.chat.conversation.search import Search
from functions.chat.storage.attributes import TextsAttribute
from functions.chat.storage.store import Store
from functions.handlers import resume
from tests.simulation.explore import Exploration
from tests.simulation.invariants import Broken
from tests.simulation.rewriting import rewritten
from tests.simulation.scenarios import BY_NAME

# Each planted fault: its place, the scenario that shows it, and the words of the story then.
PLANTED: dict[str, tuple[Callable[..., Any], tuple[str, str], str, str]] = {
    "a clean close ends nothing where a line met the closed socket first": (
        Store.close_connection,
        ("if lost else stands", "if lost else stands & ConnectionItem.lost_at.does_not_exist()"),
        "message and hang up",
        "closed cleanly, and is still waited for",
    ),
    "a page that is left is waited for as long as a lost one where a line met it first": (
        departure._end_sooner,
        ("grace_seconds is not None and", "False and"),
        "message and a page is left",
        "still waited for 6 s later",
    ),
    "a lost one is waited for longer than the grace": (
        ending.lose,
        ("grace_seconds or backend.settings.grace_seconds", "2 * backend.settings.grace_seconds"),
        "cut off and message",
        "still waited for 16 s later",
    ),
    "who says that a socket died does not look again": (
        ending.tell_presence,
        ("if is_lost == is_away and not is_continued and not is_gone:", "if not is_gone:"),
        "resume and cut off",
        "believes peer_away",
    ),
    "who comes back is told nothing of a peer that is away": (
        resume._continue_room,
        ("if not ending.tell_presence(", "if ending.tell_presence("),
        "resume of one of two who were lost",
        "believes paired",
    ),
    "who comes back speaks to the socket that its peer had before": (
        ending.tell_presence,
        ("if is_gone and now.peer(seat).connection_id == peer.connection_id:", "if is_gone:"),
        "resume and resume",
        "believes peer_away",
    ),
    "only the newest token counts": (
        TextsAttribute.with_one_more,
        ("(self | []).append([text])", "_Whole((text,))"),
        "join, and join of one who waits",
        "was told a token last that continues nothing",
    ),
    "a resume is answered by the next frame alone": (
        resume._continue_room,
        ("backend.connections.post(new.id, invite(backend, room, seat, token)) is Delivery.GONE", "False"),
        "resume and message",
        "asked to resume, and got no answer",
    ),
    "who enters the queue waits for somebody else's look": (
        Search._leaves_waiting,
        (
            "if self._seeker.ticket_id is None and not self._wait():\n            return False",
            "if self._seeker.ticket_id is None:\n            return self._wait()",
        ),
        "join and join",
        "both wait, and nobody pairs them",
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_noticed_at_its_time(name: str) -> None:
    """By what is true once all handlers have ended, or once the grace has."""
    function, change, scenario, story = PLANTED[name]
    with rewritten(function, change), pytest.raises(Broken, match=story):
        Exploration().run(BY_NAME[scenario].world())


@pytest.mark.parametrize("scenario", sorted({scenario for _, _, scenario, _ in PLANTED.values()}))
def test_without_it_every_time_is_kept(scenario: str) -> None:
    """So what was noticed is the fault."""
    assert Exploration().run(BY_NAME[scenario].world()).ends > 0


def test_a_place_that_another_continues_is_forgotten_by_no_timer_and_no_close() -> None:
    """A client that never heard the answer shows the same token again."""
    forgets = (
        "stands = ConnectionItem.pk.exists() & ConnectionItem.continued_by.does_not_exist()",
        "stands = ConnectionItem.pk.exists()",
    )
    with (
        rewritten(Store.close_connection, forgets),
        pytest.raises(Broken, match="was continued, and that is forgotten"),
    ):
        Exploration().run(BY_NAME["resume and the old socket is said to be closed"].world())
