"""docs/limits.md and the code name the same figures, and the figures fit one another and the platform."""

from __future__ import annotations

import re

import pytest

from tests.figures.constants import SUFFIXES, constants, documented

ROWS = [(folder, name) for folder in SUFFIXES for name in documented(folder)]
SERVER, PAGE = constants("functions"), constants("frontend")


@pytest.mark.parametrize(("folder", "name"), ROWS, ids=[f"{folder} {name}" for folder, name in ROWS])
def test_a_limit_is_what_the_document_says(folder: str, name: str) -> None:
    """In the document in people's units; so a wrong unit in the code is another figure."""
    code, document = constants(folder).get(name, []), documented(folder)[name]

    assert sorted(code) == pytest.approx(sorted(document)), f"{name} in {folder}/ and its row in docs/limits.md differ"


# They end as limits do, and are none: a unit, a price of AWS, a version, the forms of others.
NO_LIMITS = {"HOUR_SECONDS", "FREE_GIGABYTE_SECONDS", "PYTHON_MIN", "LENGTH_BYTES", "HEADER_BYTES"}


@pytest.mark.parametrize(("folder", "least"), [("functions", 190), ("infra", 140), ("frontend", 70)])
def test_the_document_has_the_limits(folder: str, least: int) -> None:
    """Each name of the server that ends as a limit does: one without a row could be any figure."""
    rows = documented(folder)
    named = {name for name in constants(folder) if re.search("_(MAX|MIN|SECONDS|BYTES|MINUTES|DAYS|KEPT|SHOWN)$", name)}

    assert len(rows) > least
    assert folder == "frontend" or named - NO_LIMITS <= rows.keys(), "docs/limits.md lacks a row"


# The page's state before anything happened: no limits.
BEGINNINGS = {"DEFAULTS", "NEW_SEARCH"}


def test_every_number_that_the_page_names_is_in_the_document() -> None:
    """One that is left out there could become any other figure unseen."""
    assert set(PAGE) - set(documented("frontend")) == BEGINNINGS


def only(values: dict[str, list[float]], name: str) -> float:
    (value,) = values[name]
    return value


# API Gateway's and SQS's own figures ("Amazon API Gateway quotas", "Amazon SQS message quotas").
SOCKET_SECONDS, IDLE_SECONDS, INTEGRATION_SECONDS, DELAY_SECONDS = 7200, 600, 29, 900
FRAME_BYTES, BATCH_GET, BATCH_WRITE = 32 * 1024, 100, 25
# Of one connection (test_limits.py has them all).
ACKS_PER_SECOND, LINES_PER_SECOND = 10, 25

