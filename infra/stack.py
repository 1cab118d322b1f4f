"""The whole site as one CloudFormation stack.

One, not two: connect must know the page's origin and the page must know the socket's, and CloudFormation then updates
backend before page and takes both back together when either fails.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aws_cdk import CfnOutput, Stack
from constructs import Construct

from infra import alarms, data, edge
from infra.lambdas import Lambdas
from infra.options import Options
from infra.site import Site
from infra.site_files import SiteFiles
from infra.sockets import Sockets


class PasserbyStack(Stack):
    """Table, Lambdas, sockets, page, and what watches them."""

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
        lambdas = Lambdas(self, "Lambdas", options, code, table, sockets.stage_arn)
        secret = edge.make_secret(self) if options.edge_secret else None
        through_edge = options.websocket == "cloudfront"
        behavior = edge.socket_behavior(self, sockets.host, secret) if through_edge else None
        # CloudFront's own name cannot stand in a header that CloudFront itself is made with; 'self' covers it.
        own_origin = f"wss://{options.domain_name}" if options.domain_name else ""
        site = Site(self, "Site", options, own_origin if through_edge else sockets.origin, behavior, web_acl_arn)
        socket_url = site.url.replace("https://", "wss://") + edge.SOCKET_PATH if through_edge else sockets.url

        lambdas.set_environment(
            {
                "TABLE_NAME": table.table_name,
                "QUEUE_SHARDS": str(options.queue_shards),
                "LOG_LEVEL": options.log_level,
                "METRICS_NAMESPACE": options.stack_name,
                # The SDK's own variable: the handlers name no endpoint.
                "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI": sockets.callback_url,
            }
        )
        connect = lambdas.functions["$connect"]
        connect.add_environment("ALLOWED_ORIGINS", ",".join(options.allowed_origins or site.origins))
        if secret:
            connect.add_environment("EDGE_SECRET", edge.reference(secret))
        stage = sockets.add_routes(lambdas.by_route)
        site.upload(site_files, {"websocketUrl": socket_url}, after=[stage])
        alarms.add(self, options, stage, table)
        CfnOutput(self, "Url", value=site.url, description="The page")
        CfnOutput(self, "WebsocketUrl", value=socket_url, description="What clients of your own connect to")
        CfnOutput(self, "TableName", value=table.table_name, description="Where the operator's tool looks")
