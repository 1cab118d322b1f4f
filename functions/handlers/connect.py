"""$connect: accept a socket, or refuse its upgrade.

The socket cannot be posted to before this returns, and a browser is not told why it was refused. So a banned person is
let in, and told in answer to `join`. Only other sites' pages, storms and floods are refused here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hmac import compare_digest
from typing import Any

from functions.chat.aws.identity_keys import KeyUnavailableError
from functions.chat.conversation import history
from functions.chat.entry import visitors
from functions.chat.entry.entrypoint import DONE, Caller, on_event
from functions.chat.entry.visitors import Visitor
from functions.chat.model import age_proof
from functions.chat.model.networks import network_of
from functions.chat.model.people import Connection
from functions.chat.model.record import Record
from functions.chat.model.reputation import FLOOD, WAIT_SECONDS_MAX, ban_that_applies, wait_of_newcomers
from functions.chat.runtime import telemetry
from functions.chat.runtime.settings import EDGE_HEADER
from functions.chat.storage.table import Busy

REFUSED = {"statusCode": 403}
TOO_MANY = {"statusCode": 429}
TRY_AGAIN = {"statusCode": 503}
AGE_PARAMETER = "age"


@on_event
def handler(caller: Caller) -> dict[str, Any]:
    """Keep the new connection, with all that is known of its visitor."""
    headers = caller.headers
    if not _comes_from_the_site(caller, headers):
        return _refuse(caller, REFUSED, "origin")
    try:
        return _open(caller, headers)
    except (Busy, KeyUnavailableError):
        return TRY_AGAIN


def _open(caller: Caller, headers: Mapping[str, str]) -> dict[str, Any]:
    query: Mapping[str, str] = caller.event.get("queryStringParameters") or {}
    source = str(caller.event["requestContext"].get("identity", {}).get("sourceIp", ""))
    visitor = visitors.see(caller.backend, query, headers, source)
    keys = visitor.addresses if visitor.is_new else (visitor.device, *visitor.addresses)
    met_by = history.met_by(visitor.device, visitor.addresses[0] if visitor.addresses else None)
    # A new device has no record, only its address has one: that may be read a moment old, at half the price.
    records, met = caller.backend.records.get_with_meetings(
        keys, met_by[1:] if visitor.is_new else met_by, consistent=not visitor.is_new
    )
    own = records.get(visitor.device, Record(visitor.device))
    if not visitors.lets_in(caller.backend, visitor):
        return _refuse(caller, TOO_MANY, "rate_limited")
    connection = _connection(caller, visitor, own, records)
    meetings = met.get(visitor.device, ())
    if not meetings and connection.newcomer_since is not None:
        meetings = met.get(connection.address or "", ())
    connection = replace(connection, lacks_age_proof=not _is_of_age(caller, query), meetings=meetings)
    if connection.ban is not None and connection.ban.reason == FLOOD:
        return _refuse(caller, TOO_MANY, "banned")
    caller.backend.store.open_connection(connection)
    if caller.backend.online is not None:
        caller.backend.online.arrive(connection.id)
    telemetry.count("Connected")
    telemetry.tell("connected", connection=connection.id, newcomer=visitor.is_new)
    return DONE


def _connection(caller: Caller, visitor: Visitor, own: Record, records: Mapping[str, Record]) -> Connection:
    """Return the connection as it begins, with the facts from the records of its device and its addresses."""
    now = caller.backend.clock.now()
    is_newcomer = not own.is_known(now)
    address = visitor.addresses[0] if visitor.addresses else None
    wait = 0.0
    if is_newcomer:
        wait = wait_of_newcomers({key: records[key] for key in visitor.addresses}, now)
        wait = WAIT_SECONDS_MAX if visitors.is_in_a_storm(caller.backend, visitor) else wait
    return Connection(
        id=caller.connection_id,
        # The pseudonym of this visit; the device's outlives it.
        person=caller.connection_id,
        device=visitor.device,
        device_token=visitor.token,
        address=address,
        avoided=own.avoids(network_of(address), now),
        ban=ban_that_applies(visitor.device, records, now),
        # With 0 the first search looks the record up itself, as a warning is to be read.
        checked_at=now if own.warning is None else 0.0,
        newcomer_since=now if is_newcomer else None,
        ready_at=now + wait if wait else None,
        talked_on=own.last_day,
    )


def _is_of_age(caller: Caller, query: Mapping[str, str]) -> bool:
    secret = caller.backend.age_secret()
    return not secret or age_proof.is_proof(query.get(AGE_PARAMETER, ""), secret, caller.backend.clock.now())


def _comes_from_the_site(caller: Caller, headers: Mapping[str, str]) -> bool:
    """Check the headers that browsers always send. It stops other sites from using this one's visitors, not scripts."""
    settings = caller.backend.settings
    if settings.edge_secret and not _is_one_of(
        headers.get(EDGE_HEADER, ""), settings.edge_secret, settings.edge_secret_before
    ):
        return False
    return not settings.allowed_origins or headers.get("origin") in settings.allowed_origins


def _is_one_of(shown: str, *secrets: str) -> bool:
    """Return whether this is the secret, or the one before while it is rotated; an empty text is none."""
    # In bytes: compare_digest takes no text beyond ASCII, and a header may carry anything.
    return any(compare_digest(shown.encode(), each.encode()) for each in secrets if each)


def _refuse(caller: Caller, answer: dict[str, Any], reason: str) -> dict[str, Any]:
    telemetry.count("ConnectionsRefused")
    telemetry.tell("refused", connection=caller.connection_id, route=caller.route_key, reason=reason)
    return answer
