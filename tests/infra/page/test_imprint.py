"""The site's documents name their operator, and tell the truth about the software."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from functions.chat.model import reputation
from functions.chat.privacy.kinds import KINDS as KINDS_OF_ITEMS
from functions.chat.privacy.kinds import TOLD
from infra.options.options import Options
from infra.page import dress, imprint
from infra.page.imprint import Imprint
from infra.page.site_files import prepare
from infra.stack.assembly import FRONTEND

KINDS = ("terms", "privacy", "safety", "mine", "complaint", "transparency")
TAGS = ("en", "ar", "de", "es", "fr", "hi", "ja", "pt", "ru", "zh")
DOCUMENTS = {(kind, tag): f"{kind}.html" if tag == "en" else f"{kind}.{tag}.html" for kind in KINDS for tag in TAGS}
TRANSLATED = [each for each in DOCUMENTS if each[1] != "en"]
# The word for a report, in a form that its inflections share.
REPORT = {
    "en": "report", "ar": "بلاغ|بلّغ|بلغ", "de": "meld", "es": "denunci", "fr": "signale", "hi": "शिकायत", "ja": "通報",
    "pt": "den[uú]nci", "ru": "жал", "zh": "举报",
}  # fmt: skip
TAG = re.compile(r"<(/?(?:h1|h2|p|ul|li|table|tr|td|th))\b")
NUMBER = re.compile(r"\d+")
# The words of the script of the page of one's own data.
WORDS = {"looking", "nobody", "ready", "locked", "failed", "erased", "nothing", "stored"}
UNITS = {"minute": 60, "hour": 3600, "day": 86_400}
SOMEBODY = Imprint("Example & Sons", "help@example.org", 7)
TODAY = datetime(2030, 5, 17, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize("who", [Imprint(), SOMEBODY], ids=["nobody", "somebody"])
def test_every_document_is_filled_in_completely(who: Imprint, tmp_path: Path) -> None:
    """No placeholder is ever shown; of an operator without a name the document says so, in its language."""
    pages = prepare(FRONTEND, tmp_path, who).pages

    for (_kind, tag), name in DOCUMENTS.items():
        page = (pages / name).read_text()
        assert "{{" not in page, name
        if who == SOMEBODY:
            assert "Example &amp; Sons" in page, name
            assert '<a href="mailto:help@example.org">help@example.org</a>' in page, name
        else:
            assert all(words in page for words in imprint.UNKNOWN[tag]), name


@pytest.mark.parametrize(("kind", "tag"), TRANSLATED)
def test_a_document_says_in_every_language_what_it_says_in_english(kind: str, tag: str) -> None:
    """The same headings, paragraphs and rows in order, every number, and links to the others of its language."""
    page, english = ((FRONTEND / DOCUMENTS[kind, each]).read_text() for each in (tag, "en"))

    assert TAG.findall(page) == TAG.findall(english)
    rows = zip(_blocks(english), _blocks(page), strict=True)
    assert all(set(NUMBER.findall(said)) <= set(NUMBER.findall(translated)) for said, translated in rows)
    assert f'<html lang="{tag}"' in page
    assert ('dir="rtl"' in page) is (tag == "ar")
    assert all(f'href="/{DOCUMENTS[each, tag]}"' in page for each in KINDS)
    assert all(f'href="/{DOCUMENTS[kind, each]}"' in page for each in TAGS)


@pytest.mark.parametrize("kind", KINDS)
def test_no_sentence_of_a_document_is_the_same_in_two_languages(kind: str) -> None:
    """A sentence that nobody translated would be."""
    said = [set(_blocks((FRONTEND / DOCUMENTS[kind, tag]).read_text())) for tag in TAGS]
    sentences = [{each for each in one if each.count(" ") > 2 and "{{" not in each} for one in said]

    assert sum(map(len, sentences)) == len(set().union(*sentences))


def test_every_table_of_words_by_language_has_every_language_of_the_page() -> None:
    """A place that is forgotten shows nothing, or English, to those people alone."""
    desk = (FRONTEND.parent / "infra" / "desk" / "page" / "words.js").read_text()
    listed = re.search(r"LANGUAGES = \[(.*)\]", desk)
    assert listed is not None
    found = {
        "frontend/language.js": re.findall(r'tag: "(\w+)"', (FRONTEND / "language.js").read_text()),
        "frontend/strings": [path.stem for path in (FRONTEND / "strings").iterdir()],
        "infra/page/imprint.py": list(imprint.UNKNOWN),
        "infra/page/dress.py": list(dress.DONATE),
        "infra/desk/page/words.js": re.findall(r'"(\w+)"', listed[1]),
    }

    assert {place: tags for place, tags in found.items() if sorted(tags) != sorted(TAGS)} == {}


def _blocks(page: str) -> list[str]:
    main = page.partition("<main>")[2].partition("</main>")[0]
    return [text.strip() for text in re.findall(r"<(?:h1|h2|p|li|td|th)\b[^>]*>(.*?)</", main, re.DOTALL)]


def test_a_name_cannot_be_markup() -> None:
    """The operator's words are text."""
    page = imprint.fill_in("<p>{{operator_name}}, {{operator_contact}}</p>", Imprint("<b>", "https://x.example/?a&b"))

    assert page == '<p>&lt;b&gt;, <a href="https://x.example/?a&amp;b">https://x.example/?a&amp;b</a></p>'


