"""mine: answered to the device that asks, and about nobody else."""

from __future__ import annotations

import pytest

from functions.chat.entry.warm_up import USES, warm
from functions.routes import BY_KEY
from tests.functions.chat.privacy.visits import known, mine, prepared, whole_visit
from tests.functions.doorstep import CAFE, HOME, come, device_of, report
from tests.functions.tables import rights_used
from tests.functions.world import World


def test_the_answer_is_about_the_device_whose_token_was_shown(world: World) -> None:
    """It comes to the socket that asked, and to no other of that device."""
    ada, token = known(world, "Ada", HOME)
    bo = come(world, "Bo", address=CAFE)
    report(ada, bo)
    world.news()
    tab = come(world, "Ada's other tab", address=HOME, token=token)
    answer = mine(tab)

    assert (answer["type"], answer["did"], answer["locked"]) == ("mine", "show", False)
    assert "report" in {each["kind"] for each in answer["held"]}
    assert world.news() == {"Ada's other tab": ["mine"]}


def test_nobody_is_shown_what_another_device_has(world: World) -> None:
    """No field of the frame names a device: one that does is ignored."""
    ada, _ = known(world, "Ada", HOME)
    bo = come(world, "Bo", address=CAFE)
    report(ada, bo)
    eve = come(world, "Eve", address=HOME)
    answer = mine(eve, device=device_of(ada), person=ada.id, connection=ada.id)

    assert "report" not in {each["kind"] for each in answer["held"]}
    assert device_of(ada) not in str(answer)


@pytest.mark.parametrize("do", ["show", "erase"])
def test_its_lambda_may_do_what_it_does(world: World, do: str) -> None:
    """Every call of the table is one of its row in routes.py, and about items of these beginnings alone."""
    ada = whole_visit(prepared(world))
    world.client.requests.clear()
    mine(ada, do)
    may = BY_KEY["mine"].permissions
    asked, named = rights_used(world.client.requests)

    assert asked <= may.table
    assert {"record", "case", "history"} <= named <= may.items


def test_it_starts_within_its_rights(world: World) -> None:
    """A start that AWS denies would be an error in the log of each."""
    world.client.requests.clear()
    warm(USES["mine"], world.backend)

    assert {name for name, _ in world.client.requests} <= BY_KEY["mine"].permissions.table
    assert "'S': 'room#" in str(world.client.requests)
    assert world.sockets.closed == []


@pytest.mark.parametrize("frame", [{}, {"do": "all"}, {"do": "show", "after": -1}, {"do": "show", "after": "1"}])
def test_another_frame_is_refused(world: World, frame: dict[str, object]) -> None:
    """And changes nothing."""
    ada = come(world, "Ada", address=HOME)
    before = world.items()
    ada.send("mine", **frame)

    assert ada.inbox[-1]["code"] == "invalid_message"
    assert world.items() == before


def test_a_frame_of_a_socket_that_is_closed_is_answered_to_nobody(world: World) -> None:
    """Its connection is gone, and with it whom it was about."""
    ada = come(world, "Ada", address=HOME)
    world.backend.store.close_connection(ada.id)
    ada.send("mine", do="show")

    assert ada.inbox == []
