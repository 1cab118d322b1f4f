"""report: kept once, within ten minutes, and the two never meet again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from functions.chat.evidence import keeping, x25519
from functions.chat.model.stamps import text_of
from functions.chat.storage.docket import Docket
from tests.functions.doorstep import CAFE, HOME, come, come_known, device_of, meet, record_of, report, token_of
from tests.functions.world import World


def reports(world) -> dict[str, dict[str, str]]:
    """Return what is kept of each report, by the pseudonym of its reporter."""
    cases = [item for key, item in world.items().items() if key[0].startswith("case#")]
    texts = [{name: value["S"] for name, value in item.items() if "S" in value} for item in cases]
    return {case["reporter"]: case for case in texts}


def test_a_report_is_kept_with_its_reason_and_note_and_ends_the_room(world):
    """The peer learns that the conversation is over, not why; the reporter is idle and gets a number to quote."""
    ada, bo = world.pair()
    room = world.backend.rooms.get(ada.room)

    ada.send("report", room=ada.room, reason="harassment", note="  said this\nand that ")

    (told,) = ada.news()
    assert (told["type"], told["room"], set(told)) == ("reported", room.id, {"type", "room", "case"})
    assert bo.last("peer_left") == {"type": "peer_left", "room": room.id, "reason": "skipped"}
    assert world.news() == {"Bo": ["peer_left", "waiting"]}
    kept = reports(world)["Ada="]
    assert (kept["reporter"], kept["reported"]) == (room.members[0].person, room.members[1].person)
    assert (kept["reason"], kept["note"], kept["case"]) == ("harassment", "said this\nand that", told["case"])


def test_a_report_sent_again_is_answered_with_the_same_number_and_kept_once(world):
    """With any content of the second one."""
    ada, _bo = world.pair()
    ada.send("report", room=ada.room, reason="spam", note="first")
    (first,) = ada.news()
    before = reports(world)

    ada.send("report", room=first["room"], reason="hate", note="second")

    assert ada.news() == [first]
    assert reports(world) == before


def test_each_member_may_report_the_other(world):
    """The two reports have numbers of their own, which tell nothing of the room."""
    ada, bo = world.pair()
    ada.send("report", room=ada.room, reason="spam")
    bo.send("report", room=bo.room, reason="hate")

    cases = {person.last("reported")["case"] for person in (ada, bo)}
    assert len(cases) == 2
    assert not any(case in ada.room for case in cases)
    assert {at: kept["reason"] for at, kept in reports(world).items()} == {"Ada=": "spam", "Bo=": "hate"}
    assert not any("note" in kept for kept in reports(world).values())


@pytest.mark.parametrize(("seconds", "is_kept"), [(0, True), (600, True), (601, False)])
@pytest.mark.parametrize("ended_by", ["Ada", "Bo"])
def test_a_room_may_be_reported_for_ten_minutes_after_it_ended(world, seconds, is_kept, ended_by):
    """People need a moment to find the button, after an end by either member."""
    ada, bo = world.pair()
    room = ada.room
    (ada if ended_by == "Ada" else bo).send("skip", room=room)
    world.pass_time(seconds)
    world.news()

    ada.send("report", room=room, reason="spam")

    if is_kept:
        assert world.news() == {"Ada": ["reported"]}
        assert set(reports(world)) == {"Ada="}
    else:
        assert [event["code"] for event in ada.news()] == ["stale_room"]
        assert reports(world) == {}


def test_a_reporter_of_an_earlier_room_stays_where_they_are(world):
    """In the queue, or in the next conversation."""
    ada, _bo = world.pair()
    room = ada.room
    ada.send("skip", room=room)
    cy = world.person("Cy")
    cy.join()
    talks = ada if ada.room == cy.room else _bo
    world.news()

    talks.send("report", room=room, reason="spam")

    assert world.news() == {talks.name: ["reported"]}
    assert world.backend.rooms.get(cy.room).is_open


@pytest.mark.parametrize("who_asks", ["Ada", "Bo"])
def test_the_two_never_meet_again_however_long_they_wait_and_whoever_asks(world, who_asks):
    """Also when nobody else is there."""
    ada, bo = world.pair()
    ada.send("report", room=ada.room, reason="spam")
    ada.join()
    world.pass_time(300)
    world.news()

    (ada if who_asks == "Ada" else bo).join()

    assert world.news() == {who_asks: ["waiting"]}


@pytest.mark.parametrize("who_asks", ["Ada", "Bo"])
def test_they_do_not_meet_even_if_a_hint_from_before_the_report_is_in_the_queue(world, who_asks):
    """The hint does not know; the pairing's own conditions do."""
    ada, bo = world.pair()
    room = ada.room
    ada.send("skip", room=room)
    world.pass_time(61)
    ada.send("report", room=room, reason="spam")
    for hint in world.table.under("queue#"):
        world.table.change(hint, avoided=None)
    world.news()

    (ada if who_asks == "Ada" else bo).join()

    assert world.news() == {who_asks: ["waiting"]}
    assert [key[0].partition("#")[0] for key in world.items()].count("room") == 1