RELATIONS = {
    "a page renews its connection before the platform ends it, with time to try again": (
        lambda: only(PAGE, "RENEW_AFTER_MS") + 5 * only(PAGE, "RENEW_AGAIN_MS") < SOCKET_SECONDS
    ),
    "and not so early that it pays for it": lambda: only(PAGE, "RENEW_AFTER_MS") > SOCKET_SECONDS / 2,
    "a page is heard of before the platform ends an idle connection": (
        lambda: only(PAGE, "ASK_ONLINE_MS") < IDLE_SECONDS / 2
    ),
    "a stranger who probes makes no page acknowledge more often than the server takes": (
        lambda: 1 / only(PAGE, "ANSWER_GAP_MS") < ACKS_PER_SECOND
    ),
    "nor one who comes back again and again makes it repeat more lines": (
        lambda: only(PAGE, "REPEAT_LINES_MAX") / only(PAGE, "REPEAT_GAP_MS") < LINES_PER_SECOND
    ),
    "a hint outlives the connection that waits": lambda: only(SERVER, "HINT_KEPT_SECONDS") > SOCKET_SECONDS,
    "a connection's item outlives the connection": lambda: only(SERVER, "CONNECTION_KEPT_SECONDS") > SOCKET_SECONDS,
    "a place outlives the connection that holds it": lambda: only(SERVER, "PLACES_KEPT_SECONDS") > SOCKET_SECONDS,
    "a page gives a report up before the server does, with time for one that is on its way": (
        lambda: only(PAGE, "REPORT_WITHIN_MS") + only(PAGE, "OPEN_WITHIN_MS") < only(SERVER, "REPORT_SECONDS_MAX")
    ),
    "the reports that wait fit the tab's storage, of 5 MB at two bytes a character, beside everything else": (
        lambda: only(PAGE, "REPORTS_MAX") * FRAME_BYTES < 2.5e6 / 4
    ),
    "a room is kept for as long as it may be reported": (
        lambda: only(SERVER, "ROOM_KEPT_SECONDS") > SOCKET_SECONDS + only(SERVER, "REPORT_SECONDS_MAX")
    ),
    "the delay queue holds the longest grace": lambda: only(SERVER, "GRACE_SECONDS_MAX") <= DELAY_SECONDS,
    "a handler ends before the gateway stops waiting": (
        lambda: only(SERVER, "HANDLER_SECONDS_MAX") < INTEGRATION_SECONDS
    ),
    "a lost call to AWS can be tried again within a handler": (
        lambda: (
            2 * (only(SERVER, "CONNECT_SECONDS_MAX") + only(SERVER, "READ_SECONDS_MAX"))
            < only(SERVER, "HANDLER_SECONDS_MAX")
        )
    ),
    "two calls that hang, and the word of it, end while the platform waits": (
        lambda: (
            6 * (only(SERVER, "CONNECT_SECONDS_MAX") + only(SERVER, "READ_SECONDS_MAX"))
            < only(SERVER, "INTEGRATION_SECONDS_MAX")
        )
    ),
    "two posts that hang, each tried twice with a pause of a second, and the word of it fit into a handler": (
        lambda: 3 * (2 * only(SERVER, "POST_SECONDS_MAX") + 1) < only(SERVER, "HANDLER_SECONDS_MAX")
    ),
    "a signal fits a frame": lambda: only(SERVER, "SIGNAL_BYTES_MAX") < FRAME_BYTES * 0.8,
    "a line fits a frame, whatever its script": lambda: 6 * only(SERVER, "TEXT_LENGTH_MAX") < FRAME_BYTES,
    "a description of a call fits a signal": (
        lambda: only(PAGE, "DESCRIPTION_LENGTH_MAX") < only(SERVER, "SIGNAL_BYTES_MAX")
    ),
    "a report with all that it may hand over fits a frame, beside the longest note": (
        lambda: only(PAGE, "HANDED_BYTES_MAX") + 6 * only(SERVER, "NOTE_LENGTH_MAX") + 500 < FRAME_BYTES
    ),
    "a still of the page is one that the server takes": (
        lambda: only(PAGE, "STILL_BYTES_MAX") * 4 / 3 <= only(SERVER, "STILL_LENGTH_MAX")
    ),
    "a still leaves more than half of a report to lines": (
        lambda: only(SERVER, "STILL_LENGTH_MAX") < only(PAGE, "HANDED_BYTES_MAX") / 2
    ),
    "a page hands over no more lines than the server takes": (
        lambda: only(PAGE, "HANDED_LINES_MAX") <= only(SERVER, "LINES_MAX")
    ),
    "DynamoDB takes the reads at once": lambda: 2 * only(SERVER, "LOOKED_AT") <= BATCH_GET,
    "DynamoDB takes the writes at once": lambda: only(SERVER, "BATCH_WRITE_MAX") <= BATCH_WRITE,
    "a line of the page is a line of the server": (
        lambda: only(PAGE, "TEXT_LENGTH_MAX") == only(SERVER, "TEXT_LENGTH_MAX")
    ),
    "the page sends no more interests than the server takes": (
        lambda: only(PAGE, "INTERESTS_MAX") <= only(SERVER, "INTERESTS_MAX")
    ),
    "nor longer ones": lambda: only(PAGE, "INTEREST_LENGTH_MAX") <= only(SERVER, "INTEREST_LENGTH_MAX"),
    "a reload comes back within what is kept of it, and the server's grace within that": (
        lambda: only(SERVER, "GRACE_SECONDS") < only(PAGE, "RESTORE_WITHIN_MS") < 600
    ),
    "a reload keeps no more lines than the page shows": (
        lambda: only(PAGE, "STORED_ENTRIES_MAX") < only(PAGE, "ENTRIES_MAX")
    ),
    "a page that loses its network tries again within the grace": (
        lambda: only(PAGE, "RESUME_WITHIN_MS") + only(PAGE, "RESUME_AGAIN_MS") < only(SERVER, "GRACE_SECONDS")
    ),
    "a silent search is looked after once two joins went unanswered": (
        lambda: only(PAGE, "SEARCH_SILENT_MS") > 3 * only(PAGE, "JOIN_AGAIN_MS")
    ),
    "the rarest join is answered before a long search is looked after": (
        lambda: only(PAGE, "RARE_JOIN_SILENT_MS") >= only(PAGE, "JOIN_RARELY_MS") * (1 + only(PAGE, "JOIN_SPREAD"))
    ),
    "a line is acknowledged before it is sent again": (
        lambda: only(PAGE, "ACK_OWED_MS") + 2 * only(PAGE, "ACK_SOON_MS") < only(PAGE, "RESEND_AFTER_MS")
    ),
    "silence says that somebody writes when their acknowledgement would have come": (
        lambda: only(PAGE, "TYPING_IMPLIED_AFTER_MS") > only(PAGE, "ACK_AFTER_MS") + only(PAGE, "ACK_SOON_MS")
    ),
    "writing is said again before it is forgotten": (
        lambda: only(PAGE, "SIGN_AFTER_MS") + only(PAGE, "ACK_SOON_MS") < only(PAGE, "PEER_TYPING_MS")
    ),
    "a number of people here is measured before the last one is doubted": (
        lambda: only(SERVER, "COUNT_SECONDS") + only(SERVER, "OVERDUE_SECONDS") < only(SERVER, "TOLD_SECONDS")
    ),
    "tickets of one millisecond are told apart": lambda: only(SERVER, "NONCE_BITS") >= 40,
    "a room's id, a token and a device cannot be guessed": (
        lambda: only(SERVER, "ROOM_BITS") >= 128 and only(SERVER, "SECRET_BITS") >= 128
    ),
}


@pytest.mark.parametrize("relation", RELATIONS)
def test_the_figures_fit_one_another(relation: str) -> None:
    """Also after a change of one."""
    assert RELATIONS[relation]()
