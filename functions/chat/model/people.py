"""People, their wishes, their meetings and their conversations, as values. Pure.

pairing.py has the states of a connection and the rules of meeting.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

REMATCH_SECONDS = 60.0  # the same two do not meet again for a minute …
REMATCH_ALONE_SECONDS = 10.0  # … or for ten seconds when there is nobody else
MEETINGS_MAX = 20  # as many as one meets in a minute, skipping every three seconds; 0.7 KB of a ticket
NETWORK_MARK = 6  # characters of a network's pseudonym: one in 70,000 million is taken for another, for a minute
NO_TIME = 1e11  # later than any: a waiter without a turn gets one by a `join`, and not by waiting
AVOIDED_MAX = 50  # people that one person reported; the oldest are forgotten


class Ban(NamedTuple):
    """A ban: its case number to quote, its reason, its beginning and end in epoch seconds, and who decided it."""

    case: str
    reason: str
    since: float
    until: float
    by_person: bool = False  # and not by the rules alone

    def as_fields(self) -> dict[str, Any]:
        """Return the fields of the `error` that tells of it."""
        return {"until": int(self.until), "reason": self.reason, "case": self.case, "automatic": not self.by_person}


class GivenWarning(NamedTuple):
    """A warning by the operator: its case, its reason, and its beginning and end in epoch seconds."""

    case: str
    reason: str
    since: float
    until: float

    def as_fields(self) -> dict[str, Any]:
        """Return the fields of the `error` that tells of it: nothing that names a conversation or a reporter."""
        return {"reason": self.reason, "case": self.case}


@dataclass(frozen=True, slots=True)
class Wish:
    """The people whom a seeker wants to meet. Interests are normalised, in their owner's spelling.

    `public_key` seals lines to this person (docs/sealed.md); None for a client that talks in the clear.
    """

    mode: str
    interests: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    widened: bool = False
    public_key: str | None = None

    @property
    def accepts_anyone(self) -> bool:
        """Whether the seeker accepts a stranger without a common interest."""
        return self.widened or not self.interests


class Meeting(NamedTuple):
    """A talk with `name`, a device or a visit without a device, that ended at `ended_at` in epoch seconds.

    `network` is the end of the pseudonym of that person's network, if it was another than the owner's.
    """

    name: str
    ended_at: float
    network: str = ""


class Member(NamedTuple):
    """One of the two in a room."""

    connection_id: str
    person: str
    interests: tuple[str, ...]
    ticket_id: str | None = None  # the ticket that this pairing used up; None for a joiner that never waited
    device: str | None = None
    address: str | None = None
    languages: tuple[str, ...] = ()
    public_key: str | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """A place in the queue. As read from the queue it is a hint: the connection is the truth."""

    id: str
    connection_id: str
    person: str
    wish: Wish
    meetings: tuple[Meeting, ...] = ()
    avoided: frozenset[str] = frozenset()
    device: str | None = None
    address: str | None = None
    device_token: str | None = None
    newcomer_since: float | None = None
    ready_at: float | None = None
    turn_at: float | None = None

    @property
    def names(self) -> frozenset[str]:
        """The names by which others avoid this person: the visit, the device, and a newcomer's network."""
        return frozenset(name for name in (self.person, self.device, self.newcomers) if name is not None)

    @property
    def network(self) -> str:
        """The network that this person comes from; empty where it tells nobody apart."""
        # Relaying a line loads people and asks for nobody's network.
        from functions.chat.model.networks import network_of, tells_people_apart  # noqa: PLC0415

        network = network_of(self.address)
        return network if tells_people_apart(network) else ""

    @property
    def newcomers(self) -> str | None:
        """The network among whose newcomers this person is; None for anybody else."""
        return self.network or None if self.newcomer_since is not None else None

    def as_member(self) -> Member:
        """Return what a room keeps of this person; a ticket without an id never waited."""
        names = self.connection_id, self.person, self.wish.interests
        place = self.id or None, self.device, self.address
        return Member(*names, *place, self.wish.languages, self.wish.public_key)