@pytest.mark.parametrize("resumes", [False, True], ids=["the same connection", "what continues it"])
def test_a_late_report_keeps_the_reporters_other_window_apart_at_once(world, resumes):
    """Of a room that ended minutes ago; both relied then for seconds on the records of their devices."""
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve")
    room = meet(world, ada, eve)
    ada.send("leave", room=room)
    world.pass_time(61)
    window = come(world, "Window", address=CAFE, token=token_of(ada))
    eve.join()
    if resumes:
        known, token = token_of(eve), eve.token
        eve.disconnect(1006)
        eve = come(world, "Eve again", token=known)
        eve.send("resume", token=token)
    world.news()

    ada.send("report", room=room, reason="spam")
    window.join()

    assert [event["type"] for event in window.news()] == ["waiting"]
    assert eve.news() == []


def test_a_report_whose_handler_died_in_the_middle_is_completed_when_it_is_sent_again(world):
    """The two do not meet again, whichever part of it was kept."""
    ada, bo = world.pair()
    room = ada.room
    ada.send("skip", room=room)
    ada.send("report", room=room, reason="spam")
    world.table.change(ada.key, avoided=None)  # as if the handler had died before this

    ada.send("report", room=room, reason="spam")
    world.pass_time(61)
    world.news()
    bo.join()

    assert world.news() == {"Bo": ["waiting"]}


@pytest.mark.parametrize("was_kept", [True, False], ids=["answer was lost", "frame was lost"])
def test_a_visit_that_could_not_be_resumed_is_reported_for_by_its_device_once(world, was_kept):
    """With the number of the first time, in the name of the visit that was there; and the two are kept apart."""
    ada, bo = come(world, "Ada"), come(world, "Bo", address=CAFE)
    room = meet(world, ada, bo)
    if was_kept:
        ada.send("report", room=room, reason="spam")
    before = reports(world)
    ada.disconnect()
    again = come(world, "Again", token=token_of(ada))
    world.news()

    again.send("report", room=room, reason="spam")

    (told,) = again.news()
    assert (told["type"], told["room"]) == ("reported", room)
    assert set(reports(world)) == {"Ada="}
    if was_kept:
        assert reports(world) == before
        assert told["case"] == ada.last("reported")["case"]
    again.join()
    world.pass_time(300)
    bo.join()
    assert world.news()["Again"] == ["waiting"]


@pytest.mark.parametrize("met_since", [0, 2])
def test_people_whom_a_new_socket_met_are_not_counted_for_the_visit_before(world, met_since):
    """Of that visit it is known only that the reported one was met."""
    ada, bo = come(world, "Ada"), come(world, "Bo", address=CAFE)
    room = meet(world, ada, bo)
    ada.disconnect()
    bo.send("leave")
    again = come(world, "Again", token=token_of(ada))
    for number in range(met_since):
        stranger = come(world, f"stranger {number}", address=f"10.{number}.0.1")
        again.send("leave", room=meet(world, again, stranger))
        stranger.disconnect()
    again.send("report", room=room, reason="spam")

    own = record_of(world, device_of(again))
    assert world.backend.store.get_connection(again.id).met == met_since
    assert (own.reported, own.met) == (1, 1)


def test_a_room_that_a_lost_connection_holds_open_is_reported_for_later(world):
    """The page tries again, and the grace ends the room."""
    ada, bo = come(world, "Ada"), come(world, "Bo", address=CAFE)
    room = meet(world, ada, bo)
    again = come(world, "Again", token=token_of(ada))

    again.send("report", room=room, reason="spam")

    assert [event["code"] for event in again.news()] == ["busy"]
    assert reports(world) == {}
    assert world.backend.rooms.get(room).is_open


def test_nobody_reports_for_another_device_or_where_both_are_of_one(world):
    """Only the two of a room may report it, and which of them it is must be known."""
    ada, bo = come(world, "Ada"), come(world, "Bo", address=CAFE)
    room = meet(world, ada, bo)
    ada.disconnect()
    stranger, newcomer = come(world, "Cy", address=CAFE), come(world, "Di")
    twin = come(world, "Ed", address=CAFE, token=token_of(bo))
    other = meet(world, bo, twin)
    for each in (bo, twin):
        each.disconnect()
    last = come(world, "Fay", token=token_of(bo))

    for person, about in ((stranger, room), (newcomer, room), (last, other)):
        person.send("report", room=about, reason="spam")
        assert person.news()[-1]["code"] == "stale_room"
    assert reports(world) == {}


