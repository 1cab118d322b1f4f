"""resume: a conversation or a place in the queue outlives its socket, for the client that holds the token."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

import pytest

from functions.chat.model import resume_token
from functions.chat.model.resume_token import Token
from tests.functions.tables import refusal
from tests.functions.world import DEAD, Person, World

CONFLICT = refusal("TransactionCanceledException", "None", "TransactionConflict", "None")


def come_back(world: World, token: str, name: str = "New") -> Person:
    """Connect anew and show a token."""
    new = world.person(name)
    new.send("resume", token=token)
    return new


@pytest.mark.parametrize("seat", [0, 1])
@pytest.mark.parametrize("lost", [True, False], ids=["lost", "not known to be lost"])
def test_a_conversation_goes_on_in_the_same_room(world, seat, lost):
    """The member's place, politeness and interests are as they were; the peer is told that they are back."""
    pair = world.pair(interests=["Go"])
    ada, bo = pair[seat], pair[1 - seat]
    if lost:
        ada.disconnect(DEAD)
    world.news()

    new = come_back(world, ada.token)

    assert world.news() == {"New": ["paired"], bo.name: ["peer_back"]}
    first, again = ada.last("paired"), new.last("paired")
    told_once = {"resume": "", "device": ""}  # the device's own token is told only to a device without one
    assert {**again, **told_once} == {**first, **told_once}
    assert again["resume"] != first["resume"]
    new.send("message", room=new.room, seq=1, text="back")
    bo.send("message", room=bo.room, seq=1, text="welcome")
    assert world.news() == {"New": ["message"], bo.name: ["message"]}


def test_a_place_in_the_queue_is_kept(world):
    """With the time since when somebody waits, their wish and whom they met."""
    ada = world.person("Ada")
    ada.join(interests=["Go"], languages=["en"], widen=True)
    first = ada.last("waiting")
    ada.disconnect(DEAD)
    world.pass_time(5)

    new = come_back(world, first["resume"])

    again = new.last("waiting")
    assert again["ticket"].partition("-")[0] == first["ticket"].partition("-")[0]
    assert again["ticket"] != first["ticket"]
    names = ("mode", "interests", "widened")
    assert [again[name] for name in names] == [first[name] for name in names]
    assert [key[1] for key in world.table.under("queue#")] == [again["ticket"]] * 2


def test_a_waiter_that_comes_back_may_meet_somebody_at_once(world):
    """A person who came meanwhile is found."""
    ada, bo = world.person("Ada"), world.person("Bo")
    ada.join()
    ada.disconnect(DEAD)
    bo.join()
    world.news()

    new = come_back(world, ada.token)

    assert new.room == bo.room
    assert world.news() == {"New": ["waiting", "paired"], "Bo": ["paired"]}


def test_the_old_connection_is_used_up_and_its_socket_closed(world):
    """The newer one wins: two tabs with one token do not share a conversation."""
    ada, bo = world.pair()
    new = come_back(world, ada.token)

    assert world.sockets.closed == [ada.id]
    assert set(world.items()[ada.key]) & {"room_id", "ticket_id"} == set()
    newer = come_back(world, new.token, "Newer")
    assert world.sockets.closed == [ada.id, new.id]
    assert world.backend.rooms.get(bo.room).seat(newer.id) == 0


# Tokens that get nothing.


def _used_token(world: World, ada: Person) -> str:
    come_back(world, ada.token, "Quicker")
    return ada.token


def _token_whose_next_one_was_used(world: World, ada: Person) -> str:
    """Then the answer had arrived, and a client that still has the old one is another."""
    second = come_back(world, ada.token, "Second")
    come_back(world, second.token, "Third").disconnect(DEAD)
    return ada.token


def _token_whose_user_stood(seconds: float, later: float) -> Callable[[World, Person], str]:
    """A client that has got the next token needs the old one no more, and one that comes back comes soon."""

    def token(world: World, ada: Person) -> str:
        second = come_back(world, ada.token, "Second")
        world.pass_time(seconds)
        second.disconnect(DEAD)
        world.pass_time(later)
        return ada.token

    return token


def _token_of_before_many_others(world: World, ada: Person) -> str:
    """A connection stays small."""
    first = ada.token
    for _ in range(8):
        ada.join()
    return first


