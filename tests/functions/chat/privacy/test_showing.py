"""A device is shown what is its own, and nothing that is about others or would tell who reported it."""

from __future__ import annotations

import pytest

from functions.chat.model.case import Case
from functions.chat.model.people import Ban, GivenWarning
from functions.chat.privacy import showing
from functions.chat.privacy.kinds import StoredKind, Whose
from functions.chat.privacy.showing import Held
from tests.functions.chat.privacy.test_kinds import models_of
from tests.functions.chat.privacy.visits import (
    APPEAL,
    NOTE,
    THEIR_NOTE,
    address_of,
    all_of,
    kinds_at,
    known,
    mine,
    of_kind,
    prepared,
    texts_in,
    whole_visit,
)
from tests.functions.doorstep import CAFE, HOME, come, crowd, device_of, meet, report, token_of
from tests.functions.tables import MotoTable
from tests.functions.world import Person, World


def listed(person: Person) -> set[tuple[str, str]]:
    """Return the keys of all items that a person's device is shown."""
    connection = person.world.backend.store.get_connection(person.id)
    assert connection is not None
    found: list[Held] = []
    after: int | None = 0
    while after is not None:
        own = showing.show(person.world.backend, connection, device_of(person), after)
        found, after = [*found, *own.held], own.more
    return {held.key for held in found}


def test_items_that_a_visit_leaves_of_a_device_are_listed_or_say_why_not(world: World) -> None:
    """Each item that names the device, or a visit of it: a new kind that `mine` does not read fails here."""
    ada = whole_visit(prepared(world))
    device, visits = device_of(ada), {'"Ada="', '"Ada resumed="', '"Ada again="'}
    shown = listed(ada)
    names = {device, *visits, *(each.strip('"') for each in visits)}
    about = {
        key: item for key, item in world.items().items() if any(each in f"{key} {texts_in(item)}" for each in names)
    }
    unlisted = {key: kinds_at(key[0], models_of(*key, set(item))) for key, item in about.items() if key not in shown}

    assert len(about) > 15
    unexplained = {key[0] for key, kinds in unlisted.items() if not _is_explained(key, kinds, ada)}
    assert unexplained == set(), "functions/chat/privacy/showing.py does not read it, and kinds.py does not say why"


def _is_explained(key: tuple[str, str], kinds: list[StoredKind], ada: Person) -> bool:
    """Tell why: a row has it, it is another connection's, another device's, or an accusation by others."""
    if key[0].startswith(("record#d.", "recent#d.")):
        return device_of(ada) not in key[0]
    if not any(kind.shown for kind in kinds):
        return True
    if all(kind.whose is Whose.CONNECTION for kind in kinds):
        return ada.id not in key[0]
    case = ada.world.backend.cases.get(key[0].partition("#")[2])
    return case is not None and case.reporter_device != device_of(ada) and case.appeal is None


def test_a_person_sees_their_own_words_and_nobody_elses(world: World) -> None:
    """The note of their report and their appeal; not what was said of them."""
    ada = whole_visit(prepared(world))
    told = texts_in(all_of(ada))

    assert NOTE in told
    assert APPEAL in told
    assert THEIR_NOTE not in told


def test_no_pseudonym_of_anybody_else_is_shown(world: World) -> None:
    """With a stranger's one could know them again; with an address's one could solve puzzles without working."""
    ada = whole_visit(prepared(world))
    devices = {key[0].partition("#")[2] for key in world.items() if key[0].startswith("record#d.")} - {device_of(ada)}
    told = texts_in(all_of(ada))

    assert len(devices) >= 2
    for secret in (*devices, address_of(ada), "a.test", "Bo=", "Cy="):
        assert secret not in told


def test_of_a_conversation_only_ones_own_half_is_shown(world: World) -> None:
    """The peer's interests were shown to the server, and not to be exported by others."""
    ada, bo = come(world, "Ada", address=HOME), come(world, "Bo", address=CAFE)
    ada.join(interests=["go", "jazz"])
    bo.join(interests=["go", "opera"])
    (room,) = of_kind(bo, "conversation")

    assert room["second"]["interests"] == ["go", "opera"]
    assert "first" not in room
    assert not {"address", "stamp_key"} & {*room, *room["second"]}


def test_somebody_who_waits_sees_their_place(world: World) -> None:
    """Its copy in each queue, as others find it."""
    ada = come(world, "Ada", address=HOME)
    ada.join(interests=["go"], languages=["en"])
    connection, ticket = of_kind(ada, "connection")

    assert connection["ticket_id"]
    assert ticket["interests"] == connection["interests"] == ["go"]
    assert not {"device_token", "token_hashes", "address"} & {*connection, *ticket}