STILL = text_of(b"\xff\xd8\xff\xe0canary of a picture")


def handed_over(world, ada, bo, *texts):
    """Have Bo say lines, and return them as Ada's page hands them over."""
    for seq, text in enumerate(texts, start=1):
        bo.send("message", room=bo.room, seq=seq, text=text)
    heard = [event for event in ada.news() if event["type"] == "message"]
    return [
        {"seat": 1, "opening": "A" * 43, **{name: each[name] for name in ("seq", "text", "stamp")}} for each in heard
    ]


def evidence(world):
    """Return what is kept beside cases."""
    return {pk: item for (pk, sk), item in world.items().items() if sk == "evidence"}


def test_lines_that_are_handed_over_are_kept_for_the_operator_alone(table):
    """Sealed beside the case; false lines are left out, and nothing of it stands anywhere in the clear."""
    secret = bytes(range(32))
    world = World(table, evidence_key=text_of(x25519.public_key(secret)))
    ada, bo = world.pair()
    lines = handed_over(world, ada, bo, "canary one", "canary two", "canary three")
    lines[1]["text"] = "canary invented"

    ada.send("report", room=ada.room, reason="hate", lines=lines)

    case = ada.last("reported")["case"]
    ((pk, item),) = evidence(world).items()
    assert pk == f"case#{case}"
    assert "canary" not in str(world.items())
    handed = keeping.open_sealed(secret, case, item["sealed"]["B"])
    assert [(row["seq"], row["text"]) for row in handed["lines"]] == [(1, "canary one"), (3, "canary three")]
    assert handed["still"] is None


@pytest.mark.parametrize(("mode", "is_kept"), [("video", True), ("text", False)])
def test_a_still_is_kept_sealed_where_there_was_video(table, mode, is_kept):
    """And lines of the reporter beside it, as the reporter's word."""
    secret = bytes(range(32))
    world = World(table, evidence_key=text_of(x25519.public_key(secret)))
    ada, bo = world.person("Ada"), world.person("Bo")
    for person in (ada, bo):
        person.join(mode)
    own = {"seat": 0, "seq": 1, "text": "canary of my own"}

    ada.send("report", room=ada.room, reason="sexual", lines=[own], still=STILL)

    case = ada.last("reported")["case"]
    (item,) = evidence(world).values()
    handed = keeping.open_sealed(secret, case, item["sealed"]["B"])
    assert handed["still"] == (STILL if is_kept else None)
    assert [(row["text"], row["at"]) for row in handed["lines"]] == [("canary of my own", None)]
    assert STILL not in str(world.items())
    assert "canary" not in str(world.items())


def test_the_first_report_of_a_room_decides_what_is_kept(table, caplog):
    """Sent again, or with more, it adds nothing, takes nothing away, and writes nothing that would be refused."""
    world = World(table, evidence_key=text_of(x25519.public_key(bytes(range(32)))))
    ada, bo = world.pair()
    lines = handed_over(world, ada, bo, "one", "two")
    ada.send("report", room=ada.room, reason="hate", lines=lines[:1])
    before = evidence(world)

    ada.send("report", room=ada.room, reason="hate", lines=lines)

    assert evidence(world) == before
    assert [record.message for record in caplog.records].count("evidence") == 1


@pytest.mark.parametrize("whose", ["the peer's", "the reporter's"])
def test_only_a_line_of_the_peer_proves_that_a_short_contact_was_one(world, whose):
    """A reporter's own stamp, which only a friend's page could hand them, says nothing about the peer."""
    ada, bo = world.pair()
    reporter, peer = (ada, bo) if whose == "the peer's" else (bo, ada)
    lines = handed_over(world, ada, bo, "one")
    world.pass_time(2)
    reporter.send("report", room=ada.room, reason="hate", lines=lines)

    assert peer.last("peer_left")
    case = world.backend.cases.get(reporter.last("reported")["case"])
    assert case.weighs_nothing is (whose == "the reporter's")


def test_of_two_handlers_of_one_report_the_first_decides_what_is_kept(table):
    """Both found none, as each was at work while the other was."""
    world = World(table, evidence_key=text_of(x25519.public_key(bytes(range(32)))))
    ada, bo = world.pair()
    lines = handed_over(world, ada, bo, "one")
    ada.send("report", room=ada.room, reason="hate", lines=lines)
    before = evidence(world)
    keeping.keep(world.backend, ada.last("reported")["case"], 0, keeping.Handed(still=STILL))

    assert evidence(world) == before


