"""The outside of the handlers: the table, the sockets, time and chance. Made once per process, or by a test.

Each part is loaded and made when it is first used, so that every Lambda loads what its route needs and nothing else:
the imports inside the functions below are the reason why relaying a line loads less than half of the modules.
"""
# ruff: noqa: PLC0415 - see above

from __future__ import annotations

import base64
import os
import random
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from functions.chat.model.stamps import text_of

if TYPE_CHECKING:
    from functions.chat.aws.delay_queue import Timers
    from functions.chat.aws.site_bucket import Told
    from functions.chat.aws.sockets import Connections
    from functions.chat.ice.provider import Relays
    from functions.chat.model.pseudonyms import Keyring
    from functions.chat.model.resume_token import Token
    from functions.chat.runtime.crowd_memory import Crowd
    from functions.chat.runtime.leaky_bucket import Meter
    from functions.chat.runtime.settings import Settings
    from functions.chat.storage.cases import Cases
    from functions.chat.storage.places import Places
    from functions.chat.storage.presence import Online
    from functions.chat.storage.queue import Queue
    from functions.chat.storage.records import Records
    from functions.chat.storage.rooms import Rooms
    from functions.chat.storage.shared_bucket import SharedPace
    from functions.chat.storage.store import Store
    from functions.chat.storage.switches import SwitchBoard, Switches
    from functions.chat.storage.table import Clock, Table

ROOM_BITS = 128  # nobody guesses a room
STAMP_KEY_BITS = 128  # nobody guesses the key of its lines' stamps
# The environment of tests and simulations: a key behind pseudonyms that is no secret, and no relay.
PUBLISHED = {"IDENTITY_KEYS": f"test:{base64.b64encode(bytes(32)).decode()}"}
NONCE_BITS = 40  # tells tickets of one millisecond apart; an id is used once


class SystemClock:
    """The machine's own clock."""

    def now(self) -> float:
        """Return the seconds since 1970 in UTC."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Return after `seconds`."""
        time.sleep(seconds)


