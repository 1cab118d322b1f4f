"""The page is served as in production: types, headers, compression, nothing outside its folder."""

from __future__ import annotations

import gzip
import json
from http import HTTPStatus

import pytest

from infra.page import site_headers
from infra.page.brand import Brand
from infra.page.dress import Dress
from tests.local.world import world

SCRIPT = "export const greeting = 'hello';\n" * 100


@pytest.fixture
def folder(tmp_path):
    site = tmp_path / "site"
    (site / "call").mkdir(parents=True)
    (site / "index.html").write_text("<!doctype html><title>Passerby</title>")
    (site / "call" / "peer.js").write_text(SCRIPT)
    (site / "service-worker.js").write_text("")
    (site / "style.css").write_text("body{}")
    (site / "icon.svg").write_text("<svg/>")
    (site / "icon.png").write_bytes(b"\x89PNG")
    (site / "app.webmanifest").write_text("{}")
    (site / ".hidden").write_text("not for you")
    (tmp_path / "secret.txt").write_text("not for you")
    (site / "link.txt").symlink_to(tmp_path / "secret.txt")
    return site


async def fetch(w, path, **options):
    """Return the answer and its body as they came, without aiohttp's decompression."""
    async with w.session.request(options.pop("method", "GET"), w.url + path, **options) as answer:
        return answer, await answer.read()


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/call/peer.js", "text/javascript; charset=utf-8"),
        ("/style.css", "text/css; charset=utf-8"),
        ("/icon.svg", "image/svg+xml; charset=utf-8"),
        ("/icon.png", "image/png"),
        ("/app.webmanifest", "application/manifest+json; charset=utf-8"),
        ("/config.json", "application/json; charset=utf-8"),
        ("/service-worker.js", "text/javascript; charset=utf-8"),
    ],
)
async def test_each_file_has_its_type_and_its_security_headers(folder, path, content_type):
    """Browsers run a module only with the right type; documents and workers carry the policy, parts what is read."""
    async with world(site=folder) as w:
        answer, _ = await fetch(w, path)

        assert (HTTPStatus.OK, content_type) == (answer.status, answer.headers["Content-Type"])
        assert answer.headers["Cache-Control"] == "no-cache"
        every = site_headers.headers(f"ws://127.0.0.1:{w.port}")
        expected = site_headers.asset_headers() if path in {"/call/peer.js", "/style.css", "/icon.png"} else every
        assert expected == {name: value for name, value in answer.headers.items() if name in every}


async def test_the_policy_allows_nothing_inline_and_the_socket():
    """Scripts and styles come from files of the origin only; the socket of the same host may be opened."""
    async with world() as w:
        answer, _ = await fetch(w, "/")
        policy = answer.headers["Content-Security-Policy"]

        assert "unsafe" not in policy
        assert f"connect-src 'self' ws://127.0.0.1:{w.port}" in policy
        assert "frame-ancestors 'none'" in policy
        assert "camera=(self)" in answer.headers["Permissions-Policy"]


async def test_the_configuration_names_the_socket_of_the_host_that_was_asked(folder):
    """Another machine that opens the page by this machine's name gets a socket address that it can reach."""
    async with world(site=folder) as w:
        _, body = await fetch(w, "/config.json", headers={"Host": "passerby.lan:8080"})

        assert json.loads(body)["websocketUrl"] == "ws://passerby.lan:8080/ws"


async def test_the_operators_words_stand_in_the_documents(folder, monkeypatch):
    """As in a deployment: name and contact in the pages, security.txt, the way to prove an age."""
    (folder / "terms.html").write_text("<p>{{operator_name}}: {{operator_contact}}</p>")
    monkeypatch.setenv("OPERATOR_NAME", "Example & Sons")
    monkeypatch.setenv("OPERATOR_CONTACT", "help@example.org")
    monkeypatch.setenv("AGE_URL", "https://age.example.org")
    async with world(site=folder) as w:
        _, terms = await fetch(w, "/terms.html")
        _, security = await fetch(w, "/.well-known/security.txt")
        _, config = await fetch(w, "/config.json")

    assert terms == b'<p>Example &amp; Sons: <a href="mailto:help@example.org">help@example.org</a></p>'
    assert security.startswith(b"Contact: mailto:help@example.org\nExpires: ")
    assert json.loads(config)["ageUrl"] == "https://age.example.org"


