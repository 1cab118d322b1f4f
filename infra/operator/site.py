"""Closing queues, opening them, and saying something to everybody."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import replace

from functions.chat.protocol.fields import MODES
from functions.chat.storage.switches import ANY_LANGUAGE, KEPT_SECONDS, PLANS_MAX, Plan, Switches
from infra.operator import audit
from infra.operator.office import Office, OperatorError
from infra.operator.output import Report, moment

NOTICE_LENGTH_MAX = 300  # it stands in every `waiting` event
EFFECT = f"In effect everywhere within {KEPT_SECONDS:.0f} seconds."


def status(office: Office, _options: argparse.Namespace) -> Report:
    switches = office.switches.fetch()
    facts = {mode: "closed" if mode in switches.closed else "open" for mode in MODES}
    planned = {f"planned, {moment(plan.since)} to {moment(plan.until)}": _told(plan) for plan in switches.plans}
    return Report(facts={**facts, "notice": switches.notice, **planned})


def close_or_open(office: Office, options: argparse.Namespace) -> Report:
    return Report(sentence=switch(office, options.mode, closes=options.closes))


def switch(office: Office, mode: str, *, closes: bool) -> str:
    """Close a queue or open it, or `all` of them; say which are closed then."""
    modes = frozenset(MODES) if mode == "all" else frozenset({mode})

    def alter(switches: Switches) -> Switches:
        return replace(switches, closed=switches.closed | modes if closes else switches.closed - modes)

    closed = ", ".join(sorted(office.switches.change(alter).closed)) or "nothing"
    audit.write(office, office.who, f"{'close' if closes else 'open'} {mode}")
    return f"Closed: {closed}. {'Who talks, talks on. ' if closes else ''}{EFFECT}"


def notice(office: Office, options: argparse.Namespace) -> Report:
    """Say something to everybody who searches."""
    text = _line(options.text)
    said: Switches = office.switches.change(lambda now: replace(now, notice=text))
    audit.write(office, office.who, "notice")
    return Report(sentence=f"Notice: {said.notice or 'none'}. {EFFECT}")


def plan(office: Office, since: float, until: float, closes: frozenset[str], words: Mapping[str, str]) -> Switches:
    """Plan a closing, or words by language, from a time until another; past plans go."""
    now = office.table.now()
    said = tuple((language, line) for language, text in words.items() if (line := _line(text)))
    if not closes <= set(MODES) or not (closes or said):
        raise OperatorError("A plan closes something or says something.")
    if not max(since, now) < until:
        raise OperatorError("A plan ends after it begins, and not in the past.")
    if said and ANY_LANGUAGE not in dict(said):
        raise OperatorError("A notice has words for people who speak none of its languages.")
    new = Plan(since, until, tuple(sorted(closes)), said)

    def alter(switches: Switches) -> Switches:
        plans = tuple(each for each in switches.plans if each.until > now)
        if len(plans) >= PLANS_MAX:
            raise OperatorError(f"There are {PLANS_MAX} plans; take one back first.")
        return replace(switches, plans=(*plans, new))

    changed = office.switches.change(alter)
    what = ", ".join([*(f"close {mode}" for mode in new.closes), *(["notice"] if said else [])])
    audit.write(office, office.who, f"plan {what} {moment(since)} {moment(until)}")
    return changed


def take_back(office: Office, unwanted: Plan) -> Switches:
    """Take a plan back, or end it."""
    changed = office.switches.change(
        lambda now: replace(now, plans=tuple(each for each in now.plans if each != unwanted))
    )
    audit.write(office, office.who, f"take back {moment(unwanted.since)} {moment(unwanted.until)}")
    return changed


def _told(plan: Plan) -> str:
    return "; ".join([*(f"{mode} closed" for mode in plan.closes), *(said for _, said in plan.words)])


def _line(text: str) -> str:
    line = text.strip()
    if len(line) > NOTICE_LENGTH_MAX or not line.isprintable():
        raise OperatorError(f"A notice is one line of up to {NOTICE_LENGTH_MAX} characters.")
    return line