def _token_of_somebody_idle(world: World, ada: Person) -> str:
    ada.send("leave")
    return ada.token


def _expired_token(world: World, ada: Person) -> str:
    ada.disconnect(DEAD)
    world.ring()
    return ada.token


WORTHLESS = {
    "malformed": lambda world, ada: "guessed",
    "of nobody": lambda world, ada: str(Token("nobody", "secret")),
    "with another secret": lambda world, ada: str(Token(ada.id, "secret")),
    "with an empty secret": lambda world, ada: str(Token(ada.id, "")),
    "the hash in the table": lambda world, ada: str(
        Token(ada.id, world.items()[ada.key]["token_hashes"]["L"][-1]["S"])
    ),
    "of another's connection": lambda world, ada: _for(ada.token, "Bo="),
    "used already": _used_token,
    "whose next one was used": _token_whose_next_one_was_used,
    "whose user stood longer than the grace": _token_whose_user_stood(20.5, later=0),
    "whose user died longer ago than the grace": _token_whose_user_stood(0, later=20.5),
    "told before eight others": _token_of_before_many_others,
    "of somebody idle": _token_of_somebody_idle,
    "after the time of grace": _expired_token,
}


def _for(text: str, connection_id: str) -> str:
    token = resume_token.read(text)
    assert token is not None
    return str(Token(connection_id, token.secret))


@pytest.mark.parametrize("kind", WORTHLESS)
def test_a_worthless_token_gets_nothing_and_tells_nothing(world, kind):
    """The same answer for all of them: not even whether its connection ever existed."""
    ada, _bo = world.pair()
    token = WORTHLESS[kind](world, ada)
    new = world.person("New")
    world.news()
    before = world.items()

    new.send("resume", token=token)

    (error,) = new.news()
    assert (error["code"], error["action"]) == ("resume_failed", "resume")
    assert token not in str(error)
    assert world.news() == {}
    assert world.items() == before


# An answer that never arrived.


def test_a_token_counts_again_when_two_who_used_it_died_before_the_answer_came(world):
    """The answer carries the next token; a network that breaks a second time must not cost the conversation."""
    ada, _bo = world.pair()
    for name in ("Deaf", "Deaf again"):
        come_back(world, ada.token, name).disconnect(DEAD)

    new = come_back(world, ada.token)

    assert new.news()[0]["type"] == "paired"
    assert world.backend.rooms.get(new.room).seat(new.id) == 0


@pytest.mark.parametrize("who", ["the owner", "who talks", "who waits"])
def test_a_connection_with_a_place_takes_none(world, who):
    """Neither its own nor another's: its room or place would be left behind. Trying again is not asked for."""
    ada, _bo = world.pair()
    cy, _dee = world.pair("Cy", "Dee")
    waiter = world.person("Eve")
    waiter.join(interests=["Go"])
    sender = {"the owner": ada, "who talks": cy, "who waits": waiter}[who]
    world.news()
    before = world.items()

    sender.send("resume", token=ada.token)

    assert [event["code"] for event in sender.news()] == ["resume_failed"]
    assert world.news() == {}
    assert world.items() == before


@pytest.mark.parametrize("stood", [0, 6.5, 19])
@pytest.mark.parametrize("is_known", [True, False], ids=["lost", "not known to be lost"])
def test_a_token_counts_again_as_long_as_the_grace_lasts(world, stood, is_known):
    """A client waits for some seconds before it gives a socket up, and the platform may say so later than it."""
    ada, _bo = world.pair()
    token = ada.token
    deaf = come_back(world, token, "Deaf")
    world.pass_time(stood)
    deaf.disconnect(DEAD) if is_known else deaf.die()

    new = come_back(world, token)

    assert new.news()[0]["type"] == "paired"
    assert world.backend.rooms.get(new.room).seat(new.id) == 0


@pytest.mark.parametrize("state", ["waiting", "talking"])
def test_a_resume_that_comes_twice_is_answered_twice_and_both_answers_count(world, state):
    """The platform may deliver a frame again, and the first handler may have died before it answered."""
    if state == "talking":
        ada, _ = world.pair()
    else:
        ada = world.person("Ada")
        ada.join()
    token = ada.token
    new = come_back(world, token)
    new.send("resume", token=token)

    answers = [event for event in new.news() if "resume" in event]
    assert len({event["resume"] for event in answers}) == len(answers) >= 2
    new.disconnect(DEAD)
    newer = come_back(world, answers[0]["resume"], "Newer")
    assert newer.last("paired" if state == "talking" else "waiting")


