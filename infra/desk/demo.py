"""A desk to try: a database of its own with invented cases, gone with the desk."""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path

import boto3

from functions.chat.evidence import keeping
from functions.chat.evidence.keeping import Kept
from functions.chat.model.case import Case
from functions.chat.model.people import Ban
from functions.chat.model.record import DAY, HOUR, Charge, Record
from functions.chat.model.stamps import Line, bytes_of, text_of
from functions.chat.storage.cases import entries_of, item_of
from functions.chat.storage.table import BATCH_WRITE_MAX, Item
from infra.desk.desk import Desk
from infra.local import database
from infra.operator.evidence_key import public_key
from infra.operator.office import LOCAL, Office

TABLE_NAME = "passerby-demo"
HANDED_MAX = 200  # cases with evidence and charges: sealing takes some milliseconds each
SEED = 7  # the same cases each time
STILL = Path(__file__).with_name("demo_still.jpg")
WEIGHTS = (1, 5, 6, 3, 9, 4)  # how often each reason is given, the gravest first
NOTES = {
    "underage": ("Said they are 14.", "Looked about 13, in a school uniform.", ""),
    "sexual": ("Undressed at once.", "Asked for pictures.", ""),
    "harassment": ("Said they know where I live.", "Kept insulting me.", ""),
    "hate": ("Slurs from the first line.", ""),
    "spam": ("Wants me on another site.", "Crypto.", "The same text three times.", ""),
    "other": ("Played a recording.", ""),
}
TOLD = {
    "underage": ("how old are you", "im 14", "you have to go then"),
    "sexual": ("hi", "send me a picture of you", "no", "come on, nobody sees it"),
    "harassment": ("what is your problem", "i will find out where you live", "stop it"),
    "hate": ("hello", "people like you should not be here"),
    "spam": ("hey", "earn 500 a day, write to me on the other app", "link is in my profile"),
    "other": ("hello?", "(music)"),
}
COMPLAINTS = (
    ("order", "Order 17/2026 of the district court: lock out whoever used this at 18:02.", "Attached to our letter"),
    ("child", "My daughter, 13, was talked to there last night.", ""),
    ("impostor", "Somebody plays a recording of me.", "https://example.org/7"),
    ("intimate", "A recording of my call stands on this page.", "https://example.org/recording"),
    ("illegal", "Somebody sold tickets to me that do not exist.", ""),
    ("complaint", "I was locked out and cannot write in your form.", ""),
)
APPEALS = (
    "I was joking, and the other one began.",
    "That was my brother. I am 31.",
    "I did not say anything like that.",
)


@contextmanager
def furnished(count: int, who: str) -> Iterator[Desk]:
    """Give a desk with so many cases."""
    with database.running() as endpoint, tempfile.TemporaryDirectory() as folder:
        os.environ |= {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
        os.environ["AWS_DEFAULT_REGION"] = LOCAL["region_name"]
        client = boto3.client("dynamodb", endpoint_url=endpoint, **LOCAL)
        database.create_table(client, TABLE_NAME)
        office = Office.at(client, TABLE_NAME, who=who, is_local=True)
        key = Path(folder) / "evidence.key"
        fill(office, count, bytes_of(public_key(key)))
        complain(office)
        yield Desk(office, "a demonstration", key, Path(folder) / "seen.json")


def fill(office: Office, count: int, recipient: bytes) -> None:
    """Write invented cases, and what belongs to them."""
    chance = random.Random(SEED)  # noqa: S311 - invented cases
    cases = [_case(chance, number, office.table.now()) for number in range(count)]
    write(office, (item for case in cases for item in (item_of(case), *entries_of(case))))
    write(office, (item for case in cases[:HANDED_MAX] for item in _evidence(chance, case, recipient)))
    for case in cases[:HANDED_MAX]:
        _charge(office, chance, case)


def complain(office: Office) -> None:
    """Write an invented complaint of each kind."""
    now = office.table.now()
    for number, (kind, note, place) in enumerate(COMPLAINTS):
        name, contact = ("Ana Lima", "ana@example.org") if place else (None, None)
        opened_at = now - number * 2 * HOUR
        case = Case(f"ASK{number:07}", kind, opened_at, note=note, place=place, name=name, contact=contact)
        write(office, [item_of(case), *entries_of(case)])


def write(office: Office, items: Iterable[Item]) -> None:
    left = iter(items)
    while batch := list(islice(left, BATCH_WRITE_MAX)):
        office.table.batch_write(put=batch)


def _case(chance: random.Random, number: int, now: float) -> Case:
    (reason,) = chance.choices([*NOTES], WEIGHTS)
    opened_at = now - chance.expovariate(1 / (20 * HOUR))
    reporter, reported = chance.randrange(40), chance.randrange(25)
    case = Case(
        number=f"DEMO{number:06}",
        reason=reason,
        opened_at=max(opened_at, now - 6 * DAY),
        subjects=(_device(100 + reported), f"a.k.{reported:016}.{reported:08}"),
        room=f"room-{number}",
        reporter_device=_device(reporter),
        reporter_network=f"a.k.{reporter:016}",
        note=chance.choice(NOTES[reason]),
    )
    if chance.random() < 0.2:
        case = replace(case, banned_until=case.opened_at + chance.choice((1, 7)) * DAY)
        if chance.random() < 0.4:
            appealed_at = min(now, case.opened_at + chance.random() * DAY)
            case = replace(case, appeal=chance.choice(APPEALS), appealed_at=appealed_at)
    return case


def _evidence(chance: random.Random, case: Case, recipient: bytes) -> Iterator[Item]:
    if chance.random() < 0.6:
        still = text_of(STILL.read_bytes()) if case.reason in {"sexual", "underage"} else None
        sealed = keeping.seal(recipient, case.number, 0, _lines(chance, case), still)
        key = keeping.evidence_key(case.number)
        yield keeping.EvidenceItem(*key, sealed=sealed, expires_at=item_of(case).expires_at)


def _lines(chance: random.Random, case: Case) -> Iterator[Kept]:
    seqs = [0, 0]
    for at, text in enumerate(TOLD[case.reason]):
        seat = at % 2
        seqs[seat] += chance.choice((1, 1, 1, 3))
        stamped_at = case.opened_at - 60 + at if seat else None
        yield Kept(Line(seat, seqs[seat], text), stamped_at)


def _charge(office: Office, chance: random.Random, case: Case) -> None:
    """Hold a case against its device, and ban it where the case says so."""
    (device, _) = case.subjects
    charge = Charge(
        str(case.reporter_device), str(case.reporter_network), chance.choice((0.7, 1.0)), case.opened_at, case.reason
    )

    def alter(record: Record) -> Record:
        told = replace(record.charged(charge), days=max(record.days, 1 + chance.randrange(3)))
        if case.banned_until is None or told.ban is not None:
            return told
        return told.banned(Ban(case.number, case.reason, case.opened_at, case.banned_until), told.rung + 1)

    office.records.change(device, alter)


def _device(number: int) -> str:
    return f"d.demo{number:012}"
