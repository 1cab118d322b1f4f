"""Each header of the site, to the letter, and what it keeps out: one that is looser opens the page to somebody."""

from __future__ import annotations

from infra.page import site_headers

SOCKET = "wss://sockets.example"
STYLE = "'sha256-abc='"

POLICY = {
    "default-src": "'none'",  # anything that is not named here
    "script-src": "'self'",  # scripts in the page's text, or of another host
    "style-src": f"'self' {STYLE}",
    "img-src": "'self' data: blob:",
    "media-src": "'self' blob: mediastream:",
    "font-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "base-uri": "'none'",  # an element that gives every relative address another host
    "form-action": "'none'",  # a form that sends what somebody types elsewhere
    "frame-ancestors": "'none'",  # a page around this one, whose clicks are not what they look like
    "require-trusted-types-for": "'script'",  # a text that becomes markup
    "trusted-types": "passerby",
    "connect-src": f"'self' {SOCKET}",  # words of people that go to another host
}
PERMISSIONS = {
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
DOCUMENT = {
    "Referrer-Policy": "no-referrer",  # which page somebody came from, told to others
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",  # the window that opened this one
    "Cross-Origin-Resource-Policy": "same-origin",
}


def test_a_document_has_each_header_to_the_letter() -> None:
    """And no other one; a new one gets its line here, with its reason."""
    sent = site_headers.headers(SOCKET, [STYLE])
    policy = dict(each.split(" ", 1) for each in sent.pop("Content-Security-Policy").split("; "))
    permissions = dict(each.split("=") for each in sent.pop("Permissions-Policy").split(", "))

    assert policy == POLICY
    assert permissions == PERMISSIONS
    assert sent == DOCUMENT


def test_a_file_that_a_document_fetches_has_the_two_that_browsers_read_there() -> None:
    sent = site_headers.asset_headers()

    assert sent == {"X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin"}


def test_a_browser_remembers_for_two_years_to_come_by_tls() -> None:
    """On each name below as well; the lists that browsers ship ask for it."""
    assert site_headers.strict_transport_security() == "max-age=63072000; includeSubDomains"


def test_without_a_socket_elsewhere_and_without_styles_the_page_reaches_only_itself() -> None:
    policy = site_headers.content_security_policy("")

    assert "connect-src 'self'" in policy.split("; ")
    assert "style-src 'self'" in policy.split("; ")
