"""The relay that an operator chose for video: the variables of the handlers, and their permissions.

The names of the variables are those of functions/chat/ice/settings.py, which also makes the page's part of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesisvideo as kinesisvideo
from constructs import Construct

from functions.chat.ice import settings
from infra.options.options import Options
from infra.stack.coturn import Coturn
from infra.stack.permissions import of_parameter

HIDING = {"auto": "", "true": "true", "false": "false"}


@dataclass(frozen=True)
class Relay:
    """The environment and the permissions of every Lambda that may make a video room."""

    environment: Mapping[str, str]
    statements: Sequence[iam.PolicyStatement] = ()

    def public_config(self) -> dict[str, object]:
        """Return what the page may know."""
        return settings.public_config(self.environment)


def make_relay(scope: Construct, options: Options) -> Relay:
    """Make the resources that the chosen provider needs in this account, or none."""
    common = {
        "TURN_PROVIDER": options.turn,
        "STUN_URLS": ",".join(options.stun_urls),
        "RELAY_ONLY": HIDING[options.relay_only],
        "BLUR_UNTIL_REVEAL": "true" if options.blur_until_reveal else "",
    }
    if options.turn == "kinesis":
        return _kinesis(scope, options, common)
    if options.turn == "none":
        return Relay(common)
    reading = of_parameter(scope, options.turn_secret_parameter, "GetParameter")
    return Relay(
        {
            **common,
            "TURN_SECRET_PARAMETER": options.turn_secret_parameter,
            "TURN_URLS": ",".join(options.turn_urls) or _own_urls(scope, options, reading),
            "TURN_USERNAME": options.turn_username,
            "TURN_KEY_ID": options.turn_key_id,
        },
        [reading],
    )


def _own_urls(scope: Construct, options: Options, reading: iam.PolicyStatement) -> str:
    return Coturn(scope, "Coturn", options, reading).urls if options.turn == "coturn" else ""


def _kinesis(scope: Construct, options: Options, common: Mapping[str, str]) -> Relay:
    """Make the pool of channels. They cost only in months in which they are used."""
    pool = Construct(scope, "Relays")
    channels = [
        kinesisvideo.CfnSignalingChannel(pool, f"channel{number}") for number in range(options.kinesis_channels)
    ]
    arns = [channel.attr_arn for channel in channels]
    statement = iam.PolicyStatement(
        actions=["kinesisvideo:GetSignalingChannelEndpoint", "kinesisvideo:GetIceServerConfig"], resources=arns
    )
    return Relay({**common, "KINESIS_CHANNEL_ARNS": ",".join(arns)}, [statement])