@pytest.mark.parametrize("tag", TAGS)
def test_the_privacy_page_names_the_servers_that_calls_ask_for_an_address(tag: str) -> None:
    """Each of them once, in every language; a site that asks nobody names nobody."""
    page = (FRONTEND / DOCUMENTS["privacy", tag]).read_text()
    asked = ("stun:stun.example.org:3478", "stun:stun.example.org:53", "stun:other.example")

    assert "(stun.example.org, other.example)" in imprint.fill_in(page, Imprint(stun_urls=asked))
    assert "()" not in imprint.fill_in(page, Imprint())


def test_the_privacy_page_names_the_servers_that_are_asked_unless_changed() -> None:
    """As the options have it."""
    assert "(stun.cloudflare.com)" in imprint.fill_in((FRONTEND / "privacy.html").read_text(), Options().imprint)


def test_the_times_that_the_privacy_page_gives_are_the_softwares() -> None:
    """A developer who changes one has to change the other."""
    page = imprint.fill_in((FRONTEND / "privacy.html").read_text(), SOMEBODY)

    assert "at most 3 hours" in page
    assert "24 hours" in page
    assert "in a case 90 days" in page
    assert "7 days" in page


def test_the_privacy_page_says_what_a_report_keeps_for_how_long_and_that_nothing_else_is_kept() -> None:
    """As docs/sealed.md has it: ticked by the reporter, readable by the operator alone, gone with the case."""
    page = (FRONTEND / "privacy.html").read_text()

    assert "What you say is not kept, except in a report" in page
    assert "kept with the report for 90 days, encrypted so that only the operator can read them" in page
    assert "that they tick themselves" in page
    assert "takes along nothing that was said but its optional note" in page
    assert "encrypted end to end: only you two can read them, not even this site" in page
    assert "If one of the two browsers can't do that, the chat tells you both as it begins" in page


@pytest.mark.parametrize("tag", TAGS)
def test_the_start_page_and_the_terms_name_the_exception_in_every_language(tag: str) -> None:
    """Before the first line, and where the rules are."""
    strings = (FRONTEND / "strings" / f"{tag}.js").read_text()
    report = f"(?:{REPORT[tag]})"

    assert re.search(rf'lead: ".*{report}', strings, re.IGNORECASE)
    rows = re.findall(r"<tr>.*?</tr>", (FRONTEND / DOCUMENTS["privacy", tag]).read_text())
    assert len([row for row in rows if re.search(report, row, re.IGNORECASE) and "90" in row]) == 2
    after_ban = (FRONTEND / DOCUMENTS["terms", tag]).read_text().rpartition("<h2>")[2]
    assert re.search(report, after_ban, re.IGNORECASE)


