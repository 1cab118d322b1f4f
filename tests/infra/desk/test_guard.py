"""The desk answers its own page and nobody else."""

from __future__ import annotations

import pytest

from infra.desk import guard
from infra.desk.guard import Own

OWN = Own(4711, "secret")
HOST = {"host": "127.0.0.1:4711"}
ORIGIN = {"origin": "http://127.0.0.1:4711"}


def refused(method: str = "GET", path: str = "/secret/", **headers: str) -> str | None:
    return guard.refusal(
        OWN, method, path, {**HOST, **{name.replace("_", "-"): text for name, text in headers.items()}}
    )


def test_the_own_page_is_answered():
    assert refused() is None
    assert refused(sec_fetch_site="none") is None
    assert refused(path="/secret/api/queue", sec_fetch_site="same-origin") is None
    assert refused("POST", "/secret/api/decide", **ORIGIN) is None


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:4711", "localhost:4711", "127.0.0.1", "127.0.0.1:80", ""]
)
def test_another_name_for_this_machine_is_refused(host):
    """A name that was rebound to the loopback is somebody else's page."""
    assert refused(host=host) == "Host"


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:4711", "http://127.0.0.1:80"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_another_origin_is_refused_whatever_it_asks(method, origin):
    assert refused(method, origin=origin) == "Origin"


def test_a_request_that_changes_something_names_its_origin():
    """A form of another page may leave it out, our page never does."""
    assert refused("POST", "/secret/api/decide") == "Origin"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_request_that_a_browser_calls_foreign_is_refused(site):
    """An image or a script of another page sends no Origin."""
    assert refused(sec_fetch_site=site) == "Sec-Fetch-Site"


@pytest.mark.parametrize("path", ["/", "/wrong/", "/secre/", "/secrets/", "/SECRET/", "//secret/", "/api/queue"])
def test_a_browser_that_was_not_told_the_address_is_refused(path):
    assert refused(path=path) == "token"


def test_tokens_are_long_and_never_the_same():
    tokens = {guard.new_token() for _ in range(100)}

    assert len(tokens) == 100
    assert min(map(len, tokens)) >= 32


# Each header of the desk's answers, and what it keeps out.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",  # anything of anybody else's
    "Cross-Origin-Opener-Policy": "same-origin",  # a window that opened it, or that it opens
    "Cross-Origin-Resource-Policy": "same-origin",  # a page that would show its answers
    "Referrer-Policy": "no-referrer",  # the token stands in its address
    "X-Content-Type-Options": "nosniff",  # a stranger's words that look like a script
    "Cache-Control": "no-store",  # what would stay on the disk
}


def test_each_answer_has_the_headers_that_keep_others_out():
    assert guard.HEADERS == HEADERS
