"""The real SQS client finds a queue that delivers later, and again when the handler failed."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import boto3

from functions.routes import EXPIRY
from infra.local.core import delay_queue
from infra.local.core.delay_queue import QUEUE_PATH
from tests.local.world import OK, Recorder, until, world


def send(url: str, body: str, delay_seconds: int) -> str:
    client = boto3.client(
        "sqs", endpoint_url=url, region_name="us-east-1", aws_access_key_id="local", aws_secret_access_key="local"
    )
    return str(client.send_message(QueueUrl=url, MessageBody=body, DelaySeconds=delay_seconds)["MessageId"])


async def test_a_message_is_delivered_after_its_delay():
    """The handler gets SQS's event with the body, not before the delay is over."""
    async with world({EXPIRY.key: Recorder()}) as w:
        begun = time.monotonic()
        message_id = await asyncio.to_thread(send, w.url + QUEUE_PATH, '{"connection":"x"}', 1)
        event = await w.handlers[EXPIRY.key].event()

        assert time.monotonic() - begun >= 1
        (record,) = event["Records"]
        assert (record["messageId"], json.loads(record["body"])) == (message_id, {"connection": "x"})


async def test_a_message_whose_handler_fails_comes_again(monkeypatch):
    """Delivery is at least once: after a failure the same message is delivered again, after a success no more."""
    monkeypatch.setattr(delay_queue, "VISIBILITY_SECONDS", 0.01)
    named: Any = {"batchItemFailures": [{"itemIdentifier": "this one"}]}
    outcomes: list[Any] = [KeyError("first"), named, OK]

    def answer(event: dict[str, Any]) -> Any:
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async with world({EXPIRY.key: Recorder(answer)}) as w:
        await asyncio.to_thread(send, w.url + QUEUE_PATH, "{}", 0)
        await until(lambda: not outcomes)

        first, second, third = w.handlers[EXPIRY.key].events
        assert first == second == third


async def test_an_undelivered_message_does_not_hold_the_end():
    """The gateway stops while messages wait; they are lost, as its docstring says."""
    async with world({EXPIRY.key: Recorder()}) as w:
        await asyncio.to_thread(send, w.url + QUEUE_PATH, "{}", 900)

    assert w.handlers[EXPIRY.key].events == []
    assert [task for task in asyncio.all_tasks() if "deliver" in repr(task.get_coro())] == []


async def test_only_the_functions_send():
    """A page of another origin cannot send the header that names the call."""
    async with world({EXPIRY.key: Recorder()}) as w, w.session.post(w.url + QUEUE_PATH, data=b"{}") as answer:
        assert answer.status == 403
