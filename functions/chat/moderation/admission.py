"""Admission to a search: decided before anything else is done for a person."""

from __future__ import annotations

from collections.abc import Sequence

from functions.chat.backend import Backend
from functions.chat.conversation import departure, standing
from functions.chat.model.people import Ban, Connection
from functions.chat.protocol import errors
from functions.chat.protocol.errors import Refusal

BANNED_SENTENCE = "You are locked out for a while. If that is wrong, you can appeal."
WARNED_SENTENCE = "A person looked at a report and warns you. Read it, then send `join` with its number in `read`."
AGE_SENTENCE = "Please prove your age first."
CLOSED_SENTENCE = "This kind of chat is closed for the moment."


def admit(backend: Backend, connection: Connection) -> Connection:
    """Return the connection of a person who may be here; take any other out of its room or queue, and raise why."""
    checked, ban = standing.look_up(backend, connection)
    if ban is not None:
        # An appeal is compared with this mark, which also spares the next look.
        standing.mark(backend, connection, ban)
        departure.stop(backend, connection.id, None)
        raise banned(ban)
    if connection.lacks_age_proof:
        raise Refusal(errors.AGE_REQUIRED, AGE_SENTENCE)
    return checked


def check_open(backend: Backend, connection: Connection, mode: str, languages: Sequence[str] = ()) -> None:
    """Take a waiter out of a queue that the operator closed, and raise it; a conversation goes on."""
    switches = backend.switches()
    if mode in switches.closed:
        if connection.ticket_id is not None:
            departure.stop(backend, connection.id, None)
        raise Refusal(errors.CLOSED, switches.words_for(languages) or CLOSED_SENTENCE, {"mode": mode})


def check_warned(backend: Backend, connection: Connection, read: str | None = None) -> None:
    """Take a person with an unread warning out of their room or queue, once on each connection, and raise it.

    With its number in `read` the person has read it, and is not told of it again. `connection` was just admitted.
    """
    warning = connection.warning
    if read is not None and read in (connection.warned_of, warning and warning.case):
        assert connection.device is not None, "only a device with a record is warned"
        backend.records.change(connection.device, lambda record: record.without_warning(read))
    elif warning is not None and warning.case != connection.warned_of:
        backend.store.mark_warned(connection.id, warning.case)
        departure.stop(backend, connection.id, None)
        raise Refusal(errors.WARNED, WARNED_SENTENCE, warning.as_fields())


def banned(ban: Ban) -> Refusal:
    """Return the refusal of somebody who is locked out, with reason, end and number."""
    return Refusal(errors.BANNED, BANNED_SENTENCE, ban.as_fields())
