"""The delay queue: Amazon SQS's SendMessage with DelaySeconds, as the unchanged boto3 client sends it.

A message whose handler fails is delivered again, as SQS does when its visibility timeout is over. Messages are in
memory: a gateway that stops loses those that it had still to deliver.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from hashlib import md5
from http import HTTPStatus
from typing import Any

from aiohttp import web

from functions.routes import EXPIRY
from infra.local.core.invocation import Failure, Invoker
from infra.local.core.management import is_loopback

QUEUE_PATH = "/_queue"
TARGET = "AmazonSQS.SendMessage"
VISIBILITY_SECONDS = 5.0  # shorter than on AWS, where it has to cover the handler's own timeout
DELIVERIES_MAX = 5


class DelayQueue:
    """Holds messages for the handler of expiries."""

    def __init__(self, invoker: Invoker) -> None:
        self._invoker = invoker
        self._deliveries: set[asyncio.Task[None]] = set()

    async def answer(self, request: web.BaseRequest) -> web.Response:
        """Take one message (docs.aws.amazon.com, SQS API reference, "SendMessage")."""
        if not is_loopback(request) or request.headers.get("X-Amz-Target") != TARGET:
            return web.Response(status=HTTPStatus.FORBIDDEN)
        message: dict[str, Any] = json.loads(await request.read())
        message_id = str(uuid.uuid4())
        delivery = asyncio.create_task(self._deliver(message_id, message["MessageBody"], message["DelaySeconds"]))
        self._deliveries.add(delivery)
        delivery.add_done_callback(self._deliveries.discard)
        digest = md5(message["MessageBody"].encode(), usedforsecurity=False).hexdigest()
        return web.json_response({"MessageId": message_id, "MD5OfMessageBody": digest})

    def stop(self) -> None:
        """Deliver nothing more."""
        for delivery in self._deliveries:
            delivery.cancel()

    async def _deliver(self, message_id: str, body: str, delay_seconds: float) -> None:
        await asyncio.sleep(delay_seconds)
        for _ in range(DELIVERIES_MAX):
            record = {"messageId": message_id, "body": body, "eventSource": "aws:sqs"}
            answer = await self._invoker.invoke(EXPIRY.key, {"Records": [record]})
            if not isinstance(answer, Failure) and not (answer or {}).get("batchItemFailures"):
                return
            await asyncio.sleep(VISIBILITY_SECONDS)
