"""The documents, in one table: a row for each, with its template and the options it depends on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import NamedTuple

from infra.options.options import Options
from infra.papers import duties, facts, harms
from infra.papers.blocks import PARTS, Setting, answer
from infra.papers.questions import LATER, QUESTIONS, Answers, countries_of

TEMPLATES = Path(__file__).parent / "templates"
FRAME = "frame"
DIGEST_LENGTH = 16
_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")


class Document(NamedTuple):
    """A row: the file's name, its title, where it matters, and the options that its words come from."""

    name: str
    title: str
    country: str
    options: tuple[str, ...]


NAMED = ("stack_name", "brand", "domain_name")
TABLE: tuple[Document, ...] = (
    Document(
        duties.ILLEGAL,
        "Illegal content risk assessment",
        "uk",
        (*NAMED, *dict.fromkeys((*facts.OPTIONS, *harms.OPTIONS))),
    ),
    Document(duties.CHILDREN, "Children's access assessment", "uk", (*NAMED, "age_secret_parameter", "age_url")),
    Document(duties.DSA_PAPER, "Contact points and terms", "eu", (*NAMED, "operator_name", "operator_contact")),
    Document(duties.ROLES, "Contact roles", "", NAMED),
    Document(duties.COMPLAINTS, "Complaints and take-down", "", NAMED),
    Document("duties", "Duties and their sources", "", tuple(each.name for each in fields(Options))),
)


def of(answers: Answers) -> Iterator[Document]:
    """Give the documents of the countries from which people may come."""
    return (document for document in TABLE if document.country in {"", *countries_of(answers)})


def render(document: Document, setting: Setting) -> str:
    """Return a document as a page that can be read, printed and signed."""
    own = replace(setting, country=document.country)
    body = _filled(_template(document.name), own, {})
    return _filled(_template(FRAME), own, {"title": escape(document.title), "body": body, "open": _open(document, own)})


def digests(document: Document, setting: Setting) -> dict[str, dict[str, str]]:
    """Return what a document depends on: each option and answer by its digest, and the digest of its words."""
    words = render(document, Setting(setting.options, setting.answers))
    return {
        "options": {key: _digest(repr(getattr(setting.options, key))) for key in document.options},
        "answers": {key: _digest(setting.answers.get(key, LATER)) for key in questions_of(document)},
        "words": {"words": _digest(words)},
    }


def questions_of(document: Document) -> list[str]:
    """Return the questions whose answers stand in a document."""
    asked = set(_PLACEHOLDER.findall(_template(document.name) + _template(FRAME))) & set(QUESTIONS)
    needs = {"harms": "risk_levels", "access": "age_check", "conclusion": "children"}
    asked |= {key for part, key in needs.items() if f"{{{{{part}}}}}" in _template(document.name)}
    if not document.country:
        asked.add("countries")  # whose duties stand at the end
    return [key for key in QUESTIONS if key in asked]


def left_open(document: Document, setting: Setting) -> list[str]:
    """Return the questions of a document that somebody still has to answer, by hand or in the file."""
    return [
        key
        for key in questions_of(document)
        if setting.answers.get(key, LATER) == LATER and QUESTIONS[key].is_asked(setting.options, setting.answers)
    ]


def _open(document: Document, setting: Setting) -> str:
    count = len(left_open(document, setting))
    return f"<p class='notice'>Not finished. Places that are still to be filled in: {count}.</p>" if count else ""


def _filled(template: str, setting: Setting, given: Mapping[str, str]) -> str:
    def fill(found: re.Match[str]) -> str:
        key = found[1]
        if key in given:
            return given[key]
        return PARTS[key](setting) if key in PARTS else answer(setting, key)

    return _PLACEHOLDER.sub(fill, template)


@cache
def _template(name: str) -> str:
    return (TEMPLATES / f"{name}.html").read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:DIGEST_LENGTH]
