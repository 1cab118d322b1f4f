"""The WebSocket API: a route, an integration and a throttle for each row of the route table, on one stage."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Aws, Stack
from aws_cdk import aws_apigatewayv2 as gateway
from aws_cdk import aws_lambda as lambda_
from aws_cdk.aws_apigatewayv2_integrations import WebSocketLambdaIntegration, WebSocketMockIntegration
from constructs import Construct

from functions.routes import ROUTE_SELECTION_EXPRESSION, ROUTES, Route, Throttle

# The stage is named like the path at which the page's own host serves the socket: CloudFront forwards the path as it
# is, and API Gateway reads the stage from it.
STAGE_NAME = "ws"
SOCKET_PATH = f"/{STAGE_NAME}"

# The parts of a gateway-answered route (docs: "Set up a WebSocket API integration request" and "…response"): the
# request template sets the status, and the answer is a template of the response. A selection expression says which
# template; without one none may be chosen, and a literal `$default` is written with a backslash (docs: "Data
# transformations for WebSocket APIs", "Template selection expressions").
_DEFAULT = "$default"
_DEFAULT_SELECTED = "\\$default"


class Sockets(Construct):
    """The API and its stage. The addresses are known before there are routes, as the routes' Lambdas need them."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        self._api = gateway.WebSocketApi(
            self,
            "api",
            description=f"{Stack.of(self).stack_name}: the sockets",
            route_selection_expression=ROUTE_SELECTION_EXPRESSION,
        )
        self.api_id = self._api.api_id
        self.host = f"{self.api_id}.execute-api.{Aws.REGION}.{Aws.URL_SUFFIX}"
        self.origin = f"wss://{self.host}"
        self.url = f"{self.origin}/{STAGE_NAME}"
        self.callback_url = f"https://{self.host}/{STAGE_NAME}"
        self.stage_arn = Stack.of(self).format_arn(
            service="execute-api", resource=self.api_id, resource_name=STAGE_NAME
        )

    def add_routes(self, lambdas: Mapping[str, lambda_.IFunction], throttle_percent: int) -> gateway.WebSocketStage:
        """Add every route, then the stage that serves them, at a share of the routes' throttles."""
        parts: list[Construct] = []
        for route in ROUTES:
            parts += self._lambda_route(route, lambdas[route.key]) if route.module else self._answered_route(route)
        stage = gateway.WebSocketStage(self, "stage", web_socket_api=self._api, stage_name=STAGE_NAME, auto_deploy=True)
        self._throttle(stage, throttle_percent)
        # A throttle for a route that does not exist yet is refused ("Unable to find Route by key"), and the stage's
        # first deployment should hold them all.
        stage.node.add_dependency(*parts)
        return stage

    def _lambda_route(self, route: Route, function: lambda_.IFunction) -> list[Construct]:
        integration = WebSocketLambdaIntegration(f"{route.name}-integration", function)
        return [self._api.add_route(route.key, integration=integration)]

    def _answered_route(self, route: Route) -> list[Construct]:
        """Let the gateway answer by itself: no Lambda is paid for, only the two messages."""
        assert route.answer, f"route {route.key} has neither a handler nor an answer"
        integration = WebSocketMockIntegration(
            f"{route.name}-integration",
            request_templates={_DEFAULT: '{"statusCode":200}'},
            template_selection_expression=_DEFAULT_SELECTED,
        )
        added = self._api.add_route(route.key, integration=integration, return_response=True)
        response = gateway.CfnIntegrationResponse(
            self,
            f"{route.name}-answer",
            api_id=self.api_id,
            integration_id=_integration_id(added),
            integration_response_key=_DEFAULT,
            template_selection_expression=_DEFAULT_SELECTED,
            response_templates={_DEFAULT: route.answer},
        )
        return [added, response]

    def _throttle(self, stage: gateway.WebSocketStage, percent: int) -> None:
        resource = stage.node.default_child
        assert isinstance(resource, gateway.CfnStage), "a stage is one resource"
        resource.route_settings = {route.key: _settings(route.throttle, percent) for route in ROUTES}


def _settings(throttle: Throttle, percent: int) -> dict[str, object]:
    # A map of plain JSON, not of the CDK's properties: its keys are CloudFormation's.
    rate, burst = throttle.at(percent)
    return {"ThrottlingRateLimit": rate, "ThrottlingBurstLimit": burst}


def _integration_id(route: gateway.WebSocketRoute) -> str:
    """Return the id of the integration that a route was bound to; the construct keeps it to itself."""
    for child in route.node.find_all():
        if isinstance(child, gateway.CfnIntegration):
            return child.ref
    raise AssertionError("a route has an integration")
