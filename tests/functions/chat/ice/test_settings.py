"""The operator's settings of relays, and the sentences for values that do not fit."""

from __future__ import annotations

from typing import Any

import pytest

from functions.chat.ice.cloudflare import URLS
from functions.chat.ice.settings import public_config, relays_from
from functions.chat.runtime.settings import SettingError

COTURN = {"TURN_PROVIDER": "coturn", "TURN_URLS": "turn:a, turns:b", "TURN_SECRET": "north", "STUN_URLS": "stun:c"}


def video(urls: list[str], *, hides: bool, blurred: bool = False) -> dict[str, object]:
    return {"video": {"relayUrls": urls, "hidesAddresses": hides, "blurUntilReveal": blurred}}


def test_nothing_set_means_no_relay() -> None:
    """The default works everywhere and says that it shows addresses."""
    assert relays_from({}).mint("room", 0, 0).as_fields() == {"iceServers": [], "relayOnly": False}
    assert public_config({}) == video([], hides=False)


def test_stun_alone_helps_the_direct_way() -> None:
    """Without a relay there is only the direct way."""
    fields = relays_from({"STUN_URLS": "stun:c"}).mint("room", 0, 0).as_fields()
    assert fields == {"iceServers": [{"urls": ["stun:c"]}], "relayOnly": False}


def test_coturn_is_read_from_the_environment() -> None:
    """Addresses as a list, relay only by default, the secret never in the page's configuration."""
    fields = relays_from(COTURN).mint("room", 0, 1000).as_fields()
    assert fields["relayOnly"] is True
    (server,) = fields["iceServers"]
    assert server["urls"] == ["turn:a", "turns:b"]
    assert server["username"] == "1600:room-0"
    assert "north" not in str(fields)
    assert public_config(COTURN) == video(["turn:a", "turns:b"], hides=True)


def test_an_operator_chooses_whether_addresses_are_hidden() -> None:
    """RELAY_ONLY=false prefers the direct way and the page is told so."""
    assert relays_from({**COTURN, "RELAY_ONLY": "false"}).mint("room", 0, 0).relay_only is False
    assert public_config({**COTURN, "RELAY_ONLY": "false"}) == video(["turn:a", "turns:b"], hides=False)


def test_the_page_knows_the_relays_that_can_be_tried_before_a_call() -> None:
    """Cloudflare's addresses are fixed; Kinesis' are made for each room."""
    cloudflare = {"TURN_PROVIDER": "cloudflare", "TURN_KEY_ID": "key", "TURN_SECRET": "token"}
    assert public_config(cloudflare) == video(list(URLS), hides=True)
    kinesis = {"TURN_PROVIDER": "kinesis", "KINESIS_CHANNEL_ARNS": "arn:a,arn:b"}
    assert public_config(kinesis) == video([], hides=True)
    provider: Any = relays_from({**kinesis, "AWS_REGION": "eu-west-1"})._provider
    assert (provider.channels, provider.region) == (("arn:a", "arn:b"), "eu-west-1")


def test_an_operator_chooses_whether_pictures_start_blurred() -> None:
    """The page is told; the default is the picture as it is."""
    assert public_config({"BLUR_UNTIL_REVEAL": "true"}) == video([], hides=False, blurred=True)


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"TURN_PROVIDER": "carrier pigeon"}, "TURN_PROVIDER"),
        ({**COTURN, "TURN_URLS": ""}, "TURN_URLS"),
        ({**COTURN, "TURN_SECRET": ""}, "TURN_SECRET_PARAMETER"),
        ({**COTURN, "RELAY_ONLY": "perhaps"}, "RELAY_ONLY"),
        ({**COTURN, "TURN_TTL_SECONDS": "5"}, "TURN_TTL_SECONDS"),
        ({**COTURN, "TURN_TTL_SECONDS": "soon"}, "TURN_TTL_SECONDS"),
        ({**COTURN, "TURN_PROVIDER": "static"}, "TURN_USERNAME"),
        ({"TURN_PROVIDER": "cloudflare", "TURN_SECRET": "token"}, "TURN_KEY_ID"),
        ({"TURN_PROVIDER": "kinesis"}, "KINESIS_CHANNEL_ARNS"),
    ],
)
def test_a_setting_that_does_not_fit_is_named(environment: dict[str, str], named: str) -> None:
    """The sentence names the variable, and comes at the start and not in the middle of a pairing."""
    with pytest.raises(SettingError, match=named):
        relays_from(environment)
