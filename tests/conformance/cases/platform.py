"""The things that API Gateway does by itself, for servers that imitate it."""

from __future__ import annotations

from tests.conformance.contract import FRAME_BYTES_MAX, MESSAGE_BYTES_MAX
from tests.conformance.raw_socket import BINARY, CONTINUATION, TEXT, RawSocket
from tests.conformance.registry import case
from tests.conformance.world import World

TOO_BIG = 1009
UNSUPPORTED_DATA = 1003


async def _closes(world: World, frames: list[tuple[int, bytes]], code: int) -> None:
    """Send one message in these frames, by a client of its own, and check how the server closes it."""
    socket = await RawSocket.open(world)
    try:
        for index, (opcode, payload) in enumerate(frames):
            await socket.send(opcode, payload, final=index == len(frames) - 1)
        closed = await socket.close_code(within_seconds=world.patience_seconds)
    finally:
        socket.abort()
    assert closed == code, f"closed with {closed} instead of {code}"


async def _answers(world: World, frames: list[tuple[int, bytes]]) -> None:
    socket = await RawSocket.open(world)
    try:
        for index, (opcode, payload) in enumerate(frames):
            await socket.send(opcode, payload, final=index == len(frames) - 1)
        answer = await socket.text(within_seconds=world.patience_seconds)
    finally:
        socket.abort()
    assert '"pong"' in answer, f"answered {answer!r}"


def _ping(size: int) -> bytes:
    envelope = b'{"action":"ping","padding":"'
    return envelope + b"x" * (size - len(envelope) - 2) + b'"}'


def _split(message: bytes, size: int) -> list[tuple[int, bytes]]:
    pieces = [message[start : start + size] for start in range(0, len(message), size)]
    return [(TEXT if index == 0 else CONTINUATION, piece) for index, piece in enumerate(pieces)]


@case(platform=True)
async def a_frame_of_33_kb_closes_the_socket(world: World) -> None:
    """A frame over 32 KB closes the socket with 1009; one of 32 KB does not."""
    await _answers(world, [(TEXT, _ping(FRAME_BYTES_MAX))])
    await _closes(world, [(TEXT, _ping(FRAME_BYTES_MAX + 1024))], TOO_BIG)
    await _closes(world, [(TEXT, _ping(FRAME_BYTES_MAX + 1))], TOO_BIG)


@case(platform=True)
async def a_message_of_129_kb_closes_the_socket(world: World) -> None:
    """A message over 128 KB in frames of 32 KB closes the socket with 1009; one of 128 KB does not."""
    await _answers(world, _split(_ping(MESSAGE_BYTES_MAX), FRAME_BYTES_MAX))
    await _closes(world, _split(_ping(MESSAGE_BYTES_MAX + 1024), FRAME_BYTES_MAX), TOO_BIG)


@case(platform=True)
async def a_binary_frame_closes_the_socket(world: World) -> None:
    """The API takes text only: a binary frame closes the socket with 1003."""
    await _closes(world, [(BINARY, b'{"action":"ping"}')], UNSUPPORTED_DATA)


@case(platform=True)
async def whose_frame_was_too_big_leaves_the_room(world: World) -> None:
    """A socket that the platform closes is a peer that disconnected: the other side is told and searches on."""
    sender, peer = await world.pair()
    room = str(sender.room)
    await sender.send("ping", padding="x" * FRAME_BYTES_MAX)

    await peer.take("peer_left", room=room, reason="disconnected", within=world.patience_seconds * 4)
    await peer.take_search()
