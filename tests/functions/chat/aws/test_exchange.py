"""Connections that are kept, over real sockets: which are used again, and the errors of a request."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path

import pytest

from functions.chat.aws.exchange import Limits, Origin, UnreachableError
from tests.certificates import make_identity

CONNECT_SECONDS, READ_SECONDS, PATIENCE_SECONDS = 60.0, 0.3, 5.0
TARGET, BODY = "/@connections/a%3D", b'{"end":"\x03"}'
END = b'\x03"}'
FINE = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine"
CLOSING = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\nfine"


@dataclass
class Server:
    """Answers each request with the next of its answers; after an empty one it closes."""

    answers: list[bytes]
    closes_after: bool = False
    holds: threading.Event | None = None
    connections: int = 0
    asked: list[bytes] = field(default_factory=list)
    port: int = 0
    closed: threading.Event = field(default_factory=threading.Event)

    def serve(self, listening: socket.socket, context: ssl.SSLContext | None) -> None:
        while True:
            try:
                connection, _ = listening.accept()
                secured = context.wrap_socket(connection, server_side=True) if context else connection
            except OSError:
                if listening.fileno() < 0:
                    return
                continue
            self.connections += 1
            threading.Thread(target=self.talk, args=(secured,), daemon=True).start()

    def talk(self, connection: socket.socket) -> None:
        with connection:
            while request := connection.recv(65_536):
                while not request.endswith(END):
                    request += connection.recv(65_536)
                self.asked.append(request)
                if self.holds is not None:
                    self.holds.wait(PATIENCE_SECONDS)
                answer = self.answers.pop(0)
                connection.sendall(answer)
                if not answer or self.closes_after:
                    break
        self.closed.set()


@contextmanager
def serving(*answers: bytes, context: ssl.SSLContext | None = None, **how: object) -> Iterator[Server]:
    server = Server(list(answers), **how)  # type: ignore[arg-type]
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server.port = listening.getsockname()[1]
        threading.Thread(target=server.serve, args=(listening, context), daemon=True).start()
        yield server


def nobody_is_trusted() -> ssl.SSLContext:
    raise AssertionError("plain HTTP asks for no certificate")


def origin_of(server: Server, kept_max: int = 2) -> Origin:
    return Origin(f"http://127.0.0.1:{server.port}", Limits(CONNECT_SECONDS, READ_SECONDS, kept_max), nobody_is_trusted)


def body_of(origin: Origin) -> bytes:
    """Return what a request is answered with."""
    return origin.exchange("POST", TARGET, {"Host": "here", "X-Name": "ours"}, BODY).body


def test_requests_go_as_they_are_over_one_connection_that_is_kept():
    """A new one would be a round trip more, and three with TLS."""
    with serving(FINE, FINE.replace(b"200", b"410"), FINE) as server:
        origin = origin_of(server)
        replies = [origin.exchange("POST", TARGET, {"Host": "here", "X-Name": "ours"}, BODY) for _ in range(3)]

    assert [(each.status, each.headers["content-length"], each.body) for each in replies] == [
        (200, "4", b"fine"),
        (410, "4", b"fine"),
        (200, "4", b"fine"),
    ]
    first, *others = server.asked
    lines = first.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert lines[0] == b"POST /@connections/a%3D HTTP/1.1"
    assert {b"Host: here", b"X-Name: ours", b"Content-Length: 11"} <= set(lines)
    assert [line for line in lines if line.lower().startswith(b"host:")] == [b"Host: here"]
    assert first.endswith(b"\r\n\r\n" + BODY)
    assert others == [first] * 2
    assert server.connections == 1


@pytest.mark.parametrize("answer", [CLOSING, FINE.replace(b"1.1", b"1.0")])
def test_a_connection_is_not_used_again_when_the_other_side_says_that_it_closes(answer: bytes):
    """As every server of HTTP/1.0 does."""
    with serving(answer, FINE) as server:
        origin = origin_of(server)
        assert [body_of(origin) for _ in range(2)] == [b"fine"] * 2
        assert server.connections == 2


def test_a_connection_that_the_other_side_has_closed_is_not_used_again():
    """A Lambda may stand still for minutes between two frames."""
    with serving(FINE, FINE, closes_after=True) as server:
        origin = origin_of(server)
        body_of(origin)
        assert server.closed.wait(PATIENCE_SECONDS)
        assert body_of(origin) == b"fine"
        assert server.connections == 2


def test_threads_have_a_connection_each_and_no_more_are_kept_than_wanted():
    """A line and its copy may be on their way at once."""
    both = threading.Event()
    with serving(*[FINE] * 4, holds=both) as server:
        origin = origin_of(server, kept_max=1)
        threads = [threading.Thread(target=body_of, args=(origin,)) for _ in range(2)]
        for each in threads:
            each.start()
        while server.connections < 2:
            pass
        both.set()
        for each in threads:
            each.join()
        body_of(origin)

        assert server.connections == 2
        assert server.closed.wait(PATIENCE_SECONDS), "the second one is closed, as one is kept"


BROKEN = {
    "nothing": b"",
    "half a head": b"HTTP/1.1 200 OK\r\nContent-Le",
    "half a body": b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nfine",
    "half a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nfine",
    "a head without a length": b"HTTP/1.1 200 OK\r\n\r\n",
    "a body without a length": b"HTTP/1.1 503 Busy\r\n\r\nsorry",
    "another language": b"+OK ready\r\n\r\n",
    "no status": b"HTTP/1.1 fine\r\n\r\n",
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
def test_half_an_answer_is_none(answer: bytes):
    """And the connection that it came by is not used again."""
    with serving(answer, FINE, closes_after=True) as server:
        origin = origin_of(server)

        with pytest.raises((OSError, HTTPException)) as raised:
            body_of(origin)
        assert not isinstance(raised.value, UnreachableError)
        assert body_of(origin) == b"fine"
        assert server.connections == 2


def test_a_server_that_does_not_answer_is_not_waited_for():
    """Longer than was said; its answer would be taken for the next request's otherwise."""
    late = threading.Event()
    with serving(FINE, FINE, holds=late) as server:
        origin = origin_of(server)

        with pytest.raises(TimeoutError):
            body_of(origin)
        late.set()
        assert body_of(origin) == b"fine"
        assert server.connections == 2


def test_nobody_there_is_another_error_than_a_lost_answer():
    """Then nothing has been done for certain."""
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))  # and does not listen
        origin = origin_of(Server([], port=deaf.getsockname()[1]))
        with pytest.raises(UnreachableError):
            body_of(origin)


@pytest.mark.parametrize(("name", "is_known", "is_believed"), [
    ("localhost", True, True), ("localhost", False, False), ("another.example", True, False),
])  # fmt: skip
def test_only_who_has_a_trusted_certificate_of_that_name_hears_the_request(
    tmp_path: Path, name: str, is_known: bool, is_believed: bool
):
    """A request has keys of AWS in it, and what people say."""
    identity, other = make_identity(name, [name]), make_identity("other", ["other"])
    (tmp_path / "server.pem").write_bytes(identity.certificate + identity.key)
    (tmp_path / "trusted.pem").write_bytes((identity if is_known else other).certificate)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "server.pem")
    with serving(FINE, context=context) as server:
        trusted = tmp_path / "trusted.pem"
        url = f"https://localhost:{server.port}"
        origin = Origin(url, Limits(1.0, 1.0, 1), lambda: ssl.create_default_context(cafile=trusted))

        if is_believed:
            assert body_of(origin) == b"fine"
        else:
            with pytest.raises(UnreachableError):
                body_of(origin)
            assert server.asked == []
