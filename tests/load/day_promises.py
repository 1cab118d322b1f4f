"""The promises of the protocol, checked over the whole history of a day by somebody who saw only what clients see.

A client gets the benefit of the doubt for facts that it cannot know: a room whose other member was never told of it
because its socket died, a line in the second in which its room ended. Each check returns how much it looked at, and
what it found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from tests.conformance.contract import REMATCH_ALONE_SECONDS
from tests.load.day_history import Diary, History, Stay

PAIRED_WITHIN_SECONDS = 10.0  # two who may meet and both wait; a client asks again every 4 s
TOLD_WITHIN_SECONDS = 8.0  # that the other side skipped or stopped
LOST_WITHIN_SECONDS = 60.0  # that it vanished: the time of grace, and the queue that ends it
SETTLED_SECONDS = 4.0  # what was said so shortly before a room's end may be too late
CLOCK_SECONDS = 0.5  # between two tasks of this program


@dataclass
class Finding:
    """A promise, how often it was put to the test, and where it was broken."""

    promise: str
    checked: int = 0
    broken: list[str] = field(default_factory=list)

    def check(self, kept: bool, sentence: str) -> None:
        """Count one more, and note when it was not kept."""
        self.checked += 1
        if not kept:
            self.broken.append(sentence)


def check(history: History) -> list[Finding]:
    """Put every promise to the test."""
    return [_run(promise, look, history) for promise, look in PROMISES.items()]


def _run(promise: str, look: Callable[[History, Finding], None], history: History) -> Finding:
    finding = Finding(promise)
    look(history, finding)
    return finding


def _two_in_a_room(history: History, finding: Finding) -> None:
    for room, members in history.rooms().items():
        begin = min(stay.began for diary in members if (stay := diary.stay_in(room)) is not None)
        # The other one's socket may have died, or closed, before it heard of the room.
        excused = len(members) == 1 and any(
            _vanished_about(diary, begin) or _was_told_of_end(diary, room) for diary in history.diaries
        )
        finding.check(len(members) == 2 or excused, f"room {room} has {[diary.name for diary in members]}")
    for diary in history.diaries:
        for one, next_one in pairwise(diary.stays):
            apart = one.room != next_one.room and one.ended is not None and one.ended <= next_one.began
            finding.check(apart, f"{diary.name} is in {next_one.room} and still in {one.room}")


def _was_told_of_end(diary: Diary, room: str) -> bool:
    """Tell whether somebody heard that a room is over before they heard of the room, in which they then never were."""
    return diary.stay_in(room) is None and any(told == room for _, told in diary.told_left)


def _vanished_about(diary: Diary, at: float) -> bool:
    moments = [since for since, _ in diary.troubles] + ([diary.gone] if diary.gone is not None else [])
    return any(abs(moment - at) < SETTLED_SECONDS for moment in moments)


def _paired_in_time(history: History, finding: Finding) -> None:
    """Two with the same mode and no interests who waited at the same time for long, and could have met."""
    waiting = [
        (search.began, search.ended if search.ended is not None else history.seconds, diary)
        for diary in history.diaries
        if not diary.interests and diary.network != "flooding"
        for search in diary.searches
    ]
    waiting.sort(key=lambda each: each[:2])
    for position, (_, ended, one) in enumerate(waiting):
        finding.checked += 1
        for began, other_ended, other in waiting[position + 1 :]:
            if began > ended - PAIRED_WITHIN_SECONDS:
                break
            until = min(ended, other_ended)
            if one is other or one.mode != other.mode or until - began <= PAIRED_WITHIN_SECONDS:
                continue
            if one.was_well(began, until) and other.was_well(began, until) and not _met_lately(one, other, began):
                finding.broken.append(f"{one.name} and {other.name} waited {until - began:.1f} s side by side")


def _met_lately(one: Diary, other: Diary, at: float) -> bool:
    theirs = {stay.room for stay in other.stays}
    return any(stay.room in theirs and stay.began <= at and at - (stay.ended or at) < 75 for stay in one.stays)


def _only_the_peer(history: History, finding: Finding) -> None:
    said = {(room, number, text): diary for diary in history.diaries for _, room, number, text in diary.said}
    for diary in history.diaries:
        for line in diary.heard:
            author = said.get(line[1:])
            kept = author is not None and author is not diary and diary.stay_in(line[1]) is not None
            finding.check(kept, f"{diary.name} heard what nobody said to them: {line[1:3]}")
        for at, room in diary.relayed:
            # A peer may be faster than the `paired` that it follows, which a socket that dies then never brings.
            kept = diary.stay_in(room) is not None or _vanished_about(diary, at)
            finding.check(kept, f"{diary.name} got a frame of {room}, which was never theirs")
        finding.broken += [f"{diary.name}: {strange}" for strange in diary.strange]


def _lines_arrive(history: History, finding: Finding) -> None:
    """Each line of an undisturbed conversation arrives; the page sends it again, this client does not."""
    rooms = history.rooms()
    heard = {(id(diary), room, number) for diary in history.diaries for _, room, number, _ in diary.heard}
    for author in history.diaries:
        for at, room, number, _ in author.said:
            for listener in (each for each in rooms.get(room, ()) if each is not author):
                if _is_undisturbed(history, room, at, author, listener):
                    kept = (id(listener), room, number) in heard
                    finding.check(kept, f"line {number} of {author.name} in {room} never came")


def _is_undisturbed(history: History, room: str, at: float, *members: Diary) -> bool:
    """Tell whether a room was open, and both its members' sockets worked, around a moment."""
    stays = [stay for diary in members if (stay := diary.stay_in(room)) is not None]
    begins = max(stay.began for stay in stays)
    ends = min(stay.ended if stay.ended is not None else history.seconds for stay in stays)
    was_open = begins <= at and at + SETTLED_SECONDS < ends
    return was_open and all(diary.was_well(at - CLOCK_SECONDS, at + SETTLED_SECONDS) for diary in members)


