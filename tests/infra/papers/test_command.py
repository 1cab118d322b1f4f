"""`make papers` asks once, writes what is new or out of date, and says why."""

from __future__ import annotations

import pytest

from infra.papers.questions import PapersError
from tests.infra.papers.conftest import ANSWERS, Site


def test_the_documents_are_written_once(site: Site):
    """A second run has nothing to ask and nothing to write."""
    assert site.run()[0] == 0
    first = site.files()
    site.run()

    assert site.files() == first
    assert [name.removeprefix("2026-11-29-") for name in first] == [
        "complaints-and-take-down.html",
        "contact-roles.html",
        "dsa-contact-points-and-terms.html",
        "duties.html",
        "uk-childrens-access-assessment.html",
        "uk-illegal-content-risk-assessment.html",
    ]


def test_only_what_is_new_is_asked(site: Site):
    """The answer stands in the file from then on."""
    del_answers = {key: said for key, said in ANSWERS.items() if key != "uk_users"}
    (site.folder / "answers.json").unlink()
    site.answer(**del_answers)
    site.said = ["about 300"]
    site.run()

    assert len(site.asked) == 1
    assert "about 300" in site.page("uk-illegal-content-risk-assessment")
    site.run()
    assert len(site.asked) == 1


def test_a_text_that_cannot_be_an_answer_is_asked_again(site: Site):
    """Enter takes what stands in brackets."""
    (site.folder / "answers.json").unlink()
    site.said = ["mars", "uk"]
    _, words = site.run()

    assert "countries is one or more of" in words
    assert site.asked[0] == site.asked[1]
    assert not [question for question in site.asked if "India" in question and "grievance" in question.lower()]


def test_without_a_keyboard_a_missing_answer_is_named(site: Site):
    """A pipeline learns which line to add, and nothing is written."""
    (site.folder / "answers.json").unlink()
    with pytest.raises(PapersError, match=r"answers\.json lacks countries, provider,"):
        site.run()

    assert site.files() == []


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"provder": "x"}, "provder is no question. Did you mean provider?"),
        ({"provider": " "}, "provider is a text"),
        ({"risk_levels": "fraud=terrible"}, "risk_levels is `as proposed`"),
        ({"children": "perhaps"}, "children is one of"),
    ],
)
def test_an_answer_that_cannot_be_used_is_named(site: Site, answers: dict[str, str], sentence: str):
    site.answer(**answers)
    with pytest.raises(PapersError, match=sentence):
        site.run()


def test_a_document_whose_option_changed_is_out_of_date(site: Site):
    """Only what depends on the option, and the old one stays: it is the record of that day."""
    site.run()
    site.set(blur_until_reveal=True)
    code, words = site.run("check")

    assert code == 1
    assert "(uk-illegal-content-risk-assessment) is out of date: blur_until_reveal of the options changed" in words
    assert "(duties)" in words
    assert "childrens-access" not in words
    site.run()
    assert "2026-11-29-uk-illegal-content-risk-assessment-2.html" in site.files()
    assert site.run("check")[0] == 0


def test_an_option_that_no_assessment_depends_on_makes_none_old(site: Site):
    site.run()
    site.set(queue_shards=4)
    _, words = site.run("check")

    assert "risk-assessment" not in words
    assert "(duties)" in words


def test_a_document_is_old_after_a_year(site: Site):
    """The day before it is not."""
    site.run()
    site.day = site.day.replace(year=2027, day=28)
    assert site.run("check")[0] == 0
    site.day = site.day.replace(day=29)
    code, words = site.run("check")

    assert code == 1
    assert "is a year old: it is of 2026-11-29" in words


def test_a_document_of_a_leap_day_is_old_on_the_first_of_march(site: Site):
    site.day = site.day.replace(year=2028, month=2, day=29)
    site.run()

    assert "DTSTART;VALUE=DATE:20290301" in (site.folder / "reviews.ics").read_text()


def test_a_document_that_is_gone_is_missed(site: Site):
    site.run()
    next(site.folder.glob("*contact-roles.html")).unlink()

    assert "is gone: 2026-11-29-contact-roles.html is not there" in site.run("check")[1]


def test_an_answer_that_changed_makes_a_document_old(site: Site):
    site.run()
    site.answer(deputy="Ada Ng")
    _, words = site.run("check")

    assert "(contact-roles) is out of date: deputy of the answers changed" in words
    assert "childrens" not in words


@pytest.mark.parametrize("written", ["", "{", "7", '["a"]'])
def test_a_list_of_papers_that_somebody_changed_is_named(site: Site, written: str):
    """It says when each document was made, and of what: nothing is written before somebody has looked."""
    site.run()
    (site.folder / "papers.json").write_text(written)

    with pytest.raises(PapersError, match=r"papers\.json is not what was written there"):
        site.run("check")


def test_without_papers_that_is_said(site: Site):
    code, words = site.run("check")

    assert code == 1
    assert "There are no papers yet" in words


def test_a_site_without_people_of_a_country_has_no_papers_for_it(site: Site):
    site.answer(countries="us")
    site.run()

    assert not [name for name in site.files() if "uk-" in name or "dsa-" in name]
    assert "2258A" in site.page("duties")
    assert "Online Safety Act" not in site.page("duties")
