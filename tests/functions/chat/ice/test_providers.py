"""Each provider's request, and the use of its answers; no network, botocore itself as the judge of requests."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import boto3
import pytest
from botocore.credentials import Credentials

from functions.chat.aws import signed_request
from functions.chat.aws.parameter_store import secret_from
from functions.chat.aws.signed_request import CallFailedError, Request
from functions.chat.ice.cloudflare import URLS, Cloudflare
from functions.chat.ice.coturn import Coturn, Static
from functions.chat.ice.kinesis import Kinesis
from functions.chat.ice.provider import Bearer, IceServer

CHANNELS_TRIED_MAX = 3

ROOM = "Zm9yIG9uZSByb29tIG9ubA"
BEARER = Bearer(ROOM, 1)
REGION = "eu-west-1"
CHANNELS = tuple(f"arn:aws:kinesisvideo:{REGION}:123456789012:channel/relay-{number}/1" for number in range(5))
ENDPOINT = "https://r-1234.kinesisvideo.eu-west-1.amazonaws.com"


class FakeHttp:
    """Answers by the end of the address and keeps what it was asked."""

    def __init__(self, answers: dict[str, Callable[[Request], Mapping[str, Any]]]) -> None:
        self.answers = answers
        self.asked: list[Request] = []

    def __call__(self, request: Request) -> Mapping[str, Any]:
        self.asked.append(request)
        path = next(path for path in self.answers if request.url.endswith(path))
        return self.answers[path](request)


def refuse(request: Request) -> Mapping[str, Any]:
    raise CallFailedError("http_429")


def test_coturns_credential_is_the_hmac_of_an_expiring_name() -> None:
    """As the draft says: expiry and name, base64 of HMAC-SHA1 with the shared secret."""
    (server,) = Coturn(("turn:turn.example.org",), lambda: "north", ttl_seconds=90).mint(BEARER, 1_700_000_000.9)
    assert server.username == f"1700000090:{ROOM}-1"
    expected = hmac.new(b"north", server.username.encode(), hashlib.sha1).digest()
    assert base64.b64decode(server.credential) == expected
    # A fixed vector, computed with `printf '1700000600:room-0' | openssl dgst -sha1 -hmac north -binary | base64`.
    (fixed,) = Coturn(("turn:t",), lambda: "north").mint(Bearer("room", 0), 1_700_000_000)
    assert fixed.credential == "LJ69ibAAd/09DpLoLcSXKPN03I8="


def test_coturns_members_get_different_names() -> None:
    """One member's credential says nothing about the other's."""
    coturn = Coturn(("turn:t",), lambda: "north")
    assert coturn.mint(Bearer(ROOM, 0), 0) != coturn.mint(Bearer(ROOM, 1), 0)


def test_a_static_relay_is_the_same_for_everybody() -> None:
    """For a network of one's own."""
    assert Static(("turn:t",), "me", lambda: "word").mint(BEARER, 0) == (IceServer(("turn:t",), "me", "word"),)


def cloudflare_answer(request: Request) -> Mapping[str, Any]:
    relay = ["turn:turn.cloudflare.com:53?transport=udp", *URLS, "turns:turn.cloudflare.com:5349?transport=tcp"]
    stun = {"urls": ["stun:stun.cloudflare.com:3478", "stun:stun.cloudflare.com:53"]}
    return {"iceServers": [stun, {"urls": relay, "username": "name", "credential": "word"}]}


def test_cloudflare_is_asked_once_for_both_members_with_the_rooms_name() -> None:
    """One call a pairing, bound to the room, with the token in its header and the useful addresses kept."""
    http = FakeHttp({"generate-ice-servers": cloudflare_answer})
    provider = Cloudflare("key", lambda: "token", http)
    minted = [provider.mint(Bearer(ROOM, seat), 50 + seat / 5) for seat in (0, 1)]
    assert minted == [(IceServer(URLS, "name", "word"),)] * 2
    (request,) = http.asked
    assert request.url == "https://rtc.live.cloudflare.com/v1/turn/keys/key/credentials/generate-ice-servers"
    assert request.body == {"ttl": 7200, "customIdentifier": ROOM}
    assert request.headers == {"authorization": "Bearer token"}


