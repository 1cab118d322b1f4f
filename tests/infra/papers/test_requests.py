"""The log of authorities' requests grows, and nobody edits it unseen."""

from __future__ import annotations

import json

import pytest

from infra.papers.questions import PapersError
from tests.infra.papers.conftest import Site


def noted(site: Site) -> None:
    site.run("received", "Ofcom", "Send the risk assessment", "--due", "2026-12-10")
    site.run("received", "eSafety", "Which reports were there?")
    site.run("answered", "2", "Sent the figures")


def lines(site: Site) -> list[dict]:
    return [json.loads(line) for line in (site.folder / "requests.jsonl").read_text().splitlines()]


def put(site: Site, entries: list[dict]) -> None:
    (site.folder / "requests.jsonl").write_text("".join(json.dumps(entry) + "\n" for entry in entries))


def test_a_request_and_its_answer_are_listed(site: Site):
    noted(site)
    code, words = site.run("requests")

    assert code == 0
    assert "Ofcom  due 2026-12-10: Send the risk assessment" in words
    assert "eSafety  answer to 2: Sent the figures" in words


@pytest.mark.parametrize("field", ["at", "who", "authority", "words", "due", "answers"])
def test_a_changed_entry_is_named(site: Site, field: str):
    noted(site)
    entries = lines(site)
    entries[0][field] = "2020-01-01" if field != "answers" else 7
    put(site, entries)
    code, words = site.run("requests")

    assert code == 1
    assert "was edited: Entry 1 was changed." in words


def test_a_log_that_was_cut_is_not_the_one_that_was_seen(site: Site):
    noted(site)
    put(site, lines(site)[:2])

    assert "Entry 3, which this machine has seen, is missing" in site.run("check")[1]


def test_nothing_is_added_to_a_log_that_was_edited(site: Site):
    noted(site)
    put(site, lines(site)[1:])
    with pytest.raises(PapersError, match=r"was edited: Entry 1 is missing\. Nothing was added"):
        site.run("received", "Ofcom", "again")

    assert len(lines(site)) == 2


def test_words_that_break_their_line_by_a_sign_of_unicode_are_one_entry(site: Site):
    """As they come out of a PDF."""
    site.run("received", "Ofcom", "The risk assessment,\u2028and the\x85figures")
    code, words = site.run("requests")

    assert code == 0
    assert "The risk assessment,\u2028and the\x85figures" in words


def test_a_line_that_is_no_entry_is_named(site: Site):
    noted(site)
    with (site.folder / "requests.jsonl").open("a") as file:
        file.write("{}\n")
    with pytest.raises(PapersError, match="line 4 is no entry"):
        site.run("requests")


def test_a_request_that_is_due_is_said_until_it_is_answered(site: Site):
    """A week before, and when it is late."""
    noted(site)
    assert "Request 1" not in site.run("check")[1]
    site.day = site.day.replace(month=12, day=8)
    assert "Request 1 of Ofcom is to be answered by 2026-12-10: in 2 days." in site.run("check")[1]
    site.day = site.day.replace(day=11)
    assert "1 days late" in site.run("check")[1]
    site.run("answered", "1", "Sent")
    assert "Request 1" not in site.run("check")[1]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("answered", "7", "Sent"), "There is no request 7"),
        (("received", "Ofcom", " "), "Say in up to"),
        (("received", "Ofcom", "x", "--due", "soon"), "soon is no day"),
    ],
)
def test_a_note_that_cannot_be_taken_is_said(site: Site, arguments: tuple[str, ...], sentence: str):
    with pytest.raises(PapersError, match=sentence):
        site.run(*arguments)
