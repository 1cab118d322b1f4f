"""The measurement that presence.py describes: count, ask, correct, and tell visitors."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from functions.chat.backend import Backend
from functions.chat.conversation import departure
from functions.chat.runtime import telemetry
from functions.chat.storage.presence import CensusItem, Online

# A page sends something every 24 s at the latest, and one that was stopped closes its socket after a minute. So a
# socket that was silent for so long is a phone in a tunnel, or one whose loss the platform has not noticed.
SILENT_SECONDS = 150.0
ASKING_AT_ONCE = 10
# What visitors were told is told again before it ends, changed or not.
TOLD_SECONDS = 240
TELL_AGAIN_SECONDS = 110


def measure(backend: Backend) -> None:
    """Count who is here and tell it, unless that was done in this minute; have it done again while anybody is here."""
    online = backend.online
    last = online.begin() if online is not None else None
    if online is None or last is None:
        return
    noted = online.noted()
    if noted:
        online.go_on()
    here = _correct(backend, online, noted)
    telemetry.count("PeopleHere", here)
    _tell(backend, online, last, here)


def _correct(backend: Backend, online: Online, noted: int) -> int:
    """Return how many of the noted are really here, and drop those of the asked that are not there any more."""
    asked = online.sample() if noted else []
    if not asked:
        return 0
    with ThreadPoolExecutor(ASKING_AT_ONCE) as threads:
        used_at = list(threads.map(backend.connections.last_used, asked))
    now = backend.clock.now()
    here = sum(at is not None and now - at < SILENT_SECONDS for at in used_at)
    for connection_id, at in zip(asked, used_at, strict=True):
        if at is None:
            online.leave(connection_id)
            # Its `$disconnect` was lost: whoever it talked with should not wait for it either.
            departure.lose(backend, connection_id)
    return here if noted <= len(asked) else round(noted * here / len(asked))


def _tell(backend: Backend, online: Online, last: CensusItem, here: int) -> None:
    """Tell visitors, when there is something new to tell or what they know is about to end; few are not told."""
    shown = here if here >= backend.settings.online_threshold else 0
    before, now = int(last.shown or 0), backend.clock.now()
    if shown == before and (shown == 0 or now - (last.shown_at or 0.0) < TELL_AGAIN_SECONDS):
        return
    backend.tell_visitors({"online": shown, "until": int(now) + TOLD_SECONDS} if shown else {})
    online.remember(shown)
