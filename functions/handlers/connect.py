"""$connect: accept a socket, or refuse its upgrade.

The socket cannot be posted to before this returns, and a browser is not told why it was refused. So whoever is locked
out is let in and told in answer to `join`; only other sites' pages, storms and floods are refused here.
"""

from __future__ import annotations

from collections.abc import Mapping
from hmac import compare_digest
from typing import Any

from functions.chat.aws.identity_keys import KeyUnavailableError
from functions.chat.entry import visitors
from functions.chat.entry.entrypoint import DONE, Caller, on_event
from functions.chat.entry.visitors import Visitor
from functions.chat.model import age_proof
from functions.chat.model.people import Connection
from functions.chat.model.reputation import FLOOD, ban_that_applies
from functions.chat.runtime import telemetry
from functions.chat.runtime.settings import EDGE_HEADER
from functions.chat.storage.table import Busy

REFUSED = {"statusCode": 403}
TOO_MANY = {"statusCode": 429}
TRY_AGAIN = {"statusCode": 503}
AGE_PARAMETER = "age"


@on_event
def handler(caller: Caller) -> dict[str, Any]:
    """Keep the new connection, with all that is known of who opened it."""
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
    if not visitors.lets_in(caller.backend, visitor):
        return _refuse(caller, TOO_MANY, "rate_limited")
    connection = _connection(caller, visitor, lacks_age_proof=not _is_of_age(caller, query))
    if connection.ban is not None and connection.ban.reason == FLOOD:
        return _refuse(caller, TOO_MANY, "banned")
    caller.backend.store.open_connection(connection)
    if caller.backend.online is not None:
        caller.backend.online.arrive(connection.id)
    telemetry.count("Connected")
    telemetry.tell("connected", connection=connection.id, newcomer=visitor.is_new)
    return DONE


def _connection(caller: Caller, visitor: Visitor, *, lacks_age_proof: bool) -> Connection:
    """Return the connection as it begins; its bans and whom it avoids come in one read."""
    now = caller.backend.clock.now()
    keys = visitor.addresses if visitor.is_new else (visitor.device.key, *visitor.addresses)
    records = caller.backend.records.get(keys)
    own = records.get(visitor.device.key)
    return Connection(
        id=caller.connection_id,
        # The pseudonym of this visit; the device's outlives it.
        person=caller.connection_id,
        device=visitor.device,
        device_token=visitor.token,
        address=visitor.addresses[0] if visitor.addresses else None,
        avoided=frozenset(own.avoided if own is not None else ()),
        ban=ban_that_applies(visitor.device, records, now),
        checked_at=now,
        lacks_age_proof=lacks_age_proof,
    )


def _is_of_age(caller: Caller, query: Mapping[str, str]) -> bool:
    secret = caller.backend.age_secret()
    return not secret or age_proof.is_proof(query.get(AGE_PARAMETER, ""), secret, caller.backend.clock.now())


def _comes_from_the_site(caller: Caller, headers: Mapping[str, str]) -> bool:
    """Check what browsers always send. It stops other sites from using this one's visitors, not scripts."""
    settings = caller.backend.settings
    if settings.edge_secret and not _is_one_of(
        headers.get(EDGE_HEADER, ""), settings.edge_secret, settings.edge_secret_before
    ):
        return False
    return not settings.allowed_origins or headers.get("origin") in settings.allowed_origins


def _is_one_of(shown: str, *secrets: str) -> bool:
    """Return whether this is the secret, or the one before while it is rotated; nothing is never one."""
    # In bytes: compare_digest takes no text beyond ASCII, and a header may carry anything.
    return any(compare_digest(shown.encode(), each.encode()) for each in secrets if each)


def _refuse(caller: Caller, answer: dict[str, Any], reason: str) -> dict[str, Any]:
    telemetry.count("ConnectionsRefused")
    telemetry.tell("refused", connection=caller.connection_id, route=caller.route_key, reason=reason)
    return answer
