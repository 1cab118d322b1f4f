"""The cases; importing this package registers all of them."""

from tests.conformance.cases import (
    bad_frames,
    crowd,
    ending,
    interests,
    languages,
    moderation,
    pairing,
    platform,
    rematch,
    resuming,
    sealing,
    stale_rooms,
    talking,
)

__all__ = [
    "bad_frames",
    "crowd",
    "ending",
    "interests",
    "languages",
    "moderation",
    "pairing",
    "platform",
    "rematch",
    "resuming",
    "sealing",
    "stale_rooms",
    "talking",
]
