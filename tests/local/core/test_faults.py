"""Each fault happens as often as asked, and alike for one seed."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any

import pytest
from aiohttp import WSServerHandshakeError

from functions.chat.aws.sockets import Connections, Delivery
from infra.local.core.faults import Death, Dice, Faults
from tests.local.world import Recorder, receive, until, world


def draw(faults: Faults, count: int = 200) -> list[Any]:
    dice = Dice(faults)
    return [
        (dice.loses_disconnect(), dice.frame_delay_seconds(), dice.duplicates_invocation(), dice.death())
        for _ in range(count)
    ]


def test_nothing_goes_wrong_by_default():
    """Without settings no fault ever happens."""
    assert {(False, 0.0, False, None)} == set(draw(Faults()))


def test_one_seed_gives_one_sequence():
    """A failure found with a seed can be had again; another seed is another sequence."""
    some = {"lose_disconnect": 0.5, "delay_frame": 0.5, "duplicate_invocation": 0.5, "handler_death": 0.5}

    assert draw(Faults(seed=1, **some)) == draw(Faults(seed=1, **some))
    assert draw(Faults(seed=1, **some)) != draw(Faults(seed=2, **some))


@pytest.mark.parametrize("wrong", [{"lose_disconnect": 1.5}, {"handler_death": -0.1}, {"delay_frame_seconds_max": -1}])
def test_an_impossible_chance_is_refused(wrong):
    """A percentage written as 50 would otherwise mean always."""
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Faults(**wrong)


async def test_a_lost_disconnect_never_runs():
    """The close is counted, the handler is not called."""
    async with world(faults=Faults(lose_disconnect=1.0)) as w:
        socket = await w.connect()
        await socket.close()
        await until(lambda: w.counters.connections_open == 0)

        assert w.counters.faults == {"lose_disconnect": 1}
        assert w.counters.invocations == {"$connect": 1}


async def test_a_late_disconnect_is_overtaken():
    """Another connection's frame is handled between the close and its $disconnect."""
    async with world(faults=Faults(delay_disconnect=1.0, delay_disconnect_seconds_max=0.6, seed=4)) as w:
        socket, other = await w.connect(), await w.connect()
        await socket.close()
        await until(lambda: w.counters.connections_open == 1)
        await other.send_str('{"action":"join"}')
        await w.handlers["join"].event()

        assert w.handlers["$disconnect"].events == []
        await w.handlers["$disconnect"].event()


async def test_delayed_frames_overtake_one_another():
    """All frames arrive, in another order than they were sent."""
    async with world(faults=Faults(delay_frame=0.5, delay_frame_seconds_max=0.1, seed=3)) as w:
        socket = await w.connect()
        sent = [f'{{"action":"typing","n":{n}}}' for n in range(30)]
        for text in sent:
            await socket.send_str(text)
        await until(lambda: len(w.handlers["typing"].events) == len(sent))

        assert sorted(sent) == sorted(w.handlers["typing"].bodies)
        assert sent != w.handlers["typing"].bodies


async def test_a_duplicated_invocation_runs_twice_with_one_event():
    """The handler sees the same message id twice, the client at most one answer."""
    async with world(faults=Faults(duplicate_invocation=1.0)) as w:
        socket = await w.connect()
        await socket.send_str('{"action":"join"}')
        await until(lambda: len(w.handlers["join"].events) == 2)
        one, two = w.handlers["join"].events

        assert one == two


async def test_a_throttled_post_is_a_limit_exceeded_exception():
    """429 arrives as the exception that boto3 knows."""
    async with world(faults=Faults(throttle_post=1.0)) as w:
        await w.connect()
        client = w.management()
        connection_id = await w.connection_id()

        with pytest.raises(client.exceptions.LimitExceededException):
            await asyncio.to_thread(lambda: client.post_to_connection(ConnectionId=connection_id, Data=b"x"))


async def test_an_event_whose_answer_was_lost_comes_twice():
    """The post that comes again is answered, and is an event like any other."""
    async with world(faults=Faults(lose_post_answer=1.0)) as w:
        socket = await w.connect()
        connection_id = await w.connection_id()
        posts = Connections(w.management())
        for event in ({"type": "peer_away"}, {"type": "peer_back"}, {"type": "peer_away"}):
            outcomes = [await asyncio.to_thread(posts.post, connection_id, event) for _ in range(2)]
            assert outcomes == [Delivery.BUSY, Delivery.ACCEPTED]
            assert [await receive(socket), await receive(socket)] == [event, event]

        assert w.counters.faults == {"lose_post_answer": 3}
        assert w.counters.posts == {500: 3, 200: 3}


async def test_a_dying_handler_sends_the_error_frame_and_may_have_had_its_effect():
    """Every invocation fails for the client; about half of the handlers ran."""
    connect = Recorder()
    frames = 40
    async with world({"$connect": connect}, faults=Faults(handler_death=0.9, seed=8)) as w:
        socket = await connected(w)
        for _ in range(frames):
            await socket.send_str('{"action":"join"}')
        deaths_before = w.counters.faults["handler_death"]
        await until(lambda: w.counters.invocations["join"] == frames)
        errors = w.counters.faults["handler_death"] - deaths_before

        assert {"Internal server error"} == {(await receive(socket))["message"] for _ in range(errors)}
        ran = len(w.handlers["join"].events)
        assert frames - errors < ran < frames


async def connected(w) -> Any:
    """Try until one $connect survives."""
    while True:
        try:
            return await w.connect()
        except WSServerHandshakeError as refused:
            assert refused.status == HTTPStatus.BAD_GATEWAY


def test_both_deaths_happen():
    """An environment dies before the handler began as well as after it ended."""
    assert {Death.BEFORE, Death.AFTER} == {death for *_, death in draw(Faults(handler_death=1.0))}
