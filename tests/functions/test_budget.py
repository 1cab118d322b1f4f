"""The requests of each route to AWS, with their units, so that one more is seen in review.

The requests are read from the wire below the real clients. `2r` are read units, `1w` write units; a read that is not
consistent would say so. A request in parentheses is made beside the rest, which does not wait for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

import pytest

from functions.chat.model.rates import Rate
from functions.chat.storage.models import ConnectionItem, connection_key
from tests.bench.recorder import Call
from tests.bench.stage import LONG_SECONDS, Stage, opened
from tests.functions.doorstep import HOME, come, token_of
from tests.functions.world import DEAD, Person

OPENING = ["BatchGetItem record+recent INCONSISTENT 1r", "PutItem connection 1w"]
FIRST_LOOK = "Query queue INCONSISTENT 0.5r"  # the last look of who enters the queue is consistent
RELAYING = ["GetItem room 1r", "post {}"]
PAIRING = [
    FIRST_LOOK,
    "TransactWriteItems room+connection+connection 6w",
    "post paired",
    "post paired",
    "BatchWriteItem queue 1w",
]
PAIRING_AT_ONCE = [*PAIRING[:2], *PAIRING[3:]]  # and one post beside
WAITING = ["UpdateItem connection 1w", "BatchWriteItem queue 1w", "Query queue 1r", "post waiting"]
WAITING_IN_OLD_PROCESS = [*WAITING[:-1], "GetItem switches 1r", WAITING[-1]]
# The peer of somebody who is gone waits again; a person who talked for long may be banned or warned by now.
MOVING_ON = ["GetItem connection 1r", "BatchGetItem record+record 2r", FIRST_LOOK, *WAITING]
MOVING_ON_IN_OLD_PROCESS = [*MOVING_ON[:3], *WAITING_IN_OLD_PROCESS]
LOOKING_AGAIN = "BatchGetItem room+connection 2r"
# A waiter whose socket was lost is back: another connection takes its place in the queue, and waits on.
TAKING_OVER = [
    "BatchGetItem connection+connection 2r",
    "TransactWriteItems connection+connection 4w",
    "close",
    "BatchWriteItem queue 1w",
]
WAITING_ON = [
    "UpdateItem connection 1w",
    "Query queue INCONSISTENT 0.5r",  # of the other mode
    "post waiting",
    FIRST_LOOK,
    "BatchWriteItem queue 1w",
    "GetItem connection 1r",
    "Query queue 1r",
]
# The holders of the places of an address, and some of them.
LOOKING_AT_PLACES = ["GetItem places 1r", f"BatchGetItem {'+'.join(['connection'] * 12)} INCONSISTENT 6r"]
# That a device talked, once a day.
NOTING_THE_DAY = ["BatchGetItem record 1r", "PutItem record 1w"]
CLOSING = ["UpdateItem room 1w", "post peer_left"]


class Scenario(NamedTuple):
    """The played frames, and the requests of the last handler in them to AWS."""

    play: Callable[[Stage], object]
    asks: list[str]


@pytest.fixture(scope="module")
def new_stage() -> Iterator[Callable[[], Stage]]:
    with opened() as new:
        yield new


@pytest.fixture
def stage(new_stage: Callable[[], Stage]) -> Stage:
    return new_stage()


def neighbours(stage: Stage) -> tuple[Person, Person]:
    """Connect two people, each from an address of their own."""
    return come(stage, "Ada", address=HOME), come(stage, "Bo", address="203.0.113.9")


def talkers(stage: Stage) -> tuple[Person, Person]:
    """Pair them, long enough ago that a process has to read again all that it keeps for a while."""
    ada, bo = neighbours(stage)
    ada.join()
    bo.join()
    assert ada.room == bo.room
    stage.pass_time(LONG_SECONDS)
    return ada, bo


def play(stage: Stage, scenario: str) -> None:
    SCENARIOS[scenario].play(stage)


def _known_device(stage: Stage) -> None:
    ada = come(stage, "Ada", address=HOME)
    ada.join()
    come(stage, "Ada again", address=HOME, token=token_of(ada))


def _join(stage: Stage, others: int, times: int = 1) -> None:
    people = [come(stage, name, address=f"198.51.100.{at}") for at, name in enumerate(("Ada", "Bo")[: others + 1])]
    for person in people[:-1]:
        person.join()
    for _ in range(times):
        people[-1].join()


def _join_again_and_again(stage: Stage, *, is_known: bool) -> None:
    """Join as somebody who has taken six turns, after another of the same device and address who has as well."""
    for name in ("Ada", "Ada elsewhere"):
        ada = come(stage, name, address=HOME)
        actions = [ConnectionItem.turns.set(6), ConnectionItem.device.set("d.1")]
        actions += [ConnectionItem.newcomer_since.remove()] if is_known else []
        stage.backend.table.update(connection_key(ada.id), actions, ConnectionItem.pk.exists())
        ada.join()


def _join_later(stage: Stage) -> None:
    come(stage, "Ada", address=HOME).join()
    stage.pass_time(LONG_SECONDS)
    come(stage, "Bo", address="203.0.113.9").join()


def _join_an_hour_later(stage: Stage) -> None:
    """Join when somebody waits at whose address others took turns meanwhile."""
    ada = come(stage, "Ada", address=HOME)
    ada.join()
    stage.pass_time(3600)
    own = stage.backend.store.get_connection(ada.id)
    assert own is not None
    stage.backend.shared_pace.pour_to(f"meetings {own.address}", 3, Rate(burst=66, per_second=1 / 75))
    come(stage, "Bo", address="203.0.113.9").join()


def _join_where_all_places_are_held(stage: Stage, *, is_newest: bool) -> None:
    """Join where twelve neighbours hold all places, and a process has noticed it."""
    stage.backend = replace(stage.backend, settings=replace(stage.backend.settings, places_of_address=12))
    people = []
    for number in range(25):  # of whom ten enter before a process counts
        people.append(come(stage, f"person {number}", address=HOME))
        stage.pass_time(1)
    for person in people[1:-1]:
        person.join(interests=[person.name])
    stage.pass_time(3)
    (people[-1] if is_newest else people[0]).join(interests=["nobody has this"])


def _join_elsewhere(stage: Stage) -> None:
    """Join in a process that did nothing for so long that it has to read the switches again."""
    ada, bo = neighbours(stage)
    ada.join()
    stage.start_process()
    bo.join()


def _send(action: str, **fields: object) -> Callable[[Stage], None]:
    def act(stage: Stage) -> None:
        ada, _ = talkers(stage)
        ada.send(action, room=ada.room, **fields)

    return act


def _stale(stage: Stage) -> None:
    ada, bo = talkers(stage)
    bo.send("leave")
    ada.send("message", room=bo.room, seq=1, text="too late")


def _skip(stage: Stage) -> None:
    ada, _ = talkers(stage)
    come(stage, "Cy", address="192.0.2.1").join()
    stage.pass_time(LONG_SECONDS)
    ada.send("skip", room=ada.room)


def _leave_after_a_minute(stage: Stage) -> None:
    ada, _ = talkers(stage)
    stage.pass_time(60)
    ada.send("leave")


def _leave_queue(stage: Stage) -> None:
    ada, _ = neighbours(stage)
    ada.join()
    ada.send("leave")


def _close(code: int) -> Callable[[Stage], None]:
    return lambda stage: talkers(stage)[0].disconnect(code)


def _erase(stage: Stage) -> None:
    """Erase what is held of somebody who reported once."""
    ada, _ = talkers(stage)
    ada.send("report", room=ada.room, reason="spam")
    ada.send("mine", do="erase")


def _resume(stage: Stage) -> None:
    ada, _ = talkers(stage)
    token = ada.token
    ada.disconnect(DEAD)
    come(stage, "Ada again", address=HOME).send("resume", token=token)


def _resume_wait(stage: Stage) -> None:
    ada = come(stage, "Ada", address=HOME)
    ada.join()
    ada.disconnect(DEAD)
    come(stage, "Ada again", address=HOME).send("resume", token=ada.token)


def _resume_wait_where_all_places_are_held(stage: Stage) -> None:
    """Come back as one of twelve neighbours who hold all places, in a process that counts."""
    _join_where_all_places_are_held(stage, is_newest=True)
    ada = stage.people[-1]
    ada.disconnect(DEAD)
    come(stage, "Ada again", address=HOME).send("resume", token=ada.token)


# By scenario: how it is played, and what the last handler in it asks, in this order.
SCENARIOS: dict[str, Scenario] = {
    "a newcomer connects": Scenario(
        lambda stage: come(stage, "Ada", address=HOME),
        OPENING,
    ),
    "a known device connects": Scenario(
        _known_device,
        ["BatchGetItem record+record+recent+recent 4r", "PutItem connection 1w"],
    ),
    "a first join finds nobody": Scenario(
        lambda stage: _join(stage, 0),
        ["BatchGetItem connection+switches 2r", FIRST_LOOK, *WAITING],
    ),
    "a join pairs": Scenario(
        lambda stage: _join(stage, 1),
        ["(post paired)", "GetItem connection 1r", *PAIRING_AT_ONCE],
    ),
    "a join pairs with who waited long": Scenario(
        _join_later,
        ["BatchGetItem connection+switches 2r", *PAIRING],
    ),
    "a join pairs in a process that slept": Scenario(
        _join_elsewhere,
        [
            "(post paired)",
            "BatchGetItem connection+switches 2r",
            *PAIRING_AT_ONCE,
        ],
    ),
    "a join is repeated": Scenario(
        lambda stage: _join(stage, 0, times=2),
        [
            "GetItem connection 1r",
            "UpdateItem connection 1w",
            "Query queue INCONSISTENT 0.5r",  # of the other mode
            "post waiting",
            FIRST_LOOK,
        ],
    ),
    "a join of a newcomer who has met six": Scenario(
        lambda stage: _join_again_and_again(stage, is_known=False),
        [
            "(post paired)",
            "GetItem connection 1r",
            "UpdateItem pace 1w",
            *PAIRING_AT_ONCE,
        ],
    ),
    "a join of a known device that has met six": Scenario(
        lambda stage: _join_again_and_again(stage, is_known=True),
        [
            "(post paired)",
            "GetItem connection 1r",
            "UpdateItem pace 1w",
            "UpdateItem pace 1w",  # what the newcomers of its address get back
            *PAIRING_AT_ONCE,
        ],
    ),
    "a join pairs with who waited for an hour": Scenario(
        _join_an_hour_later,
        [
            "BatchGetItem connection+switches 2r",
            FIRST_LOOK,
            "BatchGetItem record+record 2r",  # whether who waited was banned meanwhile
            "UpdateItem pace 1w",  # the turn of the one who waited is counted anew
            *PAIRING[1:],
        ],
    ),
    "a join of a newcomer for whom a neighbour gives way": Scenario(
        lambda stage: _join_where_all_places_are_held(stage, is_newest=True),
        [
            "GetItem connection 1r",
            "GetItem pace 1r",  # there have been many searches: whether there is a turn, for a turn costs a write
            FIRST_LOOK,
            *LOOKING_AT_PLACES,
            "UpdateItem connection 1w",  # the waiter that gives way is out of the queue
            "BatchWriteItem queue 1w",
            "post error",
            "UpdateItem places 1w",
            "UpdateItem places 1w",
            *WAITING,
        ],
    ),
    "a join of a newcomer who may not wait": Scenario(
        lambda stage: _join_where_all_places_are_held(stage, is_newest=False),
        [
            "GetItem connection 1r",
            "BatchGetItem record+record 2r",
            "GetItem pace 1r",
            FIRST_LOOK,
            *LOOKING_AT_PLACES,
            "post error",
        ],
    ),
    "a line": Scenario(
        _send("message", seq=1, text="hello there"),
        [RELAYING[0], "post message"],
    ),
    "typing": Scenario(
        _send("typing", on=True),
        [RELAYING[0], "post typing"],
    ),
    "an acknowledgement": Scenario(
        _send("ack", ack=1),
        [RELAYING[0], "post ack"],
    ),
    "a signal": Scenario(
        _send("signal", data={"candidate": "x"}),
        [RELAYING[0], "post signal"],
    ),
    "a line for a room that is over": Scenario(
        _stale,
        [RELAYING[0], "post error"],
    ),
    "a frame that is none": Scenario(
        lambda stage: come(stage, "Ada", address=HOME).send_text("hello"),
        ["post error"],
    ),
    "a skip finds the next": Scenario(
        _skip,
        [
            "(post peer_left)",
            "BatchGetItem room+connection+switches 3r",
            "BatchGetItem record+record 2r",
            "UpdateItem room 1w",
            *PAIRING,
            *MOVING_ON,
        ],
    ),
    "leaving a conversation": Scenario(
        lambda stage: talkers(stage)[0].send("leave"),
        [
            "GetItem connection 1r",
            RELAYING[0],
            *CLOSING,
            "UpdateItem connection 1w",
            *MOVING_ON_IN_OLD_PROCESS,
        ],
    ),
    "leaving the first long conversation of a day": Scenario(
        _leave_after_a_minute,
        [
            "GetItem connection 1r",
            RELAYING[0],
            *CLOSING,
            "UpdateItem connection 1w",
            *MOVING_ON_IN_OLD_PROCESS,
            *NOTING_THE_DAY,  # of either
            *NOTING_THE_DAY,
        ],
    ),
    "leaving the queue": Scenario(
        _leave_queue,
        ["GetItem connection 1r", "UpdateItem connection 1w", "BatchWriteItem queue 1w"],
    ),
    "a report": Scenario(
        _send("report", reason="spam"),
        [
            "(post peer_left)",
            "BatchGetItem room+connection+switches 3r",
            "UpdateItem connection 1w",  # keeps the two apart
            "GetItem connection 1r",  # and again from the other side
            "UpdateItem connection 1w",
            "BatchGetItem record 1r",  # of the reporter: whom the device avoids
            "PutItem record 1w",
            "UpdateItem room 1w",  # from here on as a skipper: looks, writes, and looks again
            FIRST_LOOK,  # whom a skipper would take
            "UpdateItem connection 1w",
            "BatchWriteItem cases+docket+history+history 4w",  # for the operator, and in either history
            "PutItem case 1w",
            "Query queue 1r",
            *MOVING_ON,
            "BatchGetItem record 1r",  # of the reporter's network, as a newcomer's report counts among its own
            "PutItem record 1w",
            "BatchGetItem record 1r",  # of the reported
            "PutItem record 1w",
            "post reported",
        ],
    ),
    "a socket is closed in a conversation": Scenario(
        _close(1000),
        [
            "DeleteItem connection 1w",
            RELAYING[0],
            *CLOSING,
            *MOVING_ON_IN_OLD_PROCESS,
            "BatchWriteItem recent+recent 2w",  # whom they have just met, of the device and of a newcomer's address
        ],
    ),
    "a socket dies in a conversation": Scenario(
        _close(DEAD),
        [
            "UpdateItem connection 1w",
            "SendMessage",
            RELAYING[0],
            "post peer_away",
            LOOKING_AGAIN,
        ],
    ),
    "what is held of a device is shown": Scenario(
        lambda stage: come(stage, "Ada", address=HOME).send("mine", do="show"),
        [
            "GetItem connection 1r",
            "BatchGetItem record 1r",
            "Query history 1r",
            "BatchGetItem connection+online+pace+recent+pace+record 6r",
            "post mine",
        ],
    ),
    "and erased": Scenario(
        _erase,
        [
            "GetItem connection 1r",
            "BatchGetItem record 1r",
            "PutItem record 1w",  # the networks that it avoids
            "Query history 1r",
            "UpdateItem case 1w",  # the words are taken back, and are not deleted before the case is decided
            "UpdateItem case 1w",
            "post mine",
        ],
    ),
    "a wait is resumed": Scenario(_resume_wait, [*TAKING_OVER, *WAITING_ON]),
    "a wait is resumed where all places are held": Scenario(
        _resume_wait_where_all_places_are_held,
        [
            *TAKING_OVER,
            "UpdateItem places 1w",  # the place goes with it
            "UpdateItem places 1w",
            *WAITING_ON,
        ],
    ),
    "a conversation is resumed": Scenario(
        _resume,
        [
            "BatchGetItem connection+connection 2r",
            RELAYING[0],
            "TransactWriteItems connection+connection+room 6w",
            "close",
            "post paired",
            "post peer_back",
            LOOKING_AGAIN,
        ],
    ),
}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_scenario_asks_aws_exactly_this(stage, scenario):
    """Neither one request more, nor another read or write in its place."""
    play(stage, scenario)

    assert stage.last.texts == SCENARIOS[scenario].asks


def _between_the_peers_events(stage: Stage, scenario: str) -> int:
    """Return how many requests, one after another, a handler makes between closing a room and moving its peer on."""
    play(stage, scenario)
    texts = stage.last.texts
    closed = texts.index("UpdateItem room 1w")
    return texts.index("GetItem connection 1r", closed) - closed


def test_a_report_takes_as_many_requests_as_a_skip_until_the_peer_is_moved_on(new_stage):
    """The reported one is told `peer_left` before them and what comes next after them, and has a clock."""
    skip, report = (_between_the_peers_events(new_stage(), each) for each in ("a skip finds the next", "a report"))

    assert skip == report


def _before_first(kind: str, calls: list[Call]) -> int:
    """Return after how many round trips, one after another, something is said."""
    said = next(at for at, call in enumerate(calls) if call.text == f"post {kind}")
    return sum(not call.aside for call in calls[:said])


@pytest.mark.parametrize(
    ("scenario", "round_trips"),
    [
        ("a join pairs", 3),
        ("a join pairs with who waited long", 3),
        ("a join pairs in a process that slept", 3),
        ("a skip finds the next", 5),
    ],
)
def test_people_are_paired_after_few_round_trips(stage, scenario, round_trips):
    """Each is some milliseconds of somebody's wait, however fast the code is."""
    play(stage, scenario)

    assert _before_first("paired", stage.last.calls) <= round_trips


@pytest.mark.parametrize(("is_counting", "requests", "units"), [(False, 13, 11), (True, 16, 13)])
def test_two_people_meet_for_little(stage, is_counting, requests, units):
    """Two who connect and join, with the looks at bans: 14 requests to the table and 12 write units are the goal.

    A site that counts people pays a write for each socket, and a read now and then to see whether somebody counts.
    """
    if is_counting:
        stage.count_people()
    _join(stage, 1)
    calls = [call for each in stage.invocations for call in each.calls]
    table = [call for call in calls if call.service == "dynamodb"]

    assert [len(stage.invocations), len(table)] == [4, requests]
    assert sum(call.writes for call in calls) == units
    posts = sorted(call.text for call in calls if call.service == "sockets")
    assert posts == ["post paired", "post paired", "post waiting"]
