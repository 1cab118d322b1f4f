"""The rules of pairing: which two people may meet, and which ticket a seeker claims first. Pure.

Theory of operation. A connection is in one of three states, and its item in the table says which:

    idle      no ticket; its room, if it names one, is closed
    waiting   a ticket; its room, if it names one, is closed
    talking   no ticket; its room is open

    idle    --enter-->  waiting    a conditional write of the ticket on the connection
    idle    --pair--->  talking    } one transaction over both connections and the new room;
    waiting --pair--->  talking    } each side is still as it was seen
    talking --depart->  idle       the room is closed by one conditional write; connections that point to it are free
    waiting --leave-->  idle       a conditional removal of the ticket
    any     --lose--->  lost       its socket died: for the grace it is lost, and neither waits nor talks
    lost    --resume->  gone       a new connection takes its place in the room or the queue, in one transaction
    any     --close-->  gone       the item is deleted, and every write requires that it exists

Waiting is *connection first, hint second, look again third*: the ticket is written on the connection, then copied as a
hint into each queue partition where others look, then the queue is read again, consistently. Of two people who arrive
together the one whose hint is written later reads the other's, and the other's connection is claimable because it was
written before its hint. So no two people who may meet both miss each other. Hints may be stale: a claim of a stale hint
fails on the connection's condition, and the seeker that made the claim deletes the hint. A ticket's id is used once, so
deleting a stale hint can never hit a live one.

Order: a seeker claims the oldest ticket that it may meet, because that is fair. In a crowd that order collapses: all
seekers claim the same ticket, and all losers the same next one. So a seeker that finds 2 or more tickets of the last
0.1 s enters the queue first, where the others can read its ticket, and then goes with the ticket that crowd_order.py
names. The newer of the two claims. The older waits up to 4 x 30 ms to be claimed; after that it claims as well.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from functions.chat.model import crowd_order, interests, languages
from functions.chat.model.networks import SINCE
from functions.chat.model.people import REMATCH_ALONE_SECONDS, REMATCH_SECONDS, Meeting, Ticket, Wish

SHORT_QUEUE_MAX = 4  # up to here the oldest goes first: fewer rivals than that rarely collide
CROWD_MIN = 2  # people who arrived just now: with one alone, claiming at once is quicker and rarely collides
LOBBY_FOR_ANYONE = "*"  # interests are prefixed, so that none can be mistaken for it


def lobbies(wish: Wish) -> tuple[str, ...]:
    """Return the lobbies in which a seeker with this wish waits and looks: one for each interest, one for anyone."""
    own = tuple(f"={key}" for key in interests.keys(wish.interests))
    return (*own, LOBBY_FOR_ANYONE) if wish.accepts_anyone else own


def may_meet(one: Ticket, other: Ticket) -> bool:
    """Tell whether two people may be paired at all, at any time."""
    if one.connection_id == other.connection_id or one.wish.mode != other.wish.mode:
        return False
    if one.avoided & other.names or other.avoided & one.names or _shuns(one, other) or _shuns(other, one):
        return False
    return _accepts(one.wish, other.wish) and _accepts(other.wish, one.wish)


def are_neighbours(one: Ticket, other: Ticket) -> bool:
    """Tell whether two people come from one network, so that their meeting takes nobody's turn."""
    return one.network == other.network != ""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The tickets that a seeker may claim now, the best to try first.

    `met` are people who parted from the seeker 10 to 60 s ago. A seeker claims one of them only when no partition has a
    stranger.
    """

    strangers: tuple[Ticket, ...]
    met: tuple[Ticket, ...]


def rank(seeker: Ticket, hints: Iterable[Ticket], now: float, chance: random.Random) -> Ranking:
    """Return the tickets that `seeker` may claim now; people with a language in common come before others."""
    eligible = sorted((each for each in hints if _may_meet_at(seeker, each, now)), key=lambda each: each.id)
    strangers = [each for each in eligible if _parted_for(seeker, each, now) >= REMATCH_SECONDS]
    met = [each for each in eligible if REMATCH_ALONE_SECONDS <= _parted_for(seeker, each, now) < REMATCH_SECONDS]
    return Ranking(_in_order(seeker, strangers, chance), _in_order(seeker, met, chance))


def choose(
    seeker: Ticket, found: Sequence[Ticket], arrived: Collection[Ticket], now: float, *, patient: bool
) -> Ticket | None:
    """Return the ticket to claim of those found, or None to claim none yet.

    `arrived` are tickets of the last moment, whose owners still search. A seeker that does not wait yet has an empty
    ticket id, and enters the queue when it gets None. A seeker that waits and is still `patient` lets newer ones claim
    it.
    """
    if not seeker.id:
        return None if len(arrived) >= CROWD_MIN else found[0]
    if not patient:
        return found[0]
    tickets = {each.id: each for each in (seeker, *found)}

    def suits(one: str, other: str) -> bool:
        return _may_meet_now(tickets[one], tickets[other], now)

    partner = crowd_order.partner(seeker.id, tickets, suits)
    chosen = tickets[partner] if partner is not None else None
    # The newer of the two claims; but a ticket whose owner's search is over will not claim by itself.
    return chosen if chosen is not None and (chosen.id < seeker.id or chosen not in arrived) else None


def _may_meet_at(one: Ticket, other: Ticket, now: float) -> bool:
    """Tell whether two may be paired now; a person who has to wait a little may still meet their own network."""
    ready_at = max(one.ready_at or 0.0, other.ready_at or 0.0)
    return may_meet(one, other) and (ready_at <= now or are_neighbours(one, other))


def _may_meet_now(one: Ticket, other: Ticket, now: float) -> bool:
    return _may_meet_at(one, other, now) and _parted_for(one, other, now) >= REMATCH_ALONE_SECONDS


def _in_order(seeker: Ticket, eligible: Sequence[Ticket], chance: random.Random) -> tuple[Ticket, ...]:
    understood = [each for each in eligible if languages.understand(seeker.wish.languages, each.wish.languages)]
    others = [each for each in eligible if each not in understood]
    return (*_spread(understood, chance), *_spread(others, chance))


def _shuns(one: Ticket, other: Ticket) -> bool:
    """Tell whether `one` avoids the newcomers of a network and `other` is one of these."""
    if other.newcomer_since is None or not one.avoided:
        return False
    shunned = [name.partition(SINCE) for name in one.avoided if SINCE in name]
    return any(network == other.network and other.newcomer_since >= float(since) for network, _, since in shunned)


def _accepts(own: Wish, other: Wish) -> bool:
    if own.widened:
        return True
    if own.interests and not interests.common(own.interests, other.interests):
        return False
    return languages.understand(own.languages, other.languages)


def _parted_for(one: Ticket, other: Ticket, now: float) -> float:
    """Return the seconds since two people parted, as the better informed of them remembers."""
    ends = [each.ended_at for each in one.meetings if _is_of(each, other)]
    ends += [each.ended_at for each in other.meetings if _is_of(each, one)]
    return now - max(ends, default=float("-inf"))


def _is_of(meeting: Meeting, ticket: Ticket) -> bool:
    """Tell whether a ticket is of the person met then, or of a newcomer of their network whose socket opened since."""
    if meeting.name in (ticket.person, ticket.device):
        return True
    if not meeting.network or ticket.newcomer_since is None or not ticket.network.endswith(meeting.network):
        return False
    return ticket.newcomer_since > meeting.ended_at - REMATCH_SECONDS


def _spread(candidates: Sequence[Ticket], chance: random.Random) -> list[Ticket]:
    if len(candidates) <= SHORT_QUEUE_MAX:
        return list(candidates)
    shuffled = list(candidates)
    chance.shuffle(shuffled)
    return shuffled
