"""The meter finds the limits wherever the network cuts the bytes."""

from __future__ import annotations

import struct
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from infra.local.core.frames import FrameMeter

FRAME_MAX = 200
MESSAGE_MAX = 500
TEXT, CONTINUATION, CLOSE, PING = 0x1, 0x0, 0x8, 0x9


def frame(opcode: int, payload_bytes: int, *, final: bool = True, masked: bool = True, long: bool = False) -> bytes:
    first = opcode | (0x80 if final else 0)
    mask_bit = 0x80 if masked else 0
    if long or payload_bytes > 65535:
        length = struct.pack("!BQ", 127 | mask_bit, payload_bytes)
    elif payload_bytes > 125:
        length = struct.pack("!BH", 126 | mask_bit, payload_bytes)
    else:
        length = struct.pack("!B", payload_bytes | mask_bit)
    # A payload that looks like headers: a meter that loses its place finds nonsense in it.
    payload = (b"\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff" * (payload_bytes // 10 + 1))[:payload_bytes]
    return bytes([first]) + length + (b"mask" if masked else b"") + payload


def message(sizes: list[int], *, long: bool, pings: bool) -> bytes:
    """Return a message of frames of these sizes, with pings between them, which the protocol allows."""
    parts = []
    for index, size in enumerate(sizes):
        opcode = TEXT if index == 0 else CONTINUATION
        parts.append(frame(opcode, size, final=index == len(sizes) - 1, long=long))
        if pings:
            parts.append(frame(PING, 3))
    return b"".join(parts)


def feed(data: bytes, cuts: list[int]) -> FrameMeter:
    meter = FrameMeter(FRAME_MAX, MESSAGE_MAX)
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    for start, end in pairwise(edges):
        meter.feed(data[start:end])
    return meter


@settings(max_examples=300, deadline=None)
@given(
    messages=st.lists(st.lists(st.integers(0, FRAME_MAX + 60), min_size=1, max_size=5), max_size=5),
    cuts=st.lists(st.integers(0, 10_000), max_size=30),
    long=st.booleans(),
    pings=st.booleans(),
)
def test_a_limit_is_exceeded_exactly_when_a_frame_or_a_message_is_too_large(messages, cuts, long, pings):
    """For any messages, cut anywhere: no small one is refused and no large one passes."""
    data = b"".join(message(sizes, long=long, pings=pings) for sizes in messages)
    expected = any(max(sizes) > FRAME_MAX or sum(sizes) > MESSAGE_MAX for sizes in messages)

    meter = feed(data, cuts)

    assert expected == meter.exceeded
    assert not meter.closed


@given(cuts=st.lists(st.integers(0, 10_000), max_size=30))
def test_the_close_frame_after_a_large_one_is_found(cuts):
    """The rest of a refused frame is skipped, so that the closing handshake can end."""
    meter = feed(frame(TEXT, FRAME_MAX + 1) + frame(CLOSE, 2), cuts)

    assert meter.exceeded
    assert meter.closed


def test_the_limits_themselves_are_allowed():
    """A frame of exactly the limit passes, and so does a message of exactly the limit."""
    meter = feed(message([FRAME_MAX], long=False, pings=False) + message([200, 200, 100], long=False, pings=False), [])

    assert not meter.exceeded
