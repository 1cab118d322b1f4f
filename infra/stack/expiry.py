"""The delay queue (functions/chat/aws/delay_queue.py): it has a lost connection looked at when its grace is over."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.stack import messages
from infra.stack.lambdas import TIMEOUT_SECONDS

# As long as the docs ask for ("Using Lambda with Amazon SQS"), so that a message is not handled twice at once.
INVISIBLE_SECONDS = 6 * TIMEOUT_SECONDS

# The room of a lost connection has expired by then, and there is nothing left to end.
KEPT_HOURS = 2

# A message that fails so often is kept aside, instead of being tried for two hours.
TRIES_MAX = 5


class Expiry(Construct):
    """The queue, and beside it one for what failed."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        self.failed = messages.failed(self, "failed")
        self.queue = sqs.Queue(
            self,
            "queue",
            visibility_timeout=Duration.seconds(INVISIBLE_SECONDS),
            retention_period=Duration.hours(KEPT_HOURS),
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.failed, max_receive_count=TRIES_MAX),
        )

    def call(self, function: lambda_.IFunction) -> None:
        """Hand messages that are due to a function, which says which of them it could not do."""
        function.add_event_source(sources.SqsEventSource(self.queue, report_batch_item_failures=True))
