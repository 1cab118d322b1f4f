"""A site with a table worth keeping is not lost by a slip."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from infra.deploy import command, protection
from infra.options.options import Options
from tests.infra.stack.templates import synthesise


class FakeStack:
    """CloudFormation with one stack, or none."""

    class exceptions:  # noqa: N801 - boto3's own name
        ClientError = type("ClientError", (Exception,), {})

    region_name = "eu-west-1"

    def __init__(self, *, is_there: bool = True, is_protected: bool = False, status: str = "UPDATE_COMPLETE") -> None:
        self.is_there = is_there
        self.status = status
        self.is_protected = is_protected
        self.policy: dict[str, Any] | None = None

    def client(self, service: str) -> FakeStack:
        assert service == "cloudformation"
        return self

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803
        if not self.is_there:
            raise self.exceptions.ClientError(f"Stack with id {StackName} does not exist")
        outputs = [{"OutputKey": "TableName", "OutputValue": "Passerby-Table"}]
        stack = {"StackStatus": self.status, "EnableTerminationProtection": self.is_protected, "Outputs": outputs}
        return {"Stacks": [stack]}

    def set_stack_policy(self, StackName: str, StackPolicyBody: str) -> None:  # noqa: N803
        assert self.is_there
        assert self.status != "REVIEW_IN_PROGRESS", "AWS refuses it"
        self.policy = json.loads(StackPolicyBody)

    def update_termination_protection(self, StackName: str, EnableTerminationProtection: bool) -> None:  # noqa: N803
        self.is_protected = EnableTerminationProtection


def test_an_update_may_neither_replace_nor_delete_the_table() -> None:
    """By its type, which is the type that the stack makes; everything else may change."""
    stack = FakeStack()
    protection.set_policy(stack, Options())
    assert stack.policy is not None
    allowed, denied = stack.policy["Statement"]

    assert (allowed["Effect"], allowed["Action"], allowed["Resource"]) == ("Allow", "Update:*", "*")
    assert (denied["Effect"], denied["Action"]) == ("Deny", ["Update:Replace", "Update:Delete"])
    (kind,) = denied["Condition"]["StringEquals"]["ResourceType"]
    assert len(synthesise().resources(kind)) == 1


def test_a_site_that_may_be_removed_may_lose_its_table() -> None:
    """A policy cannot be taken away, so it is replaced by one that allows all."""
    stack = FakeStack()
    protection.set_policy(stack, Options(removal_policy="destroy"))

    assert stack.policy == {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "Update:*", "Resource": "*"}]}


@pytest.mark.parametrize("stack", [FakeStack(is_there=False), FakeStack(status="REVIEW_IN_PROGRESS")])
def test_a_stack_that_is_not_there_has_no_policy(stack: FakeStack) -> None:
    """It gets one after its first deployment; one that `make diff` only looked at is not there, either."""
    protection.set_policy(stack, Options())

    assert stack.policy is None


@pytest.mark.parametrize(("typed", "goes"), [("Passerby", True), (" Passerby \n", True), ("y", False), ("", False)])
def test_a_protected_site_goes_when_its_name_is_typed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: str, goes: bool
) -> None:
    """A `y` is typed too fast; one question is enough, so the CDK asks no second one."""
    stack = FakeStack(is_protected=True)
    ran: list[tuple[str, ...]] = []
    monkeypatch.setattr("builtins.input", lambda _: typed)
    monkeypatch.setattr(command, "_remove_the_rest", lambda *_: 0)

    assert command._destroy(stack, Options(), noting(ran), asks=True) == (0 if goes else 1)
    assert stack.is_protected is not goes
    assert ran == ([("destroy", "--all", "--force")] if goes else [])
    assert ("nothing was removed" in capsys.readouterr().out) is not goes


def noting(ran: list[tuple[str, ...]]) -> Callable[..., int]:
    """A command that only notes how it was called, and succeeds."""

    def run(*arguments: str, **_: object) -> int:
        ran.append(arguments)
        return 0

    return run


def test_force_asks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """For scripts, as with the CDK, which the typed arguments tell."""
    stack = FakeStack(is_protected=True)
    ran: list[tuple[str, ...]] = []
    monkeypatch.setattr(command, "_remove_the_rest", lambda *_: 0)

    assert command._destroy(stack, Options(), noting(ran), asks=False) == 0
    assert ran == [("destroy", "--all")]