@dataclass(frozen=True)
class Backend:
    """The parts that handlers work with; each is made when first used, unless `parts` has one of its name.

    Without a `meter` nothing is limited; without `has_switches` no queue can be closed; without `is_concurrent` two
    things that could be done at once are done in turn.
    """

    table: Table
    connections: Connections
    clock: Clock
    random: random.Random
    settings: Settings
    meter: Meter | None = None
    has_switches: bool = False
    is_concurrent: bool = False
    environment: Mapping[str, str] = field(default_factory=lambda: PUBLISHED)
    parts: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.__dict__.update(self.parts)

    @cached_property
    def rooms(self) -> Rooms:
        from functions.chat.storage.rooms import Rooms

        return Rooms(self.table)

    @cached_property
    def store(self) -> Store:
        """Connections, and the writes that change a connection and a room at once."""
        from functions.chat.storage.store import Store

        return Store(self.table, self.board)

    @cached_property
    def queue(self) -> Queue:
        """Tickets of the people who wait."""
        from functions.chat.storage.queue import Queue

        return Queue(self.table, self.settings.queue_shards)

    @cached_property
    def records(self) -> Records:
        """The records of devices and addresses: reports, bans and trouble."""
        from functions.chat.storage.records import Records

        return Records(self.table)

    @cached_property
    def cases(self) -> Cases:
        """Reports, bans and appeals."""
        from functions.chat.storage.cases import Cases

        return Cases(self.table)

    @cached_property
    def shared_pace(self) -> SharedPace:
        """The counts that all processes share."""
        from functions.chat.storage.shared_bucket import SharedPace

        return SharedPace(self.table)

    @cached_property
    def places(self) -> Places:
        """The places in the queue that connections of a busy address hold."""
        from functions.chat.storage.places import Places

        return Places(self.table)

    @cached_property
    def board(self) -> SwitchBoard | None:
        """The operator's switches, as this process last read them."""
        from functions.chat.storage.switches import SwitchBoard

        return SwitchBoard(self.table) if self.has_switches else None

    @cached_property
    def online(self) -> Online | None:
        """The open sockets, where people are counted."""
        from functions.chat.storage.presence import Online

        is_counted = self.settings.online_threshold > 0
        return Online(self.table, self.timers.count_later, self.random) if is_counted else None

    @cached_property
    def timers(self) -> Timers:
        """The delay queue, which calls handlers/expire.py later."""
        from functions.chat.aws import clients
        from functions.chat.aws.delay_queue import Timers, into_queue

        return Timers(into_queue(clients.queues, self.settings.expiry_queue_url))

    @cached_property
    def tell_visitors(self) -> Callable[[Told], None]:
        """Write the site's file of how many people are here."""
        from functions.chat.aws import clients, site_bucket

        return site_bucket.writer(clients.storage, self.settings.online_bucket)

    @cached_property
    def publish_figures(self) -> Callable[[Mapping[str, Any]], None]:
        """Write the site's file of the monthly figures."""
        from functions.chat.aws import clients, site_bucket

        file, seconds = site_bucket.FIGURES_FILE, site_bucket.FIGURES_CACHED_SECONDS
        return site_bucket.writer(clients.storage, self.settings.online_bucket, file, seconds)

    @cached_property
    def relays(self) -> Relays:
        """Where video calls get their relay."""
        from functions.chat.ice.settings import relays_from
        from functions.chat.runtime import telemetry

        return relays_from(self.environment, count=telemetry.count_relay, now=self.clock.now)

    @cached_property
    def crowd(self) -> Crowd:
        """The memory that this process has of a busy queue."""
        from functions.chat.runtime.crowd_memory import Crowd

        return Crowd()

    def switches(self) -> Switches:
        """Return the operator's switches, all open where there is no board."""
        from functions.chat.storage.switches import Switches

        return self.board.read() if self.board is not None else Switches()

    @cached_property
    def keyring(self) -> Callable[[], Keyring]:
        """Return the keys behind pseudonyms."""
        from functions.chat.aws.identity_keys import keyring_from

        return keyring_from(self.environment, now=self.clock.now)

    @cached_property
    def age_secret(self) -> Callable[[], str]:
        """Return the secret shared with an age-assurance provider; empty where there is none."""
        from functions.chat.aws.identity_keys import age_secret_from

        return age_secret_from(self.environment, now=self.clock.now)

    def meanwhile(self, work: Callable[[], object]) -> AbstractContextManager[None]:
        """Do `work` while the block runs."""
        from functions.chat.runtime.concurrency import at_once, in_turn

        return at_once(work) if self.is_concurrent else in_turn(work)

    def new_room_id(self) -> str:
        """Return an id that was never used and that nobody guesses."""
        return _text(self.random.getrandbits(ROOM_BITS), ROOM_BITS)

    def new_stamp_key(self) -> str:
        """Return a secret for the stamps of one room's lines."""
        return _text(self.random.getrandbits(STAMP_KEY_BITS), STAMP_KEY_BITS)

    def new_token(self, connection_id: str) -> Token:
        """Return the secret with which this connection can be continued."""
        from functions.chat.model.resume_token import SECRET_BITS, Token

        return Token(connection_id, _text(self.random.getrandbits(SECRET_BITS), SECRET_BITS))

    def new_case_number(self) -> str:
        """Return a number for a case that no report led to."""
        from functions.chat.model.case import CASE_BYTES, number_from

        return number_from(self.random.getrandbits(8 * CASE_BYTES).to_bytes(CASE_BYTES, "big"))

    def new_ticket_id(self, since: float) -> str:
        """Return a ticket's id; ids sort by the time since when their owners wait, in epoch seconds."""
        return f"{int(since * 1000):014d}-{_text(self.random.getrandbits(NONCE_BITS), NONCE_BITS)}"


@lru_cache(maxsize=1)
def default() -> Backend:
    """Return this process's backend: AWS, or the services that the SDK's endpoint variables name."""
    from functions.chat.aws import clients
    from functions.chat.aws.sockets import Connections
    from functions.chat.runtime import settings
    from functions.chat.runtime.leaky_bucket import Meter
    from functions.chat.storage.table import Table

    environment, clock = settings.read(), SystemClock()
    return Backend(
        table=Table(clients.dynamodb(), environment.table_name, clock),
        connections=Connections(clients.management()),
        clock=clock,
        random=random.SystemRandom(),
        settings=environment,
        meter=Meter(),
        has_switches=True,
        is_concurrent=True,
        environment=os.environ,
    )


def waiting_since(ticket_id: str) -> float:
    """Return the time in a ticket's id, in epoch seconds."""
    return int(ticket_id.partition("-")[0]) / 1000


def _text(number: int, bits: int) -> str:
    return text_of(number.to_bytes(bits // 8, "big"))
