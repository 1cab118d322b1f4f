"""The whole site as one CloudFormation stack.

One, not two: connect must know the page's origin and the page must know the socket's, and CloudFormation then updates
backend before page and takes both back together when either fails.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsii
from aws_cdk import CfnOutput, Fn, Stack
from aws_cdk import aws_apigatewayv2 as gateway
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from functions.routes import CLOSING, EXPIRY, LAMBDAS
from infra.options import capacity
from infra.options.options import Options
from infra.page.imprint import security_txt
from infra.page.site_files import SiteFiles
from infra.stack import alarms, budget, dashboard, data, edge, gradual, online, queries
from infra.stack.canary import Canary
from infra.stack.expiry import Expiry
from infra.stack.identity import make_identity
from infra.stack.lambdas import Lambdas, Reach
from infra.stack.relays import make_relay
from infra.stack.site import Site
from infra.stack.sockets import SOCKET_PATH, Sockets
from infra.stack.upload import Upload, Writing


class PasserbyStack(Stack):
    """Table, Lambdas, sockets, page, and the alarms that watch them."""

    def __init__(
        self,
        scope: Construct,
        options: Options,
        code: Path,
        site_files: SiteFiles,
        web_acl_arn: str | None = None,
        **stack: Any,
    ) -> None:
        super().__init__(scope, options.stack_name, description="Passerby: talk to somebody passing by", **stack)
        table = data.make_table(self, options)
        sockets = Sockets(self, "Sockets")
        expiry = Expiry(self, "Expiry")
        relay = make_relay(self, options)
        identity = make_identity(self, options)
        reach = Reach(table, sockets.stage_arn, expiry.queue, relay.statements, identity.statements)
        lambdas = Lambdas(self, "Lambdas", options, code, reach)
        lambdas.set_environment(
            {
                **_settings(options),
                **relay.environment,
                "TABLE_NAME": table.table_name,
                "EXPIRY_QUEUE_URL": expiry.queue.queue_url,
                # The SDK's own variable: the handlers name no endpoint.
                "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI": sockets.callback_url,
            }
        )
        lambdas.set_environment(identity.environment, [each.key for each in LAMBDAS if each.permissions.knows_people])
        expiry.call(lambdas.callable[EXPIRY.key])
        stage = sockets.add_routes(lambdas.callable, options.throttle_percent)
        site, socket_url = self._site(options, sockets, lambdas, web_acl_arn, site_files.styles)
        online.let_write(self, lambdas.functions, site.bucket)
        config = {"websocketUrl": socket_url, **relay.public_config(), **_age(options), **_evidence(options)}
        writing = Writing(site_files, config, security_txt(options.imprint, datetime.now(UTC)))
        days = options.log_retention_days
        upload = Upload(self, "Upload", site.bucket, writing, after=[stage], log_retention_days=days)
        if options.smoke_minutes:
            Canary(self, "Canary", options, site.url, socket_url, upload)
        self._watch(options, table, stage, expiry, lambdas)
        CfnOutput(self, "Url", value=site.url, description="The page")
        CfnOutput(self, "WebsocketUrl", value=socket_url, description="What clients of your own connect to")
        CfnOutput(self, "TableName", value=table.table_name, description="Where the operator's tool looks")

    @property
    @jsii.member(jsii_name="availabilityZones")
    def availability_zones(self) -> list[str]:
        """Return the zone that comes first where the stack is deployed: looking its name up would need credentials."""
        return [Fn.select(0, Fn.get_azs())]

    def _watch(
        self,
        options: Options,
        table: dynamodb.TableV2,
        stage: gateway.WebSocketStage,
        expiry: Expiry,
        lambdas: Lambdas,
    ) -> None:
        """Add the dashboard and the queries for the operator, and the alarms."""
        closing = budget.add(self, options, lambdas.callable[CLOSING.key])
        called = alarms.add(self, options, alarms.Sources(stage, table, expiry.failed, closing))
        dashboard.add(self, dashboard.Watched(options.stack_name, stage, table, options.lambda_memory_mb), called.all)
        aliases = {route.name: lambdas.aliases[route.key] for route in LAMBDAS if lambdas.aliases}
        gradual.shift(self, options, aliases, called.of_versions)
        queries.save(self, options.stack_name, lambdas.log_groups)

    def _site(
        self, options: Options, sockets: Sockets, lambdas: Lambdas, web_acl_arn: str | None, styles: Sequence[str]
    ) -> tuple[Site, str]:
        """Make the page's home, let connect know it, and return where its socket is."""
        connect = lambdas.functions["$connect"]
        if options.websocket == "cloudfront":
            secret = edge.make_secret(self) if options.edge_secret else None
            if secret:
                connect.add_environment("EDGE_SECRET", edge.reference(secret))
            # CloudFront's own name cannot stand in a header that CloudFront itself is made with; 'self' covers it.
            origin = f"wss://{options.domain_name}" if options.domain_name else ""
            behavior = edge.socket_behavior(self, sockets.host, secret)
            site = Site(self, "Site", options, origin, styles, behavior, web_acl_arn)
            socket_url = site.url.replace("https://", "wss://") + SOCKET_PATH
        else:
            site = Site(self, "Site", options, sockets.origin, styles, None, web_acl_arn)
            socket_url = sockets.url
        connect.add_environment("ALLOWED_ORIGINS", ",".join(options.allowed_origins or site.origins))
        return site, socket_url


def _age(options: Options) -> Mapping[str, str]:
    """Return where the page sends people to prove their age, if anywhere."""
    return {"ageUrl": options.age_url} if options.age_url else {}


def _evidence(options: Options) -> Mapping[str, bool]:
    """Return whether the page offers to hand over lines with a report."""
    return {"evidence": True} if options.evidence_key else {}


def _settings(options: Options) -> Mapping[str, str]:
    """Return the variables that functions/chat/runtime/settings.py reads."""
    return {
        "QUEUE_SHARDS": str(capacity.shards(options)),
        "GRACE_SECONDS": str(options.grace_seconds),
        "PLACES_OF_ADDRESS": str(options.places_of_address),
        "ONLINE_THRESHOLD": str(options.online_threshold),
        "EVIDENCE_KEY": options.evidence_key,
        "LOG_LEVEL": options.log_level,
        "POWERTOOLS_LOGGER_SAMPLE_RATE": f"{options.debug_sample_percent / 100:g}"
        if options.debug_sample_percent
        else "",
        "METRICS_NAMESPACE": options.stack_name,
    }
