"""Every number that the handlers report, once: name, unit and meaning. Pure.

The code, the dashboard, the alarms and docs/metrics.md are checked against this table. Each name that happens in an
hour is a custom metric of that hour ($0.30 for a month of them), so there is no dimension but the service's name, and a
fact that is rarely asked for is a field of a log line instead (infra/stack/queries.py). No number holds words of
people.
"""

from __future__ import annotations

from typing import NamedTuple

from functions.chat.protocol.errors import CODES
from functions.chat.protocol.fields import CALLS_FAILED, CALLS_MADE

COUNT = "Count"
MILLISECONDS = "Milliseconds"


class Metric(NamedTuple):
    """A number; with `kinds` one for each of them, named `<name>_<kind>`."""

    name: str
    unit: str
    meaning: str
    kinds: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names by which CloudWatch knows it."""
        return tuple(f"{self.name}_{kind}" for kind in self.kinds) or (self.name,)


QUICK_SECONDS = 5.0  # a conversation that was skipped so soon had not begun

METRICS: tuple[Metric, ...] = (
    Metric("PeopleHere", COUNT, "Open sockets, measured once a minute while there are any; read its maximum."),
    Metric("Connected", COUNT, "Sockets that were accepted."),
    Metric("Disconnected", COUNT, "Sockets whose closing API Gateway told of."),
    Metric("ConnectionsRefused", COUNT, "Sockets that were not accepted: another site's page, a storm, a flood."),
    Metric("ConnectionsLost", COUNT, "Connections that broke in a room or a queue; their peers wait for the grace."),
    Metric("Resumes", COUNT, "Lost connections that were continued."),
    Metric("Gone", COUNT, "Events for sockets that turned out to be closed (410)."),
    Metric(
        "PostsRefused", COUNT, "Events that a slow client, a throttle (429) or a fault (5xx) of the platform kept back."
    ),
    Metric("Waited", MILLISECONDS, "How long the waiter of each pair had waited."),
    Metric(
        "Claims",
        COUNT,
        "Attempts to pair: won ones are the pairs; of the others two are lost races, and contended ones are retried.",
        ("WON", "SEEKER_CHANGED", "CANDIDATE_CHANGED", "CONTENDED"),
    ),
    Metric("SearchesGivenUp", COUNT, "Searches that lost every race and wait for the client's next join."),
    Metric("PartitionsPassedOver", COUNT, "Times that a search went on without a part of the queue that refused."),
    Metric("Conversation", MILLISECONDS, "How long each room was open."),
    Metric("Rooms", COUNT, "Rooms that ended, by why.", ("skipped", "left", "disconnected")),
    Metric("QuickSkips", COUNT, f"Rooms that were skipped within {QUICK_SECONDS:.0f} s."),
    Metric("EndsInDoubt", COUNT, "Rooms whose end may not have been told; the delay queue's handler looks again."),
    Metric("PeersLeftToTheirJoin", COUNT, "People whom a busy table kept from searching on until their next join."),
    Metric("Calls", COUNT, "Video rooms by how the call went, told by the member that ended the room.", CALLS_MADE),
    Metric(
        "CallsFailed",
        COUNT,
        "Video rooms without a call, by why, told by the member that ended the room.",
        CALLS_FAILED,
    ),
    Metric("RelayMinted", COUNT, "Credentials of the relay that were handed out."),
    Metric("RelayFailed", COUNT, "Times that the relay's provider did not answer; the log says how."),
    Metric("RelayRested", COUNT, "Rooms without a relay because its provider had just failed."),
    Metric("Reports", COUNT, "Reports that were kept."),
    Metric("Bans", COUNT, "Devices that were locked out."),
    Metric("Appeals", COUNT, "Appeals that were kept."),
    Metric("Complaints", COUNT, "Complaints of people outside that were kept."),
    Metric("FloodsCutOff", COUNT, "Connections that were closed because they sent far too much."),
    Metric(
        "Refused",
        COUNT,
        "Frames that were answered with an error, by its code; `rate_limited` are throttled ones.",
        CODES,
    ),
    Metric("Failures", COUNT, "Handlers that raised; the log has an ERROR line for each."),
)

BY_NAME = {name: metric for metric in METRICS for name in metric.names}


def metric_of_call(went: str) -> str:
    """Return the name under which a call counts that went so."""
    name = f"Calls_{went}"
    return name if name in BY_NAME else f"CallsFailed_{went}"
