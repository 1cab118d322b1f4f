"""One Lambda, log group and role for each row of the permissions, from one asset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from aws_cdk import Acknowledgment, Duration, Validations
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from functions.platform import HANDLER_SECONDS_MAX
from functions.routes import LAMBDAS, Permissions, Route
from infra.options.options import LIVE, Options
from infra.stack.logs import log_group, writing

RUNTIME = lambda_.Runtime.PYTHON_3_13
ARCHITECTURE = lambda_.Architecture.ARM_64

TIMEOUT_SECONDS = HANDLER_SECONDS_MAX


@dataclass(frozen=True)
class Reach:
    """The resources that the Lambdas work with, and so may be permitted."""

    table: dynamodb.ITableV2
    stage_arn: str
    queue: sqs.IQueue
    relay: Iterable[iam.PolicyStatement] = ()
    identity: Iterable[iam.PolicyStatement] = ()

    def statements(self, permissions: Permissions) -> list[iam.PolicyStatement]:
        """Return what a row of the table of permissions allows here."""
        methods = [f"{self.stage_arn}/{method}/@connections/*" for method in sorted(permissions.connections)]
        allowed = [
            _statement("dynamodb", permissions.table, [self.table.table_arn], _only(permissions.items)),
            _statement("execute-api", {"ManageConnections"} if methods else (), methods),
            _statement("sqs", permissions.queue, [self.queue.queue_arn]),
            *(statement.copy() for statement in self.relay if permissions.pairs),
            *(statement.copy() for statement in self.identity if permissions.knows_people),
        ]
        return [statement for statement in allowed if statement]


class Lambdas(Construct):
    """`callable` holds what is called for a route: the function, or its alias where versions are published."""

    def __init__(self, scope: Construct, id: str, options: Options, code: Path, reach: Reach) -> None:
        super().__init__(scope, id)
        self._options = options
        self._code = lambda_.Code.from_asset(str(code))
        self._reach = reach
        self.log_groups: list[logs.LogGroup] = []
        self.functions = {route.key: self._function(route) for route in LAMBDAS}
        # Snapshots are made of published versions only, and only between versions can be moved bit by bit; then a route
        # calls the alias that follows the newest.
        has_versions = options.snap_start or options.gradual != "none"
        self.aliases = {key: function.add_alias(LIVE) for key, function in self.functions.items() if has_versions}
        self.callable: dict[str, lambda_.IFunction] = {**self.functions, **self.aliases}
        Validations.of(self).acknowledge(
            Acknowledgment(
                id="Annotation::@aws-cdk/aws-lambda:snapStartRequirePublish",
                reason="Routes call the alias of a published version.",
            )
        )

    def set_environment(self, variables: Mapping[str, str], route_keys: Iterable[str] = ()) -> None:
        """Give these functions, or every one, these variables; an empty one is as good as none."""
        for key in route_keys or self.functions:
            for name, value in variables.items():
                if value:
                    self.functions[key].add_environment(name, value)

    def _function(self, route: Route) -> lambda_.Function:
        group = log_group(self, f"{route.name}-logs", self._options.log_retention_days)
        self.log_groups.append(group)
        return lambda_.Function(
            self,
            route.name,
            description=f"{self._options.stack_name}: {route.key}",
            runtime=RUNTIME,
            architecture=ARCHITECTURE,
            code=self._code,
            handler=route.handler_path,
            role=self._role(route, group),
            memory_size=self._options.lambda_memory_mb,
            timeout=Duration.seconds(TIMEOUT_SECONDS),
            log_group=group,
            # Lambda's own three lines for each invocation would cost more than the invocation; its warnings stay.
            logging_format=lambda_.LoggingFormat.JSON,
            system_log_level_v2=lambda_.SystemLogLevel.WARN,
            # Lines below this level are dropped. LOG_LEVEL decides what the handlers log
            # (functions/chat/runtime/telemetry.py), and the SDK is told to be quiet (functions/chat/aws/clients.py).
            application_log_level_v2=self._log_level(),
            tracing=lambda_.Tracing.ACTIVE if self._options.tracing else None,
            snap_start=lambda_.SnapStartConf.ON_PUBLISHED_VERSIONS if self._options.snap_start else None,
        )

    def _log_level(self) -> lambda_.ApplicationLogLevel:
        if self._options.debug_sample_percent:
            return lambda_.ApplicationLogLevel.DEBUG
        return lambda_.ApplicationLogLevel["WARN" if self._options.log_level == "WARNING" else self._options.log_level]

    def _role(self, route: Route, group: logs.LogGroup) -> iam.Role:
        statements = [writing(group), *self._reach.statements(route.permissions)]
        return iam.Role(
            self,
            f"{route.name}-role",
            description=f"{self._options.stack_name}: what {route.key} may do",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            inline_policies={"route": iam.PolicyDocument(statements=statements)},
        )


def _only(items: Iterable[str]) -> dict[str, object] | None:
    """Return the condition that every key of a request begins so; None where there is none.

    Docs: "Using IAM policy conditions for fine-grained access control" of DynamoDB.
    """
    keys = [f"{item}#*" for item in sorted(items)]
    return {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": keys}} if keys else None


def _statement(
    service: str, actions: Iterable[str], resources: list[str], conditions: dict[str, object] | None = None
) -> iam.PolicyStatement | None:
    named = [f"{service}:{action}" for action in sorted(actions)]
    return iam.PolicyStatement(actions=named, resources=resources, conditions=conditions) if named else None