# Tokens of one connection.


def _told(world: World, times: int) -> tuple[Person, list[str]]:
    """Return somebody who was told that many tokens while waiting, and one with a room, and all of these."""
    ada, bo = world.person("Ada"), world.person("Bo")
    for _ in range(times):
        ada.join()
    bo.join()
    return ada, [event["resume"] for event in ada.inbox if "resume" in event]


@pytest.mark.parametrize("age", range(8))
def test_each_of_the_last_tokens_counts(world, age):
    """Events overtake each other: a `waiting` that comes after `paired` leaves its client with an older one."""
    ada, tokens_told = _told(world, 12)
    ada.disconnect(DEAD)

    new = come_back(world, tokens_told[-1 - age])

    assert new.room == ada.room


def test_no_token_counts_once_another_one_was_used(world):
    """Each conversation is continued once."""
    ada, tokens_told = _told(world, 3)
    second = come_back(world, tokens_told[0], "Second")
    assert second.room == ada.room

    for token in tokens_told:
        assert [event["code"] for event in come_back(world, token, f"Late{token}").news()] == ["resume_failed"]


@pytest.mark.parametrize(("seconds", "counts"), [(19, True), (21, False)])
def test_a_used_token_counts_again_for_the_grace_where_its_answer_met_a_dead_socket(world, seconds, counts):
    """Whether the table knows of that socket's death or only the platform does."""
    ada, _bo = world.pair()
    ada.disconnect(DEAD)
    come_back(world, ada.token, "Second").die()
    world.pass_time(seconds)
    answers = [event["type"] for event in come_back(world, ada.token, "Third").news()]

    assert answers[0] == ("paired" if counts else "error")


def test_one_who_continues_avoids_also_whom_their_device_reported_meanwhile(world):
    """From another window: the new socket knows of it, and the lost one does not."""
    ada, _bo = world.pair()
    ada.disconnect(DEAD)
    new = world.person("New")
    world.table.change(new.key, avoided={"L": [{"S": "d.reported"}]})
    world.table.change(ada.key, avoided={"L": [{"S": "d.another"}]})
    new.send("resume", token=ada.token)

    assert world.backend.store.get_connection(new.id).avoided == {"d.another", "d.reported"}


# The peer's belief.


def test_a_member_that_comes_back_is_told_that_the_peer_is_away(world):
    """It was lost meanwhile, and nobody is there to tell of it."""
    ada, bo = world.pair()
    ada.disconnect(DEAD)
    bo.disconnect(DEAD)
    world.news()

    come_back(world, ada.token)

    assert world.news() == {"New": ["paired", "peer_away"]}


def test_a_member_that_asks_again_in_a_room_is_told_that_the_peer_is_away(world):
    """`paired` says that two are there."""
    ada, bo = world.pair()
    bo.disconnect(DEAD)
    world.news()

    ada.join()

    assert world.news() == {"Ada": ["paired", "peer_away"]}


@pytest.mark.parametrize("calls", range(4))
def test_the_last_word_of_who_is_away_is_true(world, calls):
    """Its socket dies, and it is back before the handler of that has spoken."""
    ada, bo = world.pair()
    new = world.person("New")
    world.client.interrupt(calls, lambda: new.send("resume", token=ada.token))

    ada.disconnect(DEAD)

    words = [event["type"] for event in bo.news()]
    assert words[-1:] == ["peer_back"] if new.inbox else words == ["peer_away"]


# Rooms that ended meanwhile.


@pytest.mark.parametrize(("act", "reason"), [("skip", "skipped"), ("leave", "left")])
def test_a_member_that_comes_back_too_late_learns_how_the_room_ended_and_searches_on(world, act, reason):
    """Without doing anything, and not with the same person."""
    ada, bo = world.pair()
    ada.disconnect(DEAD)
    bo.send(act, room=bo.room)
    world.news()

    new = come_back(world, ada.token)

    assert world.news() == {"New": ["peer_left", "waiting"]}
    assert new.last("peer_left") == {"type": "peer_left", "room": ada.room, "reason": reason}
    assert world.backend.store.get_connection(new.id).meetings