@pytest.mark.parametrize("host", ["a b", "evil.example; script-src *", "x/y", ""])
async def test_a_host_header_that_is_no_host_is_refused(folder, host):
    """The header goes into the policy and the configuration, so nothing else may pass."""
    async with world(site=folder) as w:
        answer, _ = await fetch(w, "/", headers={"Host": host})

        assert answer.status == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize(
    "path",
    [
        "/nothing.js",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/call/..%2f..%2fsecret.txt",
        "/.hidden",
        "/link.txt",
        "/%00",
        "/call",
        "/call/",
        "//etc/passwd",
    ],
)
async def test_nothing_outside_the_site_is_served(folder, path):
    """Neither parents, nor links out of the folder, nor hidden files, nor a folder without a page."""
    async with world(site=folder) as w:
        from yarl import URL

        async with w.session.get(URL(w.url + path, encoded=True)) as answer:
            assert answer.status == HTTPStatus.NOT_FOUND
            assert "not for you" not in await answer.text()


async def test_text_is_compressed_for_who_takes_it(folder):
    """A long script travels compressed and arrives whole; a client that does not ask gets it plain."""
    async with world(site=folder) as w:
        packed, _ = await fetch(w, "/call/peer.js", headers={"Accept-Encoding": "gzip"})
        plain, body = await fetch(w, "/call/peer.js", headers={"Accept-Encoding": "identity"})

        assert packed.headers["Content-Encoding"] == "gzip"
        assert int(packed.headers["Content-Length"]) == len(gzip.compress(SCRIPT.encode()))
        assert ("Content-Encoding" not in plain.headers) and SCRIPT.encode() == body
        assert {"Accept-Encoding"} == {packed.headers["Vary"], plain.headers["Vary"]}


async def test_an_unchanged_file_is_not_sent_again_and_a_changed_one_is(folder):
    """The validator belongs to the content: 304 until the file is edited, under a running gateway."""
    async with world(site=folder) as w:
        first, _ = await fetch(w, "/call/peer.js")
        tag = {"If-None-Match": first.headers["ETag"]}
        again, _ = await fetch(w, "/call/peer.js", headers=tag)
        (folder / "call" / "peer.js").write_text("edited")
        edited, body = await fetch(w, "/call/peer.js", headers=tag)

        assert (again.status, edited.status) == (HTTPStatus.NOT_MODIFIED, HTTPStatus.OK)
        assert body == b"edited"


async def test_only_reading_is_allowed(folder):
    """HEAD answers like GET without a body; writing methods are refused."""
    async with world(site=folder) as w:
        head, body = await fetch(w, "/", method="HEAD")
        post, _ = await fetch(w, "/", method="POST", data=b"x")

        assert (head.status, body) == (HTTPStatus.OK, b"")
        assert (post.status, post.headers["Allow"]) == (HTTPStatus.METHOD_NOT_ALLOWED, "GET, HEAD")


async def test_the_figures_count_what_happened(folder):
    """/_local.json tells of connections, frames, invocations and closes."""
    async with world(site=folder) as w:
        socket = await w.connect()
        await socket.send_str('{"action":"ping"}')
        await socket.receive()
        await socket.close()
        await w.handlers["$disconnect"].event()
        _, body = await fetch(w, "/_local.json")
        figures = json.loads(body)

        assert tuple(
            figures[name] for name in ("connections_opened", "connections_open", "frames_received", "frames_sent")
        ) == (1, 0, 1, 1)
        assert figures["closes"] == {"1000": 1}
        assert figures["invocations"] == {"$connect": 1, "$disconnect": 1}


async def test_a_brand_is_shown_as_it_will_be_deployed():
    """Its name, its style under the policy, its picture."""
    worn = Dress(Brand(name="Corner Talk"), "html:root{--dusk:red}", {}, {"brand/icon.svg": b"<svg/>"})
    async with world(dress=worn) as w:
        answer, page = await fetch(w, "/")
        picture, drawn = await fetch(w, "/brand/icon.svg")
        none, _ = await fetch(w, "/brand/card.png")

    assert b"<title>Corner Talk: " in page
    (hashed,) = site_headers.styles_in(page.decode())
    assert hashed in answer.headers["Content-Security-Policy"]
    assert (picture.headers["Content-Type"], drawn) == ("image/svg+xml", b"<svg/>")
    assert none.status == HTTPStatus.NOT_FOUND
