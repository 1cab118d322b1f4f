"""What handlers work with: the table, the sockets, time and chance. Made once per process, or by a test."""

from __future__ import annotations

import base64
import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from functions.chat.aws import clients
from functions.chat.aws.delay_queue import QueueTimers, Timers
from functions.chat.aws.identity_keys import age_secret_from, keyring_from
from functions.chat.aws.site_bucket import Told, writer
from functions.chat.aws.sockets import Connections
from functions.chat.ice.provider import Relays
from functions.chat.ice.settings import relays_from
from functions.chat.model.pseudonyms import Keyring, SecretKey
from functions.chat.model.resume_token import SECRET_BITS, Token
from functions.chat.runtime import settings, telemetry
from functions.chat.runtime.clock import Clock, SystemClock
from functions.chat.runtime.concurrency import Meanwhile, at_once, in_turn
from functions.chat.runtime.crowd_memory import Crowd
from functions.chat.runtime.leaky_bucket import Meter
from functions.chat.runtime.settings import Settings
from functions.chat.storage.cases import Cases
from functions.chat.storage.presence import Online
from functions.chat.storage.queue import Queue
from functions.chat.storage.records import Records
from functions.chat.storage.shared_bucket import SharedPace
from functions.chat.storage.store import Store
from functions.chat.storage.switches import SwitchBoard, Switches
from functions.chat.storage.table import Table

ROOM_BITS = 128  # nobody guesses a room
NONCE_BITS = 40  # tells tickets of one millisecond apart; an id is used once


def published_key() -> Keyring:
    """Return a key that is no secret, for tests and simulations; `default` never uses it."""
    return Keyring((SecretKey("test", bytes(32)),))


def tell_nobody(told: Told) -> None:
    """Stand in for the site's file of who is here, where there is no site."""
    del told


@dataclass(frozen=True)
class Backend:
    """The outside of the handlers. Without a `meter` nothing is limited, without `online` nobody is counted."""

    store: Store
    queue: Queue
    connections: Connections
    timers: Timers
    clock: Clock
    random: random.Random
    settings: Settings
    relays: Relays = field(default_factory=Relays)
    keyring: Callable[[], Keyring] = published_key
    age_secret: Callable[[], str] = str
    meter: Meter | None = None
    switches: Callable[[], Switches] = Switches
    online: Online | None = None
    tell_visitors: Callable[[Told], None] = tell_nobody
    meanwhile: Meanwhile = in_turn
    crowd: Crowd = field(default_factory=Crowd)

    @cached_property
    def records(self) -> Records:
        """What is held against whom."""
        return Records(self.store.table)

    @cached_property
    def cases(self) -> Cases:
        """Reports, bans and appeals."""
        return Cases(self.store.table)

    @cached_property
    def shared_pace(self) -> SharedPace:
        """What all processes count together."""
        return SharedPace(self.store.table)

    def new_room_id(self) -> str:
        """Return an id that was never used and that nobody guesses."""
        return _text(self.random.getrandbits(ROOM_BITS), ROOM_BITS)

    def new_token(self, connection_id: str) -> Token:
        """Return the secret with which this connection can be continued."""
        return Token(connection_id, _text(self.random.getrandbits(SECRET_BITS), SECRET_BITS))

    def new_ticket_id(self, since: float) -> str:
        """Return a ticket that orders by the time since when its owner waits, in epoch seconds."""
        return f"{int(since * 1000):014d}-{_text(self.random.getrandbits(NONCE_BITS), NONCE_BITS)}"


@lru_cache(maxsize=1)
def default() -> Backend:
    """Return this process's backend: AWS, or what the SDK's endpoint variables put in its place."""
    environment = settings.read()
    clock = SystemClock()
    table = Table(clients.dynamodb(), environment.table_name, clock)
    timers = QueueTimers(clients.queues, environment.expiry_queue_url)
    chance = random.SystemRandom()
    board = SwitchBoard(table)
    return Backend(
        store=Store(table, board),
        queue=Queue(table, environment.queue_shards),
        connections=Connections(clients.management()),
        timers=timers,
        clock=clock,
        random=chance,
        settings=environment,
        relays=relays_from(count=telemetry.count_relay),
        keyring=keyring_from(os.environ, now=clock.now),
        age_secret=age_secret_from(os.environ, now=clock.now),
        meter=Meter(),
        switches=board.read,
        online=Online(table, timers.count_later, chance) if environment.online_threshold else None,
        meanwhile=at_once,
        tell_visitors=writer(clients.storage, environment.online_bucket),
    )


def waiting_since(ticket_id: str) -> float:
    """Return the time in a ticket's id, in epoch seconds."""
    return int(ticket_id.partition("-")[0]) / 1000


def _text(number: int, bits: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(bits // 8, "big")).rstrip(b"=").decode()
