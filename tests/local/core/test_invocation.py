"""Handlers are run as Lambda runs them."""

from __future__ import annotations

from aws_lambda_powertools.logging.lambda_context import build_lambda_context_model

from infra.local.core.faults import Faults
from infra.local.core.invocation import LambdaContext
from tests.local.world import OK, Recorder, receive, until, world


async def test_the_context_is_what_powertools_reads():
    """Name, ARN, memory and request id are there, and each invocation has its own id and its remaining time."""
    async with world() as w:
        socket = await w.connect()
        for _ in range(2):
            await socket.send_str('{"action":"join"}')
        await until(lambda: len(w.handlers["join"].contexts) == 2)
        contexts = w.handlers["join"].contexts
        models = [build_lambda_context_model(context) for context in contexts]

        assert {"passerby-join"} == {model.function_name for model in models}
        assert len({model.function_request_id for model in models}) == 2
        assert all(model.function_arn.endswith(":function:passerby-join") for model in models)
        assert all(28_000 < context.get_remaining_time_in_millis() <= 29_000 for context in contexts)


def test_no_time_remains_after_the_deadline():
    """A handler that runs on after its time reads zero, not a negative number."""
    assert LambdaContext("late", deadline=0.0).get_remaining_time_in_millis() == 0


async def test_an_answer_that_json_cannot_carry_fails_as_on_lambda():
    """An answer goes through JSON: a set in it is an error there, so it is one here."""
    async with world({"join": Recorder(lambda event: {"statusCode": 200, "body": {1, 2}})}) as w:
        socket = await w.connect()
        await socket.send_str('{"action":"join"}')

        assert (await receive(socket))["message"] == "Internal server error"
        assert type(w.failures[0][1]).__name__ == "TypeError"


async def test_a_handler_that_changes_its_event_changes_no_other():
    """Each invocation gets a copy of its own, the duplicate of a retry too."""
    text = '{"action":"join"}'
    seen = []

    def spoil(event):
        seen.append(event.pop("body", None))
        return OK

    async with world({"join": Recorder(spoil)}, faults=Faults(duplicate_invocation=1.0)) as w:
        socket = await w.connect()
        await socket.send_str(text)
        await until(lambda: len(seen) == 2)

        assert seen == [text, text]