@pytest.mark.parametrize(
    "answer", [{}, {"iceServers": []}, {"iceServers": [{"urls": ["stun:s"]}]}, {"iceServers": "?"}]
)
def test_an_answer_of_cloudflare_without_a_relay_is_a_failure(answer: dict[str, Any]) -> None:
    """Half a configuration would connect some people and leave others in the dark."""
    with pytest.raises(CallFailedError):
        Cloudflare("key", lambda: "token", FakeHttp({"servers": lambda request: answer})).mint(BEARER, 0)


def kinesis(http: FakeHttp) -> Kinesis:
    return Kinesis(CHANNELS, REGION, lambda: Credentials("AKID", "secret", "session"), http)


def endpoint_answer(request: Request) -> Mapping[str, Any]:
    https, wss = {"Protocol": "HTTPS", "ResourceEndpoint": ENDPOINT}, {"Protocol": "WSS", "ResourceEndpoint": "wss://x"}
    return {"ResourceEndpointList": [wss, https]}


def relay_answer(request: Request) -> Mapping[str, Any]:
    def relay(host: str) -> dict[str, Any]:
        uris = [f"turn:{host}:443?transport=udp", f"turns:{host}:443?transport=udp", f"turns:{host}:443?transport=tcp"]
        return {"Uris": uris, "Username": "name", "Password": "word", "Ttl": 300}

    return {"IceServerList": [relay("first"), relay("second")]}


def test_kinesis_gives_the_two_addresses_that_matter() -> None:
    """Each address is an allocation of the 50 that a channel has, for each person."""
    http = FakeHttp({"getSignalingChannelEndpoint": endpoint_answer, "get-ice-server-config": relay_answer})
    (server,) = kinesis(http).mint(BEARER, 0)
    assert server == IceServer(("turn:first:443?transport=udp", "turns:first:443?transport=tcp"), "name", "word")


def test_kinesis_remembers_where_a_channel_answers() -> None:
    """The endpoint is asked for once, the credentials for every room."""
    http = FakeHttp({"getSignalingChannelEndpoint": endpoint_answer, "get-ice-server-config": relay_answer})
    provider = kinesis(http)
    provider.mint(Bearer(ROOM, 0), 0)
    provider.mint(Bearer(ROOM, 1), 1)
    provider.mint(Bearer(ROOM, 0), 100)
    assert [request.url.rpartition("/")[2] for request in http.asked] == [
        "getSignalingChannelEndpoint", "get-ice-server-config", "get-ice-server-config",
    ]  # fmt: skip


def test_a_channel_that_has_no_more_sends_the_room_to_the_next() -> None:
    """5 credentials a second and 50 allocations are one channel's, not the pool's."""
    refused: list[str] = []

    def answer(request: Request) -> Mapping[str, Any]:
        if len(refused) < CHANNELS_TRIED_MAX - 1:
            refused.append(request.body["ChannelARN"])
            return refuse(request)
        assert request.body["ChannelARN"] not in refused
        return relay_answer(request)

    http = FakeHttp({"getSignalingChannelEndpoint": endpoint_answer, "get-ice-server-config": answer})
    assert kinesis(http).mint(BEARER, 0)
    assert len(set(refused)) == CHANNELS_TRIED_MAX - 1


def test_an_exhausted_pool_is_a_failure_after_a_few_channels() -> None:
    """Two strangers wait meanwhile."""
    http = FakeHttp({"getSignalingChannelEndpoint": endpoint_answer, "get-ice-server-config": refuse})
    with pytest.raises(CallFailedError, match="http_429"):
        kinesis(http).mint(BEARER, 0)
    assert len([request for request in http.asked if request.url.endswith("config")]) == CHANNELS_TRIED_MAX


