"""The measurement that presence.py describes: count, ask, correct, and tell visitors."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from functions.chat.aws.site_bucket import Told
from functions.chat.backend import Backend
from functions.chat.conversation import departure
from functions.chat.model import busy_hours
from functions.chat.runtime import telemetry
from functions.chat.storage.presence import Census, Online

# A page sends something every 24 s at the latest, and one that was stopped closes its socket after a minute. So a
# socket that was silent for so long is a phone in a tunnel, or one whose loss the platform has not noticed.
SILENT_SECONDS = 150.0
ASKING_AT_ONCE = 10
# A number that visitors were told is told again before its time ends, changed or not.
TOLD_SECONDS = 240
TELL_AGAIN_SECONDS = 110
# The busy hours are true for longer, and are needed most while nobody is here to tell them again.
BUSY_TOLD_SECONDS = 7 * 24 * 3600
BUSY_AGAIN_SECONDS = 24 * 3600
HOUR_SECONDS = 3600


def measure(backend: Backend) -> None:
    """Count the people here and tell it, unless done in this minute; have it done again while anybody is here."""
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
    """Return how many of the noted sockets are really in use, and drop sampled ones that are closed."""
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
            # Its `$disconnect` was lost: its peer should not wait for it either.
            departure.lose(backend, connection_id)
    return here if noted <= len(asked) else round(noted * here / len(asked))


def _tell(backend: Backend, online: Online, last: Census, here: int) -> None:
    """Tell visitors how many are here, unless few, and the busy hours; only where that is new, or about to end."""
    now = backend.clock.now()
    shown = here if here >= backend.settings.online_threshold else 0
    hours = busy_hours.counted(last.hours, int(now) // HOUR_SECONDS, here)
    census = Census(shown, busy_hours.busiest(hours), now, hours)
    if _is_told(last, census):
        return online.remember(census._replace(shown_at=last.shown_at))
    told: Told = {}
    if shown:
        told |= {"online": shown, "until": int(now) + TOLD_SECONDS}
    if census.busy:
        told |= {"busy": list(census.busy), "busyUntil": int(now) + BUSY_TOLD_SECONDS}
    backend.tell_visitors(told)
    return online.remember(census)


def _is_told(last: Census, now: Census) -> bool:
    """Tell whether visitors know all this already, for long enough."""
    if (last.shown, last.busy) != (now.shown, now.busy):
        return False
    limits = [TELL_AGAIN_SECONDS] * (now.shown > 0) + [BUSY_AGAIN_SECONDS] * bool(now.busy)
    return all(now.shown_at - last.shown_at < limit for limit in limits)
