"""The desk's guard: only this machine's browser may speak to it, at the address that was printed. Pure.

The desk acts with the operator's AWS credentials, and any page that the operator has open may send requests to this
machine. `Host` keeps out names that were rebound to this machine, `Origin` keeps out other pages, and the token keeps
out everybody who was not told it.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import NamedTuple

TOKEN_BYTES = 24
SAFE_METHODS = ("GET", "HEAD")
OWN_SITES = ("same-origin", "none")  # what a browser says of our own page, and of an address that was typed

# Nothing of anybody else's runs, is drawn or is asked; the still of a report is a `data:` picture.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class Own(NamedTuple):
    """Where this desk is, and the secret in its address."""

    port: int
    token: str

    @property
    def host(self) -> str:
        """The `Host` of a browser that was given the printed address."""
        return f"127.0.0.1:{self.port}"

    @property
    def origin(self) -> str:
        """The `Origin` of our own page."""
        return f"http://{self.host}"

    @property
    def url(self) -> str:
        """The address to print."""
        return f"{self.origin}/{self.token}/"


def new_token() -> str:
    """Return a secret for an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def refusal(own: Own, method: str, path: str, headers: Mapping[str, str]) -> str | None:
    """Return why a request is not answered, or None for one of our own page's; header names are lower case."""
    if headers.get("host") != own.host:
        return "Host"
    origin = headers.get("origin")
    if origin != own.origin and (origin is not None or method not in SAFE_METHODS):
        return "Origin"
    if headers.get("sec-fetch-site", "none") not in OWN_SITES:
        return "Sec-Fetch-Site"
    if not secrets.compare_digest(path.split("/")[1].encode(), own.token.encode()):
        return "token"
    return None