def _told_and_searching(history: History, finding: Finding) -> None:
    for room, members in history.rooms().items():
        for leaver in members:
            stay = leaver.stay_in(room)
            assert stay is not None, "who is listed was in the room"
            if stay.ended is not None and stay.ended_by != "peer_left":
                for stayer in members:
                    if stayer is not leaver:
                        was_lost = stay.ended_by == "lost" or _is_in_trouble(leaver, stay.ended)
                        within = LOST_WITHIN_SECONDS if was_lost else TOLD_WITHIN_SECONDS
                        _check_told(finding, history, stay, stayer, stay.ended + within)


def _is_in_trouble(diary: Diary, at: float) -> bool:
    """Tell whether a frame of about that moment may have been lost on its way to the server."""
    return any(since <= at <= until for since, until in diary.troubles)


def _check_told(finding: Finding, history: History, left: Stay, stayer: Diary, until: float) -> None:
    assert left.ended is not None, "the leaver's time in the room is over"
    own = stayer.stay_in(left.room)
    ended_itself = own is not None and own.ended is not None and own.ended_by != "peer_left" and own.ended < until
    if ended_itself or until > history.seconds or not stayer.was_well(left.ended - CLOCK_SECONDS, until):
        return
    told = [at for at, room in stayer.told_left if room == left.room]
    finding.check(bool(told), f"{stayer.name} was never told that {left.room} ended by {left.ended_by}")
    if told:
        begun = [*(each.began for each in stayer.searches), *(each.began for each in stayer.stays)]
        moved = any(began >= told[0] - CLOCK_SECONDS for began in begun)
        finding.check(moved, f"{stayer.name} was not searching again after {left.room}")


def _no_rematch(history: History, finding: Finding) -> None:
    members = history.rooms()
    for diary in history.diaries:
        for other, stays in _meetings(members, diary):
            for one, next_one in pairwise(stays):
                ends = [stay for each in members[one.room] if (stay := each.stay_in(one.room)) is not None]
                # From when the one who skipped did so: the other may have been told late.
                skipped_at = min((stay.ended for stay in ends if stay.ended_by == "skip" and stay.ended), default=None)
                if skipped_at is not None:
                    gap = next_one.began - skipped_at
                    kept = gap >= REMATCH_ALONE_SECONDS - CLOCK_SECONDS
                    finding.check(kept, f"{diary.name} met {other} again after {gap:.1f} s")


def _meetings(rooms: dict[str, list[Diary]], diary: Diary) -> Iterator[tuple[str, list[Stay]]]:
    by_peer: dict[str, list[Stay]] = {}
    for stay in diary.stays:
        for peer in rooms[stay.room]:
            if peer is not diary:
                by_peer.setdefault(peer.name, []).append(stay)
    yield from ((name, stays) for name, stays in by_peer.items() if len(stays) > 1)


PROMISES: dict[str, Callable[[History, Finding], None]] = {
    "A room has two people, and a person is in one room at a time.": _two_in_a_room,
    f"Two who may meet and both wait are paired within {PAIRED_WITHIN_SECONDS:.0f} s.": _paired_in_time,
    "A frame reaches only the peer of its room, and every event keeps the contract.": _only_the_peer,
    "A line of an undisturbed conversation arrives.": _lines_arrive,
    "When one side goes, the other is told and is searching again by itself.": _told_and_searching,
    f"After a skip the same two do not meet again within {REMATCH_ALONE_SECONDS} s.": _no_rematch,
}