def test_no_text_says_that_nothing_at_all_is_kept() -> None:
    """It was true before reports could hand over lines."""
    untrue = re.compile(
        r"nothing (?:you say |is |that is said )*(?:is )?(?:kept|stored|saved)(?! except)", re.IGNORECASE
    )
    texts = [*FRONTEND.glob("*.html"), FRONTEND / "strings" / "en.js", *FRONTEND.glob("*.webmanifest")]

    assert [path.name for path in texts if untrue.search(path.read_text())] == []


def test_the_lockouts_that_the_terms_give_are_the_softwares() -> None:
    """A day, a week, a year."""
    page = (FRONTEND / "terms.html").read_text()

    assert reputation.RUNGS_SECONDS == (86_400, 7 * 86_400, 365 * 86_400)
    assert "first for a day, then for a week and a year" in page
    assert "one person who reports" not in page
    assert "new devices at that address wait a few seconds longer" in page
    assert reputation.WAIT_SECONDS_MAX < 5


def test_the_documents_run_no_script() -> None:
    """They are for reading, in browsers in which nothing else works. Three ask the server."""
    for (kind, _), name in DOCUMENTS.items():
        scripts = re.findall(r"<script[^>]*>", (FRONTEND / name).read_text())
        own = [f'<script type="module" src="/{kind}.js">']
        assert scripts == (own if kind in {"mine", "complaint", "transparency"} else [])


@pytest.mark.parametrize("tag", TAGS)
def test_the_page_of_ones_own_data_has_every_kind_and_every_word(tag: str) -> None:
    """The kinds that the server and the browser keep, each once; a kind without its words would be shown to nobody."""
    page = (FRONTEND / DOCUMENTS["mine", tag]).read_text()
    told = [kind for names in re.findall(r'data-kinds="([^"]+)"', page) for kind in names.split()]

    assert sorted(told) == sorted(TOLD)
    assert re.findall(r'data-group="(\w+)"', page) == ["device", "settings", "age", "session", "appearance"]
    assert set(re.findall(r'data-word="(\w+)">[^<]', page)) == WORDS


def test_the_times_that_the_page_of_ones_own_data_gives_are_the_tables() -> None:
    """Each figure of a section is one of its kinds', and the longest of them is said."""
    page = (FRONTEND / "mine.html").read_text()
    sections = re.findall(r'data-kinds="([^"]+)">(.*?)</section>', page, re.DOTALL)
    for names, words in sections:
        said = {int(count) * UNITS[unit] for count, unit in re.findall(r"(\d+) (minute|hour|day)s?\b", words)}
        kept = {kind.kept_seconds for kind in KINDS_OF_ITEMS if kind.name in names.split()}
        assert said <= kept, names
        assert max(each for each in kept if each) in said, names

    assert len(sections) > 5


def test_security_txt_says_whom_to_write_to_until_when() -> None:
    """RFC 9116: a contact, and an end of less than a year from now."""
    lines = dict(line.split(": ", 1) for line in imprint.security_txt(SOMEBODY, TODAY).splitlines())
    expires = datetime.fromisoformat(lines["Expires"])

    assert lines["Contact"] == "mailto:help@example.org"
    assert timedelta(days=300) < expires - TODAY < timedelta(days=365)


def test_an_unchanged_product_is_not_deployed_again_for_its_security_txt() -> None:
    """It changes once a month."""
    assert imprint.security_txt(SOMEBODY, TODAY) == imprint.security_txt(SOMEBODY, TODAY + timedelta(days=10))


def test_without_a_contact_there_is_no_security_txt() -> None:
    """One without a contact would be invalid."""
    assert imprint.security_txt(Imprint("Somebody"), TODAY) == ""


def test_the_card_has_an_absolute_address_where_the_site_has_a_name(tmp_path: Path) -> None:
    """A service that shows a link to the site fetches its picture from there."""
    files = prepare(FRONTEND, tmp_path, Imprint(domain_name="chat.example.org"))
    page = (files.pages / "index.html").read_text()
    home = f"v/{files.version}/images/card.png"

    assert f'property="og:image" content="https://chat.example.org/{home}"' in page
    assert (files.assets / home).is_file()
