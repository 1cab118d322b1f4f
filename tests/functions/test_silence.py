"""Nothing that people say is stored or logged: a whole chat full of marked words, in a process that logs everything.

The handlers run as Lambda runs them, with the real clients and nothing handed in: DynamoDB and the delay queue are
moto's, the sockets a local server. Every logger of the process writes at DEBUG, as an operator may set it, except
where our own code says otherwise.
"""

from __future__ import annotations

import base64
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from functions.chat.evidence import keeping, x25519
from tests.functions.chat_full_of_marks import EDGE_SECRET
from tests.functions.child import run

EVIDENCE_SECRET = bytes(range(32))
CHAT = Path(__file__).with_name("chat_full_of_marks.py")
ENVIRONMENT = {
    "TABLE_NAME": "passerby",
    "LOG_LEVEL": "DEBUG",
    "POWERTOOLS_LOG_LEVEL": "DEBUG",
    "AWS_LAMBDA_LOG_LEVEL": "DEBUG",
    "AWS_REGION": "eu-central-1",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "nobody",
    "AWS_SECRET_ACCESS_KEY": "nobody",
    "EDGE_SECRET": EDGE_SECRET,
    "IDENTITY_KEYS": f"one:{base64.b64encode(bytes(32)).decode()}",
    "EVIDENCE_KEY": base64.urlsafe_b64encode(x25519.public_key(EVIDENCE_SECRET)).decode().rstrip("="),
}


@lru_cache(maxsize=1)
def chat() -> tuple[dict[str, Any], str]:
    """Return what the chat says of itself on its last line, and everything else that its process printed."""
    finished = run(f"import runpy; runpy.run_path({str(CHAT)!r}, run_name='__main__')", **ENVIRONMENT)
    assert finished.returncode == 0, finished.stderr[-2000:]
    *logged, facts = finished.stdout.splitlines()
    return json.loads(facts), "\n".join([*logged, finished.stderr])


def test_the_words_were_said_and_heard_and_everything_was_logged():
    """Otherwise the other tests would prove nothing."""
    facts, logged = chat()
    heard = json.dumps(facts["heard"])

    for mark in facts["said"]:
        assert mark in heard
    assert "everything is logged" in logged
    assert '"message":"paired"' in logged.replace('": "', '":"')
    assert "Traceback" in logged


def test_nothing_that_was_said_is_logged():
    """Neither a line, nor signalling, an interest, a note, a header, a frame that was wrong, nor by an accident."""
    facts, logged = chat()

    assert [mark for mark in facts["marks"] if mark in logged] == []


def test_a_thousand_sealed_lines_are_in_nothing_that_the_server_takes_says_logs_or_stores():
    """It passed all of them on, and could read none; those that were then handed over it keeps sealed again."""
    facts, logged = chat()
    places = {**{name: facts[name] for name in ("taken", "posted", "stored")}, "logged": logged}

    assert len(facts["sealed"]) == len(set(facts["sealed"])) == 1000
    assert sum('"sealed"' in body for body in facts["posted"]) == 1000
    for place, found in places.items():
        written = json.dumps(found, ensure_ascii=False)
        # Their beginning, which every way of writing what is no ASCII leaves as it is.
        assert [line for line in [*facts["sealed"], facts["still"]] if line.partition("\u00fc")[0] in written] == [], (
            place
        )


def test_evidence_is_opened_by_the_operator_alone():
    """The peer's lines as proved, the reporter's as theirs to say."""
    facts, _ = chat()
    (item,) = [each for each in facts["stored"] if each["sk"]["S"] == "evidence"]
    case = item["pk"]["S"].partition("#")[2]
    handed = keeping.open_sealed(EVIDENCE_SECRET, case, base64.b64decode(item["sealed"]["B"][0]))

    assert [line["text"] for line in handed["lines"]] == facts["sealed"][10:20]
    assert [line["at"] is not None for line in handed["lines"]] == [line["position"] == 1 for line in handed["lines"]]
    assert handed["still"] == facts["still"]


def test_no_secret_and_no_address_is_logged():
    """With a token somebody's conversation could be taken over, and an address is where somebody lives."""
    facts, logged = chat()

    assert len(facts["tokens"]) > 3
    secrets = [*facts["tokens"], *facts["devices"], facts["address"], EDGE_SECRET]
    assert [secret for secret in secrets if secret in logged] == []


def test_nothing_that_was_said_is_stored():
    """A person's wish is kept for a while, and a note, an appeal or a complaint in its case alone."""
    facts, _ = chat()
    stored = json.dumps(facts["stored"])

    kept = [mark for mark in facts["marks"] if mark in stored]
    assert sorted(kept) == sorted([facts["interest"], *facts["notes"]])
    noted = [item for item in facts["stored"] if any(note in json.dumps(item) for note in facts["notes"])]
    assert {item["pk"]["S"].partition("#")[0] for item in noted} == {"case"}
    assert [item["pk"]["S"] for item in facts["stored"] if "expires_at" not in item] == []


def test_no_secret_and_no_address_is_stored():
    """Only their hashes are: a reader of the table can go on with no conversation, and learns nobody's address."""
    facts, _ = chat()
    stored = json.dumps(facts["stored"])

    assert [secret for secret in (*facts["tokens"], facts["address"]) if secret in stored] == []


def test_a_stranger_hears_no_header_address_or_id():
    """And of a frame only the fields that the contract lists."""
    facts, _ = chat()
    heard = json.dumps([event for event in facts["heard"]["Bo"] if event["type"] not in ("mine", "reported")])
    private = [each for each in facts["marks"] if each.startswith(("xqagent", "xqcookie", "xqquery", "xqtyped"))]

    assert len(private) > 3
    assert [each for each in (*private, *facts["notes"], facts["address"], "Ada") if each in heard] == []


def test_refusals_tell_nothing_of_the_inside():
    """Plain sentences: no exception, no module, no key of the table, nothing that was sent."""
    facts, _ = chat()
    sentences = [event["message"] for event in facts["heard"]["Ada"] if event["type"] == "error"]
    inside = ("Traceback", "Exception", "functions.", ".py", "connection#", "arn:", "dynamodb", *facts["marks"])

    assert len(sentences) >= 10
    assert [(each, sentence) for sentence in sentences for each in inside if each in sentence] == []
