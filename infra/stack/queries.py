"""The usual questions about the log, saved with the stack (CloudWatch, Logs Insights, Saved queries).

Each query reads the lines that functions/chat/runtime/telemetry.py writes, one for each change of state; a test asks
the handlers' real lines and finds that every message and field named here is there. An id goes where `CONNECTION` or
`ROOM` stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from aws_cdk import aws_logs as logs
from constructs import Construct

LINES_MAX = 200  # that a console shows at once


@dataclass(frozen=True, slots=True)
class Query:
    """A question: of which messages, and the rest of its text. `meaning` is a comment at its top."""

    id: str
    question: str
    meaning: str
    text: str

    @property
    def written(self) -> str:
        """The query as Logs Insights reads it."""
        return f"# {self.question}\n# {self.meaning}\n{self.text}"


QUERIES: tuple[Query, ...] = (
    Query(
        "NotPaired",
        "Why was this person not paired?",
        "Their searches and refusals in order; a search without `paired` after it found nobody. With "
        "debug_sample_percent, `claimed` says who was tried and which race was lost.",
        "fields @timestamp, message, mode, room, waited_ms, reason, candidate\n"
        '| filter message in ["connected", "waiting", "paired", "claimed", "refused", "stopped", "closed"]\n'
        '| filter @message like "CONNECTION"\n'
        f"| sort @timestamp asc | limit {LINES_MAX}",
    ),
    Query(
        "RoomEnded",
        "Why did this room end?",
        "`by` ended it for the reason given: skipped, left or disconnected. Lost and resumed connections are above it.",
        "fields @timestamp, message, waiter, joiner, by, peer, connection, before, reason, lasted_ms\n"
        '| filter message in ["paired", "connection lost", "resumed", "room ended", "reported"] and room = "ROOM"\n'
        f"| sort @timestamp asc | limit {LINES_MAX}",
    ),
    Query(
        "OneConnection",
        "What happened to this connection?",
        "Everything that the log knows of it, in order.",
        "fields @timestamp, message, room, reason, code, mode, waited_ms, lasted_ms, before, lost\n"
        '| filter @message like "CONNECTION"\n'
        f"| sort @timestamp asc | limit {LINES_MAX}",
    ),
    Query(
        "WaitingTimes",
        "How long do people wait?",
        "By mode and five minutes; what nobody ends is in no line, so compare `waiting` with `paired` too.",
        'filter message = "paired"\n'
        "| stats count(*) as pairs, pct(waited_ms, 50) as half_waited_ms, pct(waited_ms, 95) as most_waited_ms "
        "by mode, bin(5m)",
    ),
    Query(
        "Endings",
        "How do conversations end?",
        "By reason and mode; skipped within seconds is what people do who see nothing they like.",
        'filter message = "room ended"\n'
        "| stats count(*) as rooms, pct(lasted_ms, 50) as half_lasted_ms, sum(lasted_ms < 5000) as within_5_s "
        "by reason, mode",
    ),
    Query(
        "FailedCalls",
        "Why do calls fail?",
        "As told by the one who ended the room. relay_* is the relay's fault, no_connection mostly that there is none.",
        'filter message = "call went"\n| stats count(*) as calls by reason, bin(1h)',
    ),
    Query(
        "Refusals",
        "What is refused, and where?",
        "Error codes by route; rate_limited and busy say that somebody floods, or that the table is too hot.",
        'filter message = "refused"\n| stats count(*) as frames by reason, route | sort frames desc',
    ),
    Query(
        "LostConnections",
        "How many lost connections come back?",
        "`connection lost` against `resumed`; codes of the closings tell a bad network (1006) from a page left (4001).",
        'filter message in ["connection lost", "resumed", "disconnected"]\n'
        "| stats count(*) as connections by message, code, bin(1h)",
    ),
    Query(
        "Locked",
        "Who was reported, banned, cut off?",
        "By case; `python -m infra.operator` shows a case and takes a ban back.",
        "fields @timestamp, message, case, reason, until, room, connection\n"
        f'| filter message in ["reported", "banned", "cut off"]\n| sort @timestamp desc | limit {LINES_MAX}',
    ),
    Query(
        "Failures",
        "What fails?",
        "Errors of the handlers by their exception, newest first, and what the relay's provider answered.",
        "fields @timestamp, level, message, errorType, errorMessage, reason, @log\n"
        f'| filter level in ["ERROR", "WARN", "WARNING", "CRITICAL"]\n| sort @timestamp desc | limit {LINES_MAX}',
    ),
)


def save(scope: Construct, folder: str, groups: Iterable[logs.ILogGroup]) -> None:
    """Save every query in a folder of the console, over the log groups of the handlers."""
    names = [group.log_group_name for group in groups]
    for query in QUERIES:
        logs.CfnQueryDefinition(
            scope,
            f"Query{query.id}",
            name=f"{folder}/{query.question.rstrip('?')}",
            query_string=query.written,
            log_group_names=names,
        )
