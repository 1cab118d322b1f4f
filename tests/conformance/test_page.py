"""A page that was altered, added to or exchanged is noticed, with any entry for it in the list."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

import pytest

from infra.page import digests
from tests.conformance import page

FILES = {
    "index.html": b'<link href="/v/1/a.css"><script type="module" src="/v/1/main.js"></script><a href="/terms.html">',
    "terms.html": b"terms",
    "v/1/a.css": b"a {}",
    "v/1/main.js": b"talk();",
}


def _site(**changed: bytes | None) -> page.Fetch:
    files = {**FILES, digests.FILE: digests.listing(FILES).encode(), **changed}

    def fetch(path: str) -> bytes:
        content = files.get(path)
        if content is None:
            raise OSError("404")
        return content

    return fetch


def _faults(fetch: page.Fetch, checkout: Callable[[], str] = lambda: digests.listing(FILES)) -> list[str]:
    return list(page.faults(fetch, checkout))


def test_an_honest_site_has_no_faults_whoever_its_operator_is() -> None:
    other = digests.listing({**FILES, "terms.html": b"terms of somebody"})

    assert _faults(_site()) == []
    assert _faults(_site(), lambda: other) == []


@pytest.mark.parametrize("path", FILES)
def test_a_file_that_was_altered_or_is_missing_is_named(path: str) -> None:
    assert _faults(_site(**{path: FILES[path] + b" "})) == [f"{path} is another file than the list says."]
    assert len(_faults(_site(**{path: None}))) == 1


def test_a_script_that_is_in_no_list_is_named() -> None:
    """An altered start page may have an honest line of its own."""
    document = FILES["index.html"] + b'<script src="/spy.js"></script>'
    files = {**FILES, "index.html": document}
    site = _site(**{"index.html": document, digests.FILE: digests.listing(files).encode()})

    assert _faults(site) == ["index.html names spy.js, which is not in the list."]


@pytest.mark.parametrize("changed", [{"v/1/main.js": b"spy();"}, {"v/1/more.js": b""}], ids=["altered", "added"])
def test_a_page_that_keeps_its_own_list_is_not_the_one_of_the_checkout(changed: dict[str, bytes]) -> None:
    files = {**FILES, **changed}
    site = _site(**{**files, digests.FILE: digests.listing(files).encode()})

    assert ["not the one of this checkout" in fault for fault in _faults(site)] == [True]


def test_a_site_without_a_list_is_said_to_have_none() -> None:
    assert ["has no list" in fault for fault in _faults(_site(**{digests.FILE: None}))] == [True]


def test_a_list_is_what_sha256sum_writes() -> None:
    """Two spaces between hash and name, as `sha256sum -c` reads it."""
    assert digests.listing({"b": b"2", "a": b"1"}) == (
        f"{sha256(b'1').hexdigest()}  a\n{sha256(b'2').hexdigest()}  b\n"
    )
    assert digests.read("nothing\n00  a b\n") == {"a b": "00"}
