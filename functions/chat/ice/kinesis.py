"""Kinesis Video Streams' relay, from a pool of its signalling channels; nothing to run and no secret to keep.

One channel gives credentials 5 times a second and relays 50 allocations at once, and neither can be raised
(docs.aws.amazon.com, "Amazon Kinesis Video Streams with WebRTC service quotas"). So a room is sent to one channel of
a pool, and on to the next when that one has no more. Two addresses a person, so a channel carries about 12 calls.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.credentials import Credentials

from functions.chat.aws.signed_request import CallFailedError, Http, Request, post, sign
from functions.chat.ice.memory import RoomMemory
from functions.chat.ice.provider import Bearer, IceServer

SERVICE = "kinesisvideo"
CHANNELS_TRIED_MAX = 3  # each costs a call, and two strangers wait
URLS_MAX = 2  # one over UDP and one over TLS: every further one is an allocation of the 50 for each person


@dataclass(frozen=True)
class Kinesis:
    """A pool of signalling channels (ARNs) of one region, used only for their relays."""

    channels: tuple[str, ...]
    region: str
    credentials: Callable[[], Credentials]
    http: Http = post
    memory: RoomMemory = field(default_factory=RoomMemory)
    endpoints: dict[str, str] = field(default_factory=dict)

    def mint(self, bearer: Bearer, now: float) -> tuple[IceServer, ...]:
        """Return the room's relay; both members use one credential of 5 minutes, so that a pairing makes one call."""
        return self.memory.recall(bearer.room_id, now, lambda: self._try_channels(bearer.room_id))

    def _try_channels(self, room_id: str) -> tuple[IceServer, ...]:
        first = zlib.crc32(room_id.encode()) % len(self.channels)
        tried = [self.channels[(first + step) % len(self.channels)] for step in range(len(self.channels))]
        failure = CallFailedError("no_channel")
        for channel in tried[:CHANNELS_TRIED_MAX]:
            try:
                return self._ask(channel, room_id)
            except CallFailedError as unavailable:
                failure = unavailable
        raise failure

    def _ask(self, channel: str, room_id: str) -> tuple[IceServer, ...]:
        body = {"ChannelARN": channel, "ClientId": room_id, "Service": "TURN", "Username": room_id}
        answer = self._call(f"{self._endpoint(channel)}/v1/get-ice-server-config", body)
        servers = [entry for entry in answer.get("IceServerList", []) if entry.get("Uris")]
        if not servers:
            raise CallFailedError("no_relay_in_answer")
        return (_server(servers[0]),)

    def _endpoint(self, channel: str) -> str:
        """Return where a channel answers; it stays the same for the life of the channel."""
        known = self.endpoints.get(channel)
        if known is not None:
            return known
        role = {"Protocols": ["HTTPS"], "Role": "VIEWER"}
        body = {"ChannelARN": channel, "SingleMasterChannelEndpointConfiguration": role}
        answer = self._call(f"https://kinesisvideo.{self.region}.amazonaws.com/getSignalingChannelEndpoint", body)
        found = [
            entry["ResourceEndpoint"]
            for entry in answer.get("ResourceEndpointList", [])
            if entry.get("Protocol") == "HTTPS"
        ]
        if not found:
            raise CallFailedError("no_endpoint_in_answer")
        self.endpoints[channel] = str(found[0]).rstrip("/")
        return self.endpoints[channel]

    def _call(self, url: str, body: dict[str, Any]) -> Mapping[str, Any]:
        return self.http(sign(Request(url, body), SERVICE, self.region, self.credentials()))


def _server(entry: Mapping[str, Any]) -> IceServer:
    offered = [str(url) for url in entry["Uris"]]
    best = sorted(offered, key=_preference)[:URLS_MAX]
    return IceServer(tuple(best), str(entry["Username"]), str(entry["Password"]))


def _preference(url: str) -> int:
    """UDP first, then TLS over TCP, which passes everything; plain TCP and DTLS only if there is nothing else."""
    if url.startswith("turn:") and "transport=udp" in url:
        return 0
    return 1 if url.startswith("turns:") and "transport=tcp" in url else 2
