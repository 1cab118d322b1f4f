"""Closing queues, opening them, and saying something to everybody."""

from __future__ import annotations

import argparse
from dataclasses import replace

from functions.chat.protocol.fields import MODES
from functions.chat.storage.switches import KEPT_SECONDS, Switches
from infra.operator.office import Office, OperatorError
from infra.operator.output import Report

NOTICE_LENGTH_MAX = 300  # it stands in every `waiting` event
EFFECT = f"In effect everywhere within {KEPT_SECONDS:.0f} seconds."


def status(office: Office, _options: argparse.Namespace) -> Report:
    """Say what is closed."""
    switches = office.switches.fetch()
    facts = {mode: "closed" if mode in switches.closed else "open" for mode in MODES}
    return Report(facts={**facts, "notice": switches.notice})


def close(office: Office, options: argparse.Namespace) -> Report:
    """Close a queue."""
    closed = office.switches.change(lambda now: replace(now, closed=now.closed | _modes(options.mode))).closed
    return Report(sentence=f"Closed: {', '.join(sorted(closed))}. Who talks, talks on. {EFFECT}")


def open_again(office: Office, options: argparse.Namespace) -> Report:
    """Open a queue."""
    closed = office.switches.change(lambda now: replace(now, closed=now.closed - _modes(options.mode))).closed
    return Report(sentence=f"Closed: {', '.join(sorted(closed)) or 'nothing'}. {EFFECT}")


def notice(office: Office, options: argparse.Namespace) -> Report:
    """Say something to everybody who searches."""
    text = options.text.strip()
    if len(text) > NOTICE_LENGTH_MAX or not text.isprintable():
        raise OperatorError(f"A notice is one line of up to {NOTICE_LENGTH_MAX} characters.")
    said: Switches = office.switches.change(lambda now: replace(now, notice=text))
    return Report(sentence=f"Notice: {said.notice or 'none'}. {EFFECT}")


def _modes(mode: str) -> frozenset[str]:
    return frozenset(MODES) if mode == "all" else frozenset({mode})