def accuse(world: World, room: str, peer: Person) -> None:
    peer.send("report", room=room, reason="harassment")


@pytest.mark.parametrize("is_known", [False, True])
def test_nothing_tells_that_somebody_reported_this_device(world: World, is_known: bool) -> None:
    """Not what is there, nor how much, nor how the answer to erasing looks: the same before and after."""
    prepared(world)
    eve = known(world, "Eve", HOME)[0] if is_known else come(world, "Eve", address=HOME)
    bo = come(world, "Bo", address=CAFE)
    room = meet(world, eve, bo)
    world.pass_time(30)
    eve.send("leave")
    before = mine(eve)
    accuse(world, room, bo)

    assert mine(eve) == before
    erased = mine(eve, "erase")
    assert erased == {"type": "mine", "did": "erase", "held": [], "locked": False}
    assert mine(eve) == before


@pytest.mark.parametrize("waiters", [0, 1, 3])
def test_a_report_and_a_skip_leave_the_same_behind(dynamodb, waiters: int) -> None:
    """Also where others wait, of whom the reported one does not meet the first at once."""
    shown = {}
    for act in ("skip", "report"):
        world = prepared(World(MotoTable(dynamodb)))
        bo, eve = come(world, "Bo", address=CAFE), come(world, "Eve", address=HOME)
        room = meet(world, bo, eve)
        world.pass_time(30)
        for number in range(waiters):
            come(world, f"waiter {number}", address=f"10.0.{number}.1").join()
        bo.send(act, room=room, **({"reason": "spam"} if act == "report" else {}))
        told = [sorted((each["kind"], *sorted(each["fields"])) for each in mine(eve)["held"])]
        counts = [len(value) for each in mine(eve)["held"] for value in each["fields"].values() if _is_many(value)]
        token = token_of(eve)
        eve.disconnect()
        again = come(world, "Eve again", address=HOME, token=token)
        told.append(sorted((each["kind"], *sorted(each["fields"])) for each in mine(again)["held"]))
        shown[act] = told, counts

    assert shown["skip"] == shown["report"]


def _is_many(value: object) -> bool:
    return isinstance(value, list | dict)


def test_nothing_tells_that_a_ban_was_decided_before_it_begins(world: World) -> None:
    """For two to seventeen minutes: a person who knew sooner would know which conversation it was."""
    eve, token = known(world, "Eve", HOME)
    newcomers = crowd(world, 4)
    for number, other in enumerate(newcomers, start=1):
        report(other, eve, "harassment")
        other.disconnect()
        again = come(world, f"Eve {number}", token=token, address=HOME)
        (record,) = of_kind(again, "record")
        assert "ban" not in record
        assert (record["reported"], record["met"], record["floods"]) == (0, 0, 0)
        assert not mine(again)["locked"]
        assert of_kind(again, "ban") == of_kind(again, "report") == []
        fields = {name for each in of_kind(again, "connection") for name in each}
        assert not {"newcomer_since", "ready_at", "checked_at", "talked_on", "avoided"} & fields
    assert world.backend.records.get([device_of(eve)])[device_of(eve)].ban is not None

    world.pass_time(17 * 60)
    last = come(world, "Eve last", token=token, address=HOME)
    assert mine(last)["locked"]
    (ban,) = of_kind(last, "ban")
    assert (ban["reason"], ban["automatic"]) == ("other", True)
    assert not {"opened_at", "room", "reporter", "note", "reported", "banned_until", "expires_at"} & ban.keys()


def test_a_ban_of_the_network_is_told_and_is_none_of_the_devices_record(world: World) -> None:
    """Whom it keeps out learns of it, and that nobody holds it against their browser."""
    address, now = address_of(come(world, "Eve", address=HOME)), world.clock.now()
    ban = Ban("CASE", "operator", now, now + 3600)
    world.backend.records.change(address, lambda record: record.banned(ban, 0))
    newcomer = come(world, "a newcomer", address=HOME)

    assert mine(newcomer)["locked"]
    assert ["ban" in record for record in of_kind(newcomer, "record")] == [False]
    assert [each["case"] for each in of_kind(newcomer, "ban")] == ["CASE"]


@pytest.mark.parametrize(("count", "more"), [(0, None), (9, None), (10, None), (11, 10)])
def test_a_next_page_is_told_of_only_where_there_is_one(count: int, more: int | None) -> None:
    assert showing.behind(10, count) == more


