"""The text of the documents follows from the options and the answers."""

from __future__ import annotations

import re

import pytest

from functions.chat.model.complaints import TABLE as KINDS
from infra.papers import documents, duties
from infra.papers.blocks import PARTS
from infra.papers.questions import QUESTIONS
from tests.infra.papers.conftest import Site

TEMPLATES = sorted(documents.TEMPLATES.glob("*.html"))
ILLEGAL, CHILDREN = "uk-illegal-content-risk-assessment", "uk-childrens-access-assessment"


@pytest.mark.parametrize("name", [each.name for each in documents.TABLE])
def test_a_document_says_that_it_is_no_legal_advice_and_has_a_line_to_sign(site: Site, name: str):
    """And its day, and the day of the next look."""
    site.run()
    page = site.page(name)

    assert "This is no legal advice." in page
    assert "Signature" in page
    assert "2026-11-29" in page
    assert "2027-11-29" in page
    assert "{{" not in page


def test_every_question_stands_in_a_document():
    """A question whose answer nobody reads is not asked."""
    used = {key for each in documents.TABLE for key in documents.questions_of(each)}

    assert used == set(QUESTIONS)


def test_every_placeholder_of_a_template_is_known():
    for path in TEMPLATES:
        names = set(re.findall(r"\{\{(\w+)\}\}", path.read_text()))
        assert names - set(PARTS) - set(QUESTIONS) <= {"title", "body", "open"}, path.name


def test_every_duty_names_its_source_and_a_document_that_is_there():
    """A document, a page of the site or a command."""
    papers = {each.name for each in documents.TABLE}
    for duty in duties.TABLE:
        assert duty.url.startswith("https://"), duty
        assert duty.article, duty
        is_elsewhere = duty.document in {"requests.jsonl", "/complaint.html", "make desk", "/transparency.html"}
        assert duty.document in papers or is_elsewhere or duty.document.startswith("operator hold"), duty


def test_answers_are_text_and_no_markup(site: Site):
    site.answer(known_harm="<script>alert(1)</script> {{provider}}")
    site.run()
    page = site.page(ILLEGAL)

    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{provider}}" in page


def test_an_answer_left_for_later_is_a_line_to_write_on(site: Site):
    site.run()

    assert "still to be filled in: 1." in site.page("dsa-contact-points-and-terms")
    assert "Not finished" not in site.page("contact-roles")


def test_the_levels_of_risk_may_be_left_for_later_as_any_answer(site: Site):
    site.answer(risk_levels="later")
    site.run()

    assert "still to be filled in: 1." in site.page(ILLEGAL)


def test_without_a_check_of_age_children_can_come(site: Site):
    site.run()

    assert "Yes, it is possible." in site.page(CHILDREN)
    assert "is likely to be accessed by children" in site.page(CHILDREN)


@pytest.mark.parametrize(("method", "conclusion"), [("A passport, by Yoti", "cannot normally"), ("later", "is likely")])
def test_a_check_of_age_keeps_children_out_only_when_somebody_says_how(site: Site, method: str, conclusion: str):
    site.set(age_secret_parameter="/site/age", age_url="https://age.example.org/")
    site.answer(age_check=method)
    site.run()

    assert conclusion in site.page(CHILDREN).partition("Conclusion")[2]
    assert "https://age.example.org/" in site.page(ILLEGAL)


def row(page: str, kind: str) -> str:
    return next(line for line in page.splitlines() if line.startswith(f"<tr><td>{kind}"))


def test_an_option_lowers_the_risk_that_it_is_made_against(site: Site):
    site.run()
    before = row(site.page(ILLEGAL), "Cyberflashing")
    site.set(blur_until_reveal=True)
    site.run()

    assert "<td>high</td>" in before
    assert "<td>medium</td>" in row(site.page(ILLEGAL), "Cyberflashing")


def test_the_operator_has_the_last_word_on_a_risk(site: Site):
    site.answer(risk_levels="fraud=high, hate=low")
    site.run()

    assert "<td>high (the operator&#x27;s)</td>" in row(site.page(ILLEGAL), "Fraud")
    assert "<td>medium</td>" in row(site.page(ILLEGAL), "Harassment")


def test_each_kind_of_ofcoms_list_is_assessed(site: Site):
    """17 kinds, of which grooming and pictures are told apart, and cyberflashing of 2026."""
    site.run()
    table = site.page(ILLEGAL).partition("Why: how this software works")[2].partition("</table>")[0]

    assert table.count("<tr>") == 19


def test_the_clocks_of_complaints_are_those_of_the_form(site: Site):
    site.run()
    page = site.page("complaints-and-take-down")

    assert all(kind.law.partition(",")[0] in page for kind in KINDS)
    assert {"3 hours", "36 hours", "48 hours", "7 days"} <= set(re.findall(r"<td>(\d+ \w+)</td>", page))