def test_rooms_spread_over_the_pool() -> None:
    """No channel gets more than its share of many rooms."""
    http = FakeHttp({"getSignalingChannelEndpoint": endpoint_answer, "get-ice-server-config": relay_answer})
    provider = kinesis(http)
    for number in range(500):
        provider.mint(Bearer(f"room-{number}", 0), float(number))
    asked = [request.body["ChannelARN"] for request in http.asked if request.url.endswith("config")]
    assert all(60 < asked.count(channel) < 140 for channel in CHANNELS)


class Captured(Exception):
    """Carries the request that botocore was about to send."""


def botocore_request(service: str, operation: str, endpoint: str | None, **arguments: Any) -> Any:
    session = boto3.Session("AKID", "secret", "session", region_name=REGION)
    client = session.client(service, endpoint_url=endpoint)

    def capture(request: Any, **_: Any) -> None:
        raise Captured(request)

    client.meta.events.register("before-send", capture)
    with pytest.raises(Captured) as captured:
        getattr(client, operation)(**arguments)
    return captured.value.args[0]


def same(ours: Request, theirs: Any) -> None:
    def scope(headers: Mapping[str, Any]) -> str:
        found = next(value for name, value in headers.items() if name.lower() == "authorization")
        text = found.decode() if isinstance(found, bytes) else found
        return str(text).split(",")[0].partition("/")[2].partition("/")[2]

    assert ours.url == theirs.url
    assert json.loads(ours.data) == json.loads(theirs.body)
    assert scope(ours.headers) == scope(theirs.headers)


def test_our_signed_requests_are_those_of_botocore() -> None:
    """Same address, body and signature scope as the clients that we do not load."""
    http = FakeHttp({"getSignalingChannelEndpoint": endpoint_answer, "get-ice-server-config": relay_answer})
    kinesis(http).mint(BEARER, 0)
    endpoint, config = http.asked
    channel = endpoint.body["ChannelARN"]
    role = {"Protocols": ["HTTPS"], "Role": "VIEWER"}
    same(endpoint, botocore_request("kinesisvideo", "get_signaling_channel_endpoint", None,
         ChannelARN=channel, SingleMasterChannelEndpointConfiguration=role))  # fmt: skip
    same(config, botocore_request("kinesis-video-signaling", "get_ice_server_config", ENDPOINT,
         ChannelARN=channel, ClientId=ROOM, Service="TURN", Username=ROOM))  # fmt: skip
    secret = FakeHttp({".com/": lambda request: {"Parameter": {"Value": "north"}}})
    assert secret_from(KEYS, "", "/passerby/turn", lambda: 0, secret)() == "north"
    same(secret.asked[0], botocore_request("ssm", "get_parameter", None, Name="/passerby/turn", WithDecryption=True))
    assert secret.asked[0].headers["x-amz-target"] == "AmazonSSM.GetParameter"


KEYS = {"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": REGION}


@pytest.mark.parametrize("environment", [{}, KEYS])
def test_a_secret_that_cannot_be_read_is_a_failure_of_the_relay(environment: dict[str, str]) -> None:
    """No credentials of a role, or an empty parameter: the pairing goes on without the relay."""
    http = FakeHttp({".com/": lambda request: {}})
    with pytest.raises(CallFailedError):
        secret_from(environment, "", "/turn", lambda: 0, http)()


class Server(BaseHTTPRequestHandler):
    """Answers with the status and body in the path."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        _, status, body = self.path.split("/", 2)
        self.send_response(int(status))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *arguments: Any) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_an_answer_is_read_and_every_kind_of_failure_has_its_code(address: str) -> None:
    """Refused, not JSON, not an object, nobody there: never an exception that a pairing does not expect."""
    assert signed_request.post(Request(f"{address}/200/%7B%7D".replace("%7B%7D", "{}"), {})) == {}
    for path, code in (("403/{}", "http_403"), ("200/nonsense", "no_answer"), ("200/[]", "not_an_object")):
        with pytest.raises(CallFailedError, match=code):
            signed_request.post(Request(f"{address}/{path}", {}))
    with pytest.raises(CallFailedError, match="no_answer"):
        signed_request.post(Request("http://127.0.0.1:9/", {}))
