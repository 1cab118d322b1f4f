"""The duties of the operator of a site like this one, in one table: a row for each duty, with its source. Pure.

It is a map and no legal advice: courts decide which law binds an operator. Rows are looked at again with each release.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

READ_ON = "2026-11-29"  # when the sources were last looked at

COUNTRIES: Mapping[str, str] = {
    "uk": "United Kingdom",
    "eu": "European Union",
    "us": "United States",
    "in": "India",
    "au": "Australia",
}


class Law(NamedTuple):
    """A law of a country; a `{}` in its address is the number of the article."""

    country: str
    name: str
    url: str


_USC = "https://uscode.house.gov/view.xhtml?req=granuleid:USC-prelim-title{}-section{}"
OSA = Law("uk", "Online Safety Act 2023", "https://www.legislation.gov.uk/ukpga/2023/50/section/{}")
DSA = Law("eu", "Digital Services Act (EU) 2022/2065", "https://eur-lex.europa.eu/eli/reg/2022/2065/oj")
GDPR = Law("eu", "GDPR (EU) 2016/679", "https://eur-lex.europa.eu/eli/reg/2016/679/oj")
TAKE_IT_DOWN = Law("us", "TAKE IT DOWN Act, 47 U.S.C. 223a", _USC.format(47, "223a"))
CHILD_ABUSE = Law("us", "18 U.S.C. 2258A", _USC.format(18, "2258A"))
INDIA = Law("in", "Information Technology Rules 2021", "https://www.meity.gov.in/")
AUSTRALIA = Law("au", "Online Safety Act 2021", "https://www.legislation.gov.au/C2021A00076/latest")
AUSTRALIAN_CODES = AUSTRALIA._replace(url="https://www.esafety.gov.au/industry/codes")

# Which document, or which part of the site, does it.
ILLEGAL, CHILDREN = "uk-illegal-content-risk-assessment", "uk-childrens-access-assessment"
DSA_PAPER, ROLES, COMPLAINTS = "dsa-contact-points-and-terms", "contact-roles", "complaints-and-take-down"
LOG, FORM, DESK, HOLD = "requests.jsonl", "/complaint.html", "make desk", "operator hold, preserve"
FIGURES = "/transparency.html"


class Duty(NamedTuple):
    """A row. `who` are the people bound by it; `document` does it, or records it; `clock` says by when."""

    duty: str
    law: Law
    article: str
    who: str
    document: str
    clock: str

    @property
    def country(self) -> str:
        return self.law.country

    @property
    def url(self) -> str:
        """The address of the law; the number of the last article that the row names stands in it."""
        return self.law.url.format(self.article.rpartition(" ")[2])


U2U = "every service on which people meet content of other people and which has links with the UK"
MEDIATORS = "every intermediary that is offered in the EU, small ones too"
HOSTS = "hosting services; passing lines on is less, handing over a report may be hosting"
COVERED = "sites that serve the public and are mainly a forum for what users make"
ALL_IN = "every intermediary with users in India"

TABLE: tuple[Duty, ...] = (
    Duty(
        "Assess the risk of illegal content, in writing",
        OSA,
        "section 9",
        U2U,
        ILLEGAL,
        "within 3 months of the start; before a significant change; looked at every 12 months",
    ),
    Duty(
        "Take proportionate measures against illegal content, and say them in the terms",
        OSA,
        "section 10",
        U2U,
        ILLEGAL,
        "always; what is known to be illegal goes swiftly",
    ),
    Duty("Let people report illegal content, people who are no users too", OSA, "section 20", U2U, FORM, "always"),
    Duty(
        "Take complaints, about wrong bans too, and act on them",
        OSA,
        "section 21",
        U2U,
        COMPLAINTS,
        "no hours are named",
    ),
    Duty(
        "Keep written records of assessments and measures, and review them",
        OSA,
        "section 23",
        U2U,
        ILLEGAL,
        "at once after each; Ofcom reads 12 months",
    ),
    Duty(
        "Assess whether children are likely to come",
        OSA,
        "sections 35 and 36",
        U2U,
        CHILDREN,
        "within 3 months of the start; every 12 months; before a significant change",
    ),
    Duty(
        "Where children are likely to come: assess the risk for them",
        OSA,
        "section 11",
        "services that children are likely to access",
        CHILDREN,
        "within 3 months of that finding",
    ),
    Duty(
        "Answer Ofcom's information notices", OSA, "sections 100 and 102", U2U, LOG, "by the day that the notice names"
    ),
    Duty(
        "Act on orders against illegal content and for information, and tell the authority what was done",
        DSA,
        "Articles 9 and 10",
        MEDIATORS,
        LOG,
        "without undue delay, or as the order says",
    ),
    Duty(
        "Name one electronic point of contact for authorities, with its languages",
        DSA,
        "Article 11",
        MEDIATORS,
        DSA_PAPER,
        "always public",
    ),
    Duty(
        "Name one point of contact for users, not only a machine",
        DSA,
        "Article 12",
        MEDIATORS,
        DSA_PAPER,
        "always public",
    ),
    Duty(
        "Without an establishment in the EU: appoint a legal representative there",
        DSA,
        "Article 13",
        "intermediaries from outside the EU",
        DSA_PAPER,
        "before the start; tell the Digital Services Coordinator",
    ),
    Duty(
        "Say in plain terms what is restricted, how it is decided, and how to complain",
        DSA,
        "Article 14",
        MEDIATORS,
        DSA_PAPER,
        "always public; tell of significant changes",
    ),
    Duty(
        "Publish a report of moderation once a year",
        DSA,
        "Article 15",
        "intermediaries that are neither micro nor small enterprises",
        FIGURES,
        "every 12 months",
    ),
    Duty(
        "Take notices of illegal content from anybody, confirm them and say what came of them",
        DSA,
        "Article 16",
        HOSTS,
        FORM,
        "without undue delay",
    ),
    Duty("Give reasons to each person who is restricted", DSA, "Article 17", HOSTS, DESK, "with the restriction"),
    Duty(
        "Tell the police of suspected crimes that threaten a life or safety",
        DSA,
        "Article 18",
        HOSTS,
        ROLES,
        "promptly",
    ),
    Duty(
        "Answer people who ask for their data, and erase it",
        GDPR,
        "Articles 12, 15 and 17",
        "everybody who handles data of people in the EU",
        COMPLAINTS,
        "within a month",
    ),
    Duty(
        "Take requests to remove intimate pictures, made without consent, from anybody; remove them",
        TAKE_IT_DOWN,
        "subsection (a)",
        COVERED,
        FORM,
        "48 hours after a valid request; in force since 2026-05-19",
    ),
    Duty(
        "Report apparent child sexual abuse to NCMEC, and preserve what was reported",
        CHILD_ABUSE,
        "subsections (a) and (h)",
        "every provider to the public",
        HOLD,
        "as soon as reasonably possible; preserve for a year",
    ),
    Duty(
        "Act on an order of a court or of the government",
        INDIA,
        "rule 3(1)(d)",
        ALL_IN,
        FORM,
        "3 hours since 2026-02-20",
    ),
    Duty("Name a grievance officer, with contact", INDIA, "rule 3(2)(a)", ALL_IN, ROLES, "always public"),
    Duty(
        "Acknowledge and resolve complaints",
        INDIA,
        "rule 3(2)(a)",
        ALL_IN,
        COMPLAINTS,
        "7 days; 36 hours for urgent ones such as stolen identity",
    ),
    Duty(
        "Remove intimate pictures after a complaint of the person in them",
        INDIA,
        "rule 3(2)(b)",
        ALL_IN,
        COMPLAINTS,
        "2 hours since 2026-02-20",
    ),
    Duty(
        "Meet the industry codes: age assurance where pornography or self-harm material is likely",
        AUSTRALIAN_CODES,
        "Part 9, Division 7: the registered codes",
        "services with users in Australia",
        CHILDREN,
        "in force in 2026; look up the day for your kind of service",
    ),
    Duty(
        "Answer notices of the eSafety Commissioner",
        AUSTRALIA,
        "removal notices, such as section 77",
        "services with users in Australia",
        LOG,
        "24 hours, or as the notice says",
    ),
)


def of(countries: Collection[str]) -> tuple[Duty, ...]:
    """Return the duties of these countries, in the table's order."""
    return tuple(duty for duty in TABLE if duty.country in countries)
