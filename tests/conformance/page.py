"""Whether a site serves the page that it says it serves, and whether that is the page of this checkout.

Each file is compared with the site's own list. Nobody can see from here that every visitor is served the same list.
"""

from __future__ import annotations

import hashlib
import re
import ssl
from collections.abc import Callable, Iterator
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

from infra.page import digests

SECONDS_MAX = 30.0
# The scripts and styles that a document has run or shown, from its own site.
NAMED = re.compile(r"""<(?:script|link|img)\b[^>]*?(?:src|href)="/([^"?#]+)""")
DOCUMENT = "index.html"
VERSIONED = "v/"

Fetch = Callable[[str], bytes]


def fetcher(site: str, *, insecure: bool = False) -> Fetch:
    """Return what fetches a path of a site, or raises OSError."""
    context = ssl._create_unverified_context() if insecure else None

    def fetch(path: str) -> bytes:
        with urlopen(f"{site.rstrip('/')}/{quote(path)}", timeout=SECONDS_MAX, context=context) as answer:
            content: bytes = answer.read()
            return content

    return fetch


def faults(fetch: Fetch, checkout: Callable[[], str]) -> Iterator[str]:
    """Give a sentence for each file that differs; `checkout` gives the list of this checkout when it is needed."""
    try:
        listed = digests.read(fetch(digests.FILE).decode())
    except (URLError, OSError, UnicodeDecodeError) as problem:
        yield f"The site has no list of its files, {digests.FILE}: {problem}."
        return
    yield from _served(fetch, listed)
    # A site on localhost serves the files as they are written, without a version.
    if any(path.startswith(VERSIONED) for path in listed):
        yield from _built(listed, digests.read(checkout()))


def _served(fetch: Fetch, listed: dict[str, str]) -> Iterator[str]:
    if DOCUMENT not in listed:
        yield f"{DOCUMENT} is not in the list."
    for path, digest in listed.items():
        try:
            content = fetch(path)
        except (URLError, OSError) as problem:
            yield f"{path} is in the list and cannot be fetched: {problem}."
            continue
        if hashlib.sha256(content).hexdigest() != digest:
            yield f"{path} is another file than the list says."
        if path == DOCUMENT:
            named = set(NAMED.findall(content.decode(errors="replace")))
            yield from (f"{DOCUMENT} names {each}, which is not in the list." for each in sorted(named - set(listed)))


def _built(listed: dict[str, str], built: dict[str, str]) -> Iterator[str]:
    ours, theirs = (
        {path: digest for path, digest in each.items() if path.startswith(VERSIONED)} for each in (built, listed)
    )
    if ours != theirs:
        differ = len(ours.items() ^ theirs.items())
        yield f"The page is not the one of this checkout: {differ} lines below {VERSIONED} differ."
