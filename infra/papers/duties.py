"""What laws ask of the operator of a site like this one, in one table: a row for each duty, with its source. Pure.

It is a map and no legal advice: which law holds for whom, courts decide. Rows are looked at again with each release.
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

OSA, DSA, GDPR = "Online Safety Act 2023", "Digital Services Act (EU) 2022/2065", "GDPR (EU) 2016/679"
TAKE_IT_DOWN, INDIA = "TAKE IT DOWN Act, 47 U.S.C. 223a", "Information Technology Rules 2021"
OSA_URL = "https://www.legislation.gov.uk/ukpga/2023/50/section/{}"
DSA_URL, GDPR_URL = "https://eur-lex.europa.eu/eli/reg/2022/2065/oj", "https://eur-lex.europa.eu/eli/reg/2016/679/oj"
USC_URL = "https://uscode.house.gov/view.xhtml?req=granuleid:USC-prelim-title{}-section{}"
INDIA_URL = "https://www.meity.gov.in/"

# Which document, or which part of the site, does it.
ILLEGAL, CHILDREN = "uk-illegal-content-risk-assessment", "uk-childrens-access-assessment"
DSA_PAPER, ROLES, COMPLAINTS = "dsa-contact-points-and-terms", "contact-roles", "complaints-and-take-down"
LOG, FORM, DESK, HOLD = "requests.jsonl", "/complaint.html", "make desk", "operator hold, preserve"
FIGURES = "/transparency.html"


class Duty(NamedTuple):
    """A row. `who` is concerned; `document` does it, or records it; `clock` says by when."""

    country: str
    duty: str
    law: str
    article: str
    url: str
    who: str
    document: str
    clock: str


U2U = "every service on which people meet content of other people and which has links with the UK"
MEDIATORS = "every intermediary that is offered in the EU, small ones too"
HOSTS = "hosting services; passing lines on is less, handing over a report may be hosting"
COVERED = "sites that serve the public and are mainly a forum for what users make"
ALL_IN = "every intermediary with users in India"

TABLE: tuple[Duty, ...] = (
    Duty(
        "uk",
        "Assess the risk of illegal content, in writing",
        OSA,
        "section 9",
        OSA_URL.format(9),
        U2U,
        ILLEGAL,
        "within 3 months of the start; before a significant change; looked at every 12 months",
    ),
    Duty(
        "uk",
        "Take proportionate measures against illegal content, and say them in the terms",
        OSA,
        "section 10",
        OSA_URL.format(10),
        U2U,
        ILLEGAL,
        "always; what is known to be illegal goes swiftly",
    ),
    Duty(
        "uk",
        "Let people report illegal content, people who are no users too",
        OSA,
        "section 20",
        OSA_URL.format(20),
        U2U,
        FORM,
        "always",
    ),
    Duty(
        "uk",
        "Take complaints, about wrong bans too, and act on them",
        OSA,
        "section 21",
        OSA_URL.format(21),
        U2U,
        COMPLAINTS,
        "no hours are named",
    ),
    Duty(
        "uk",
        "Keep written records of assessments and measures, and review them",
        OSA,
        "section 23",
        OSA_URL.format(23),
        U2U,
        ILLEGAL,
        "at once after each; Ofcom reads 12 months",
    ),
    Duty(
        "uk",
        "Assess whether children are likely to come",
        OSA,
        "sections 35 and 36",
        OSA_URL.format(36),
        U2U,
        CHILDREN,
        "within 3 months of the start; every 12 months; before a significant change",
    ),
    Duty(
        "uk",
        "Where children are likely to come: assess the risk for them",
        OSA,
        "section 11",
        OSA_URL.format(11),
        "services that children are likely to access",
        CHILDREN,
        "within 3 months of that finding",
    ),
    Duty(
        "uk",
        "Answer Ofcom's information notices",
        OSA,
        "sections 100 and 102",
        OSA_URL.format(102),
        U2U,
        LOG,
        "by the day that the notice names",
    ),
    Duty(
        "eu",
        "Act on orders against illegal content and for information, and tell the authority what was done",
        DSA,
        "Articles 9 and 10",
        DSA_URL,
        MEDIATORS,
        LOG,
        "without undue delay, or as the order says",
    ),
    Duty(
        "eu",
        "Name one electronic point of contact for authorities, with its languages",
        DSA,
        "Article 11",
        DSA_URL,
        MEDIATORS,
        DSA_PAPER,
        "always public",
    ),
    Duty(
        "eu",
        "Name one point of contact for users, not only a machine",
        DSA,
        "Article 12",
        DSA_URL,
        MEDIATORS,
        DSA_PAPER,
        "always public",
    ),
    Duty(
        "eu",
        "Without an establishment in the EU: appoint a legal representative there",
        DSA,
        "Article 13",
        DSA_URL,
        "intermediaries from outside the EU",
        DSA_PAPER,
        "before the start; tell the Digital Services Coordinator",
    ),
    Duty(
        "eu",
        "Say in plain terms what is restricted, how it is decided, and how to complain",
        DSA,
        "Article 14",
        DSA_URL,
        MEDIATORS,
        DSA_PAPER,
        "always public; tell of significant changes",
    ),
    Duty(
        "eu",
        "Publish a report of moderation once a year",
        DSA,
        "Article 15",
        DSA_URL,
        "intermediaries that are neither micro nor small enterprises",
        FIGURES,
        "every 12 months",
    ),
    Duty(
        "eu",
        "Take notices of illegal content from anybody, confirm them and say what came of them",
        DSA,
        "Article 16",
        DSA_URL,
        HOSTS,
        FORM,
        "without undue delay",
    ),
    Duty(
        "eu", "Give reasons to whoever is restricted", DSA, "Article 17", DSA_URL, HOSTS, DESK, "with the restriction"
    ),
    Duty(
        "eu",
        "Tell the police of suspected crimes that threaten a life or safety",
        DSA,
        "Article 18",
        DSA_URL,
        HOSTS,
        ROLES,
        "promptly",
    ),
    Duty(
        "eu",
        "Answer people who ask for their data, and erase it",
        GDPR,
        "Articles 12, 15 and 17",
        GDPR_URL,
        "everybody who handles data of people in the EU",
        COMPLAINTS,
        "within a month",
    ),
    Duty(
        "us",
        "Take requests to remove intimate pictures, made without consent, from anybody; remove them",
        TAKE_IT_DOWN,
        "subsection (a)",
        USC_URL.format(47, "223a"),
        COVERED,
        FORM,
        "48 hours after a valid request; in force since 2026-05-19",
    ),
    Duty(
        "us",
        "Report apparent child sexual abuse to NCMEC, and preserve what was reported",
        "18 U.S.C. 2258A",
        "subsections (a) and (h)",
        USC_URL.format(18, "2258A"),
        "every provider to the public",
        HOLD,
        "as soon as reasonably possible; preserve for a year",
    ),
    Duty(
        "in",
        "Act on an order of a court or of the government",
        INDIA,
        "rule 3(1)(d)",
        INDIA_URL,
        ALL_IN,
        FORM,
        "3 hours since 2026-02-20",
    ),
    Duty(
        "in", "Name a grievance officer, with contact", INDIA, "rule 3(2)(a)", INDIA_URL, ALL_IN, ROLES, "always public"
    ),
    Duty(
        "in",
        "Acknowledge and resolve complaints",
        INDIA,
        "rule 3(2)(a)",
        INDIA_URL,
        ALL_IN,
        COMPLAINTS,
        "7 days; 36 hours for urgent ones such as stolen identity",
    ),
    Duty(
        "in",
        "Remove intimate pictures after a complaint of the person in them",
        INDIA,
        "rule 3(2)(b)",
        INDIA_URL,
        ALL_IN,
        COMPLAINTS,
        "2 hours since 2026-02-20",
    ),
    Duty(
        "au",
        "Meet the industry codes: age assurance where pornography or self-harm material is likely",
        "Online Safety Act 2021",
        "Part 9, Division 7: the registered codes",
        "https://www.esafety.gov.au/industry/codes",
        "services with users in Australia",
        CHILDREN,
        "in force in 2026; look up the day for your kind of service",
    ),
    Duty(
        "au",
        "Answer notices of the eSafety Commissioner",
        "Online Safety Act 2021",
        "removal notices, such as section 77",
        "https://www.legislation.gov.au/C2021A00076/latest",
        "services with users in Australia",
        LOG,
        "24 hours, or as the notice says",
    ),
)


def of(countries: Collection[str]) -> tuple[Duty, ...]:
    """Return the duties of these countries, in the table's order."""
    return tuple(duty for duty in TABLE if duty.country in countries)