def test_a_member_that_ended_the_room_itself_searches_on_and_is_not_told_that_the_peer_left(world):
    """A skip whose answer was lost with the socket; the peer heard of it then."""
    ada, bo = world.pair()
    world.backend.rooms.close(world.backend.rooms.get(ada.room), 0, "skipped")
    ada.disconnect(DEAD)
    world.news()

    new = come_back(world, ada.token)

    assert world.news() == {"New": ["waiting"]}
    assert new.last("waiting")
    world.ring()
    assert bo.last("peer_left")["reason"] == "skipped"


# Failures on the way.


def test_a_new_socket_that_dies_too_leaves_the_peer_waiting(world):
    """With a time of grace of its own; the token that it never heard is worth nothing, so it ends then."""
    ada, _bo = world.pair()
    ada.disconnect(DEAD)
    world.alarms.set.clear()
    new = world.person("New")
    new.die()
    world.news()

    world.call("resume", new.frame("resume", token=ada.token))

    assert world.news() == {"Bo": ["peer_away"]}
    assert world.alarms.set == [({"connection": new.id}, world.backend.settings.grace_seconds)]
    world.ring()
    assert world.news() == {"Bo": ["peer_left", "waiting"]}


def test_when_the_peer_is_dead_too_who_came_back_waits_for_them(world):
    """Each has a time of grace."""
    ada, bo = world.pair()
    ada.disconnect(DEAD)
    bo.die()

    world.news()

    come_back(world, ada.token)

    assert world.news() == {"New": ["paired", "peer_away"]}
    assert ({"connection": bo.id}, world.backend.settings.grace_seconds) in world.alarms.set


def test_a_transaction_in_flight_does_not_cost_the_conversation(world):
    """The resumption waits for it."""
    ada, _bo = world.pair()
    ada.disconnect(DEAD)
    world.client.fail("TransactWriteItems", CONFLICT)

    new = come_back(world, ada.token)

    assert new.room == ada.room


@pytest.mark.parametrize("calls", range(3))
def test_of_two_who_show_one_token_exactly_one_goes_on(world, calls):
    """Before each call of the one in turn."""
    ada, bo = world.pair()
    ada.disconnect(DEAD)
    token = ada.token
    one, other = world.person("One"), world.person("Other")
    world.news()
    world.client.interrupt(calls, lambda: other.send("resume", token=token))

    one.send("resume", token=token)

    told = {person.name: [event["type"] for event in person.news()] for person in (one, other)}
    assert sorted(told.values()) == [["error"], ["paired"]]
    assert len(bo.news()) == 1
    assert world.backend.rooms.get(bo.room).is_open


@pytest.mark.parametrize("calls", range(3))
def test_a_peer_who_skips_at_that_moment_is_not_brought_back(world, calls):
    """Either they were back before it, or they learn that the room is over; never both silent."""
    ada, bo = world.pair()
    ada.disconnect(DEAD)
    new = world.person("New")
    world.news()
    world.client.interrupt(calls, lambda: bo.send("skip", room=bo.room))

    new.send("resume", token=ada.token)

    told = [event["type"] for event in new.news()]
    assert told[-1] == "waiting"
    assert told.count("peer_left") == 1
    assert not world.backend.rooms.get(bo.room).is_open


def test_a_person_whom_somebody_reported_is_avoided_by_the_new_connection_too(world):
    """It is the same person."""
    ada, bo = world.pair()
    ada.send("report", room=ada.room, reason="spam")
    ada.join()
    ada.disconnect(DEAD)
    world.pass_time(61)
    world.news()

    new = come_back(world, ada.token)
    bo.join()

    assert world.news() == {"New": ["waiting"], "Bo": ["waiting"]}
    assert new.last("waiting")


def test_the_table_never_holds_a_token(world):
    """A reader of the table cannot take anybody's place: it holds neither the token as it travels, nor its secret."""
    ada, bo = world.pair()
    everything = json.dumps([sorted(str(value) for value in item.values()) for item in world.items().values()])
    tokens = [event["resume"] for person in (ada, bo) for event in person.inbox if "resume" in event]
    secrets = [base64.urlsafe_b64decode(each + "=" * (-len(each) % 4)).decode().partition(" ")[0] for each in tokens]

    assert len(secrets) >= 3
    assert [each for each in (*tokens, *secrets) if each in everything] == []