def test_reports_come_ten_by_ten_and_each_once(world: World) -> None:
    """An event has to fit the gateway's frame."""
    ada = come(world, "Ada", address=HOME)
    numbers = []
    for number, other in enumerate(crowd(world, 12)):
        numbers.append(report(ada, other))
        other.disconnect()
        world.pass_time(60 + number)
    first, second = mine(ada), mine(ada, after=10)

    assert first["more"] == 10
    assert "more" not in second
    assert {each["kind"] for each in second["held"]} == {"report"}
    shown = [each["fields"]["case"] for each in (*first["held"], *second["held"]) if each["kind"] == "report"]
    assert shown == numbers[::-1]


def test_nothing_tells_that_an_authority_had_a_case_kept_for_longer(world: World) -> None:
    """Of a report and its evidence no end is shown, for it would be another one."""
    ada, bo = come(prepared(world), "Ada", address=HOME), come(world, "Bo", address=CAFE)
    room = meet(world, ada, bo)
    world.pass_time(30)
    ada.send("report", room=room, reason="spam", lines=[{"seat": 0, "seq": 1, "text": "Stop."}])
    (case,), (evidence,) = of_kind(ada, "report"), of_kind(ada, "evidence")

    assert "expires_at" not in case
    assert list(evidence) == ["sealed"]


def test_bans_and_reports_share_the_pages(world: World) -> None:
    """Ninety appeals of 4 KB in one event would be more than the gateway posts."""
    ada = come(world, "Ada", address=HOME)
    for other in crowd(world, 8):
        report(ada, other)
        other.disconnect()
        world.pass_time(60)
    for number in range(5):
        case = Case(f"BAN{number}", "flood", world.clock.now(), (device_of(ada),), appeal="No.", appealed_at=1.0)
        world.backend.cases.open(case)
        world.pass_time(1)
    first, second = mine(ada), mine(ada, after=10)

    kinds = [[each["kind"] for each in page["held"] if each["kind"] in ("ban", "report")] for page in (first, second)]
    assert kinds == [["ban"] * 5 + ["report"] * 5, ["report"] * 3]
    assert (first["more"], "more" in second) == (10, False)
    assert len({each["case"] for each in of_kind(ada, "report") + of_kind(ada, "ban")}) == 13


def test_others_reports_push_none_of_ones_own_reports_out(world: World) -> None:
    """Else one that is missing would tell of them."""
    ada = come(world, "Ada", address=HOME)
    first, *others = crowd(world, 3)
    own = report(ada, first)
    first.disconnect()
    for other in others:
        report(other, ada)
        other.disconnect()
        ada.send("leave")

    assert showing.reports_of(world.backend, device_of(ada))[0] == [own]
    assert len(of_kind(ada, "report")) == 1


def test_a_device_without_a_token_is_shown_what_a_newcomer_has(world: World) -> None:
    """Nothing of a device that came before it from the same address."""
    ada = come(world, "Ada", address=HOME)
    ada.join()
    assert token_of(ada)
    bo = come(world, "Bo", address=HOME)

    assert {each["kind"] for each in all_of(bo)} == {"connection", "record"}


def test_a_reporter_sees_what_came_of_a_report_and_nothing_else_of_it(world: World) -> None:
    """From a full hour on that is an hour later; not who decided, nor when, nor until when somebody is out."""
    ada, token = known(world, "Ada", HOME)
    bo = come(world, "Bo", address=CAFE)
    number = report(ada, bo)
    (before,) = of_kind(ada, "report")
    world.backend.cases.note_ban(number, world.clock.now() + 86_400)
    assert of_kind(ada, "report") == [before]

    world.pass_time(2 * 3600)
    again = come(world, "Ada later", address=HOME, token=token)
    (after,) = of_kind(again, "report")
    assert (before["outcome"], after["outcome"]) == ("open", "stopped")
    assert {**after, "outcome": "open"} == before


def test_the_reported_one_is_shown_no_outcome(world: World) -> None:
    """Nor anybody else: there is no way to ask by a number, which a ban tells."""
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve", address=HOME)
    number = report(ada, eve)
    world.backend.cases.note_ban(number, world.clock.now() + 86_400)
    world.pass_time(2 * 3600)

    assert "outcome" not in texts_in(all_of(eve))
    assert number not in texts_in(mine(eve, case=number))


@pytest.mark.parametrize(("delay", "is_shown"), [(0, True), (1, False)])
def test_a_warning_is_shown_from_when_it_begins(world: World, delay: float, is_shown: bool) -> None:
    """Sooner it would tell which conversation it was."""
    eve = come(world, "Eve", address=HOME)
    since = world.clock.now() + delay
    given = GivenWarning("CASE", "hate", since, since + 900)
    world.backend.records.change(device_of(eve), lambda own: own.warned(given))
    (record,) = of_kind(eve, "record")

    assert record.get("warning") == (given._asdict() if is_shown else None)
