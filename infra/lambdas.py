"""One Lambda, log group and role for each route of the table, from one asset."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from aws_cdk import Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from functions.routes import ROUTES, Route
from infra.logs import log_group
from infra.options import Options
from infra.permissions import PERMISSIONS, Permissions

RUNTIME = lambda_.Runtime.PYTHON_3_13
ARCHITECTURE = lambda_.Architecture.ARM_64

# A search may lose several races, each a few calls of at most 6 s (functions/chat/clients.py); beyond this the client's
# own repeated join is the better repair. API Gateway itself waits 29 s.
TIMEOUT_SECONDS = 20


class Lambdas(Construct):
    """`by_route` holds what a route's integration calls: the function, or its alias where SnapStart needs a version."""

    def __init__(
        self, scope: Construct, id: str, options: Options, code: Path, table: dynamodb.ITableV2, stage_arn: str
    ) -> None:
        super().__init__(scope, id)
        self._options = options
        self._code = lambda_.Code.from_asset(str(code))
        self._table = table
        self._stage_arn = stage_arn
        self.functions = {route.key: self._function(route) for route in ROUTES if route.module}
        self.by_route: dict[str, lambda_.IFunction] = {
            # Snapshots are made of published versions only, so a route calls the alias that follows the newest.
            key: function.add_alias("live") if options.snap_start else function
            for key, function in self.functions.items()
        }

    def set_environment(self, variables: Mapping[str, str]) -> None:
        """Give every function these variables."""
        for function in self.functions.values():
            for name, value in variables.items():
                function.add_environment(name, value)

    def _function(self, route: Route) -> lambda_.Function:
        group = log_group(self, f"{route.name}-logs", self._options.log_retention_days)
        return lambda_.Function(
            self,
            route.name,
            description=f"{self._options.stack_name}: route {route.key}",
            runtime=RUNTIME,
            architecture=ARCHITECTURE,
            code=self._code,
            handler=route.handler_path,
            role=self._role(route, PERMISSIONS[route.key], group),
            memory_size=self._options.lambda_memory_mb,
            timeout=Duration.seconds(TIMEOUT_SECONDS),
            log_group=group,
            # Lambda's own three lines for each invocation would cost more than the invocation; its warnings stay.
            logging_format=lambda_.LoggingFormat.JSON,
            system_log_level_v2=lambda_.SystemLogLevel.WARN,
            # Below this the SDK would log whole requests. What the handlers log is LOG_LEVEL's affair.
            application_log_level_v2=lambda_.ApplicationLogLevel.INFO,
            snap_start=lambda_.SnapStartConf.ON_PUBLISHED_VERSIONS if self._options.snap_start else None,
        )

    def _role(self, route: Route, permissions: Permissions, group: logs.LogGroup) -> iam.Role:
        """Make the route's own role; Lambda's ready-made policy would let it write to every log group."""
        statements = [
            iam.PolicyStatement(actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[group.log_group_arn])
        ]
        if permissions.table:
            actions = [f"dynamodb:{action}" for action in sorted(permissions.table)]
            statements.append(iam.PolicyStatement(actions=actions, resources=[self._table.table_arn]))
        if permissions.connections:
            methods = [f"{self._stage_arn}/{method}/@connections/*" for method in sorted(permissions.connections)]
            statements.append(iam.PolicyStatement(actions=["execute-api:ManageConnections"], resources=methods))
        return iam.Role(
            self,
            f"{route.name}-role",
            description=f"{self._options.stack_name}: what route {route.key} may do",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            inline_policies={"route": iam.PolicyDocument(statements=statements)},
        )