def test_a_report_that_hands_nothing_over_says_nothing_of_evidence(table, caplog):
    world = World(table, evidence_key=text_of(x25519.public_key(bytes(range(32)))))
    ada, _ = world.pair()
    ada.send("report", room=ada.room, reason="hate")

    assert "evidence" not in [record.message for record in caplog.records]


def test_evidence_is_kept_when_the_report_is_sent_again_after_its_handler_died(table):
    """The report alone was written: the page, which was not answered, repeats it with the same lines."""
    world = World(table, evidence_key=text_of(x25519.public_key(bytes(range(32)))))
    ada, bo = world.pair()
    lines = handed_over(world, ada, bo, "one")
    ada.send("report", room=ada.room, reason="hate", lines=lines)
    ((key, whole),) = evidence(world).items()
    world.table.drop((key, "evidence"))
    assert evidence(world) == {}

    ada.send("report", room=ada.room, reason="hate", lines=lines)

    assert list(evidence(world)) == [key]
    assert evidence(world)[key].keys() == whole.keys()
    assert key == f"case#{ada.last('reported')['case']}"


@pytest.mark.parametrize(("key", "are_genuine"), [("", True), (text_of(x25519.public_key(bytes(32))), False)])
def test_without_a_key_or_a_genuine_line_nothing_is_kept_but_the_report(table, key, are_genuine):
    """The report counts all the same."""
    world = World(table, evidence_key=key)
    ada, bo = world.pair()
    lines = handed_over(world, ada, bo, "canary")
    if not are_genuine:
        lines[0]["seat"] = 0

    ada.send("report", room=ada.room, reason="hate", lines=lines)

    assert evidence(world) == {}
    assert reports(world)["Ada="]["reason"] == "hate"


def test_reports_that_weigh_nothing_bury_nobodys(world):
    """Windows of one's own report one another as fast as they can; a real report that comes later waits before them."""
    for number in range(6):
        one, other = (come(world, f"window {number}{side}", address=HOME) for side in "ab")
        room = meet(world, one, other)
        other.send("report", room=room, reason="underage")
        for each in (one, other):
            each.disconnect()
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve", address="192.0.2.8")
    real = report(ada, eve, "spam")

    first, *others = Docket(world.backend.table).waiting(10)
    assert first.case == real
    assert len(others) == 6


def test_browsers_that_are_known_bury_nobodys_report_by_those_of_their_own_network(world):
    """Each may say what it likes of its neighbours; three hundred of them take ten minutes on the day before."""
    for number in range(14):
        liar = come_known(world, f"browser {number}", address=HOME)
        report(liar, come(world, f"window {number}", address=HOME), "underage", seconds=6)
        for each in world.people[-2:]:
            each.disconnect()
    world.pass_time(60)
    ada, eve = come(world, "Ada", address=CAFE), come(world, "Eve", address="192.0.2.8")
    real = report(ada, eve, "spam")

    assert [entry.case for entry in Docket(world.backend.table).waiting(20)].index(real) == 10
    world.pass_time(86_400)
    neighbour = come(world, "a neighbour of the next day", address=HOME)
    real = report(come_known(world, "Bo", address=HOME), neighbour, "underage")
    assert real in [entry.case for entry in Docket(world.backend.table).waiting(11)]


def test_a_report_that_is_sent_again_when_its_reporter_is_believed_no_more_keeps_its_place(world):
    """It weighed something when it came first."""
    ada, bo, eve = (
        come(world, "Ada", address=CAFE),
        come(world, "Bo", address=HOME),
        come(world, "Eve", address="192.0.2.8"),
    )
    first = report(ada, eve, "spam")
    room = ada.room
    later = report(bo, eve, "spam")
    world.backend.records.change(device_of(ada), lambda record: replace(record, doubted_until=world.clock.now() + 60))
    ada.send("report", room=room, reason="spam")

    assert [entry.case for entry in Docket(world.backend.table).waiting(10)] == [first, later]


def test_known_devices_lock_out_one_neighbour_in_a_day_and_not_all_whom_they_meet(world):
    """Three browsers of one person, in a network of thousands: each speaks for itself about one of these a day."""
    neighbours = [come_known(world, f"neighbour {number}", address=HOME) for number in range(4)]
    home = [come_known(world, f"browser {number}", address=HOME) for number in range(3)]
    for neighbour in neighbours:
        for each in home:
            report(each, neighbour)
            each.send("leave")
        neighbour.send("leave")

    bans = [record_of(world, device_of(neighbour)).ban for neighbour in neighbours]
    assert [ban is not None for ban in bans] == [True, False, False, False]
    assert record_of(world, device_of(neighbours[1])).score(world.clock.now()) == pytest.approx(0.7, abs=0.01)
