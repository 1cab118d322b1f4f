"""The security headers of the page, once: CloudFront sends them when deployed, the local gateway on localhost.

A page that shows strangers' words and opens the camera gets nothing that it does not use: no inline script, no foreign
host, no frame around it, no device but camera and microphone.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence

STRICT_TRANSPORT_SECONDS = 2 * 365 * 24 * 3600  # two years, as browsers' preload lists ask

_CONTENT_SECURITY: Mapping[str, str] = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "media-src": "'self' blob: mediastream:",
    "font-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    # No string becomes markup or a script, but the address of a worker by the page's one policy (frontend/trusted.js).
    "require-trusted-types-for": "'script'",
    "trusted-types": "passerby",
}

_PERMISSIONS: Mapping[str, str] = {
    "camera": "(self)",
    "microphone": "(self)",
    "autoplay": "(self)",
    "fullscreen": "(self)",
    "picture-in-picture": "(self)",
    "speaker-selection": "(self)",
    "display-capture": "()",
    "geolocation": "()",
    "payment": "()",
    "usb": "()",
    "serial": "()",
    "midi": "()",
    "browsing-topics": "()",
}


_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def content_security_policy(websocket_origin: str, styles: Sequence[str] = ()) -> str:
    """Return the page's policy; `websocket_origin` (`wss://host`) is the only host beside its own that it may reach.

    The socket's origin is named even where it is the page's own: Safari before 15.4 does not count `wss:` as 'self'.
    Empty leaves it out. `styles` are those that `styles_in` returns for the document: a style within it is named by its
    hash.
    """
    directives = {**_CONTENT_SECURITY, "connect-src": f"'self' {websocket_origin}".strip()}
    directives["style-src"] = " ".join(["'self'", *styles])
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def styles_in(document: str) -> list[str]:
    """Return how a policy names the styles that stand in a document: by their hashes."""
    digests = [hashlib.sha256(style.encode()).digest() for style in _STYLE.findall(document)]
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


def permissions_policy() -> str:
    """Return which device features the page may use."""
    return ", ".join(f"{name}={allowed}" for name, allowed in _PERMISSIONS.items())


def headers(websocket_origin: str, styles: Sequence[str] = ()) -> dict[str, str]:
    """Return every header of a document that is the same on localhost and deployed, under its usual spelling."""
    return {
        "Content-Security-Policy": content_security_policy(websocket_origin, styles),
        "Permissions-Policy": permissions_policy(),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def asset_headers() -> dict[str, str]:
    """Return the headers of a document's files: browsers read policies of the document only, at 1 KB a file."""
    return {"X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin"}


def strict_transport_security() -> str:
    """Return the header that only the deployed site sends: localhost has no certificate."""
    return f"max-age={STRICT_TRANSPORT_SECONDS}; includeSubDomains"