@dataclass(frozen=True, slots=True)
class Connection:
    """One socket and the person behind it, as the table knows them.

    `person` is a pseudonym that is kept when another connection continues this one. `device` and `address` outlive the
    visit (pseudonyms.py). `ban` is the ban found when bans were last looked up, at `checked_at`. `device_token` is a
    token that this visitor has still to be told. `token_hashes` are the hashes of the last tokens that its client was
    told. The connection `continued_by` took this one's place, by the token whose hash is `continued_with`.

    `newcomer_since` is when the socket of a newcomer was opened: of a device that has not talked here on an earlier
    day. Before `ready_at` the connection meets nobody of another network; `ready_at` is NO_TIME while it waits for a
    turn (meeting_pace.py), and with `may_work` a solved puzzle gets a turn now. `met` counts its rooms, of which its
    device's record has counted the first `met_counted` by a report. `turns` counts the turns that it took. It took the
    last turn at `turn_at`, after `turn_of` rooms, and holds it until the next room. `talked_on` is the last day on
    which it was noted that this device talked. `warning` is the warning found when the records were looked up just now,
    and `warned_of` the case of the last warning that this connection was told.
    """

    id: str
    person: str
    wish: Wish | None = None
    ticket_id: str | None = None
    room_id: str | None = None
    meetings: tuple[Meeting, ...] = ()
    avoided: frozenset[str] = field(default_factory=frozenset)
    token_hashes: tuple[str, ...] = ()
    lost_at: float | None = None
    device: str | None = None
    address: str | None = None
    ban: Ban | None = None
    checked_at: float = 0.0
    device_token: str | None = None
    lacks_age_proof: bool = False
    continued_by: str | None = None
    continued_with: str | None = None
    newcomer_since: float | None = None
    ready_at: float | None = None
    met: int = 0
    met_counted: int = 0
    talked_on: int = 0
    may_work: bool = False
    turn_of: int | None = None
    turn_at: float | None = None
    turns: int = 0
    warned_of: str | None = None
    warning: GivenWarning | None = None

    @property
    def alone_since(self) -> float:
        """Since when it is alone: since its last conversation ended, or since a newcomer's socket was opened."""
        return max((self.newcomer_since or 0.0, *(each.ended_at for each in self.meetings)))

    @property
    def has_place(self) -> bool:
        """Whether it waits or points to a room, so that there is something to continue or to leave behind."""
        return self.ticket_id is not None or self.room_id is not None

    @property
    def has_turn(self) -> bool:
        """Whether it holds a turn to meet a stranger, however often its search was left or begun again since."""
        return self.turn_of == self.met

    @property
    def waits_for_turn(self) -> bool:
        """Whether it meets nobody of another network until a `join` gets a turn for it."""
        return self.ready_at == NO_TIME

    def with_turn_back(self) -> Connection:
        """Return the connection as if its last meeting had taken no turn; it gets none back if it took none for it."""
        return replace(self, turn_of=self.met) if self.turn_of == self.met - 1 else self

    def as_ticket(self) -> Ticket:
        """Return the ticket that this connection puts into the queue."""
        assert self.wish is not None, "a connection that searches has a wish"
        ids = self.ticket_id or "", self.id, self.person
        who = self.device, self.address, self.device_token
        since = self.newcomer_since, self.ready_at, self.turn_at
        return Ticket(*ids, self.wish, self.meetings, self.avoided, *who, *since)

    def after_meeting(self, peer: Member, now: float) -> Connection:
        """Return the connection with one more meeting, and without those that no longer matter."""
        is_own_device = self.device is not None and peer.device == self.device
        name = peer.person if peer.device is None or is_own_device else peer.device
        from functions.chat.model.networks import network_of, tells_people_apart  # noqa: PLC0415 - as above

        network = network_of(peer.address)
        is_other = tells_people_apart(network) and network != network_of(self.address)
        meeting = Meeting(name, now, network[-NETWORK_MARK:] if is_other else "")
        recent = [each for each in self.meetings if each.ended_at > now - REMATCH_SECONDS and each.name != name]
        return replace(self, meetings=(*recent, meeting)[-MEETINGS_MAX:])


@dataclass(frozen=True, slots=True)
class Room:
    """A conversation of two. The first member was waiting and is impolite; the second joined and is polite.

    With `stamp_key` the relay stamps its lines (model/stamps.py).
    """

    id: str
    mode: str
    members: tuple[Member, Member]
    opened_at: float
    closed_at: float | None = None
    closed_by: str | None = None
    reason: str | None = None
    stamp_key: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether frames may pass."""
        return self.closed_at is None

    def seat(self, connection_id: str) -> int | None:
        """Return 0 or 1 for the connection that speaks for a member now, and None for any other."""
        return next((at for at, each in enumerate(self.members) if each.connection_id == connection_id), None)

    def open_seat(self, connection_id: str) -> int | None:
        """Return 0 or 1 for the connection that speaks for a member while the room is open, and None for any other."""
        return self.seat(connection_id) if self.is_open else None

    def seat_of(self, person: str) -> int | None:
        """Return 0 or 1 for a member, whichever connection speaks for them, and None for anybody else."""
        return next((at for at, each in enumerate(self.members) if each.person == person), None)

    def seat_of_member(self, person: str) -> int:
        """Return 0 or 1 for somebody who is known to be a member."""
        seat = self.seat_of(person)
        assert seat is not None, "a connection points only to rooms that its person was in"
        return seat

    def continued(self, seat: int, connection_id: str) -> Room:
        """Return the room in which this connection speaks for a member."""
        members = list(self.members)
        members[seat] = members[seat]._replace(connection_id=connection_id)
        return replace(self, members=(members[0], members[1]))

    def peer(self, seat: int) -> Member:
        """Return the other member."""
        return self.members[1 - seat]
