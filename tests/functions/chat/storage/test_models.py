"""Values go into items and come back as they were."""

from __future__ import annotations

import pytest

from functions.chat.model.people import Ban, Connection, Meeting, Member, Room, Ticket, Wish
from functions.chat.protocol import frames
from functions.chat.storage import models, rooms
from functions.chat.storage.table import Item

AVOIDED_MAX = 50
MEETINGS_MAX = 20

WISH = Wish("video", ("Café", "हिंदी"), ("en", "pt-BR"), widened=True, public_key="K" * 43)
PLAIN = Wish("text")
MEETINGS = (Meeting("bo", 1_800_000_000.125), Meeting("someone@home", 1_800_000_001.0))
TICKETS = [
    Ticket("01800000000000-abc", "Ada=", "ada", WISH, MEETINGS, frozenset({"cy", "dee"}), "d.ada", "a.k.1", "k.t"),
    Ticket("01800000000000-abc", "Ada=", "ada", PLAIN, ready_at=1.5, turn_at=1_800_000_000),
    Ticket("01800000000000-abc", "Ada=", "ada", PLAIN),
]
ADA, BO = (
    Member("Ada=", "ada", ("Café",), "ticket", "d.ada", "a.k.1", ("en", "pt-BR"), "K" * 43),
    Member("Bo=", "bo", ()),
)


def raw(item):
    """Return an item as DynamoDB returns it."""
    return item.serialize()


def test_a_wish_is_what_join_says_and_what_the_table_holds():
    """Three places that a new field of a wish needs; each is named where it lacks."""
    own_names = {"widen": "widened", "key": "public_key"}
    said = {own_names.get(name, name) for name in frames.Join._fields if name not in ("solution", "read")}  # of no wish
    wished = set(Wish.__dataclass_fields__)
    stored = models.Wishing.get_attributes().keys() - Item.get_attributes().keys()

    assert said <= wished, f"functions/chat/model/people.py: Wish lacks {said - wished}"
    assert wished <= said, f"functions/chat/protocol/frames.py: Join lacks {wished - said}"
    assert stored == wished, f"functions/chat/storage/models.py: Wishing lacks {wished - stored}"


@pytest.mark.parametrize("ticket", TICKETS, ids=["full", "with a turn", "plain"])
def test_a_ticket_comes_back_as_it_was_put(ticket):
    """All values by which a seeker decides survive, to the millisecond."""
    assert models.ticket_from(raw(models.ticket_item(ticket, "queue#video#*#0", 1))) == ticket


@pytest.mark.parametrize("members", [(ADA, BO), (BO, ADA)])
def test_a_room_comes_back_as_it_was_opened(members):
    """The order of the members is who is polite."""
    room = Room("room", "text", members, 1_800_000_000.5, stamp_key="S" * 22)

    assert rooms.room_from(raw(rooms.room_item(room, 1))) == room


def test_a_connection_is_read_as_it_stands():
    """A value that was never written is absent, and never an empty string."""
    connection = models.ConnectionItem("connection#a#b=", "connection", person="ada", expires_at=1)

    assert models.connection_from(raw(connection)) == Connection("a#b=", "ada")


def test_a_new_connection_keeps_all_that_is_known_of_who_opened_it():
    """And nothing that was not known."""
    connection = Connection(
        "Ada=",
        "Ada=",
        avoided=frozenset({"d.bo"}),
        device="d.ada",
        address="a.k.1",
        ban=Ban("CASE", "spam", 1.5, 2.5),
        checked_at=3.0,
        device_token="k.token",
        lacks_age_proof=True,
    )

    assert models.connection_from(raw(models.connection_item(connection, 1_800_000_000))) == connection
    bare = raw(models.connection_item(Connection("Ada=", "Ada="), 1_800_000_000))
    assert set(bare) == {"pk", "sk", "person", "expires_at"}


def test_a_usual_ticket_costs_one_write_unit():
    """Up to 1 KB is one unit: somebody with three interests who met the most people and reported none."""
    meetings = tuple(Meeting(f"UJ2kXcWqFiACHe{number:02}=", 1_800_000_000.0) for number in range(MEETINGS_MAX))
    ticket = Ticket(
        "01800000000000-abcdefg",
        "UJ2kXcWqFiACHeA=",
        "UJ2kXcWqFiACHeA=",
        Wish("text", ("a" * 20,) * 3),
        meetings,
        device="d.UJ2kXcWqFiACHeAb",
        address="a.1f2e.UJ2kXcWqFiACHeAb",
        device_token="1f2e." + "a" * 44,
        turn_at=1_800_000_000,
    )

    assert size(raw(models.ticket_item(ticket, "queue#text#=" + "a" * 20, 1_800_000_000))) < 1024


def test_the_largest_connection_is_far_from_what_an_item_may_hold():
    """400 KB is DynamoDB's limit; every list has a limit of its own."""
    person = "UJ2kXcWqFiACHeA="
    ticket = Ticket(
        "01800000000000-abcdefg",
        person,
        person,
        Wish("text", ("😀" * 32,) * 10, ("e" * 35,) * 5, widened=True),
        (Meeting(person, 1.0),) * MEETINGS_MAX,
        frozenset(f"{person}{number}" for number in range(AVOIDED_MAX)),
    )

    assert size(raw(models.ticket_item(ticket, "queue", 1))) < 8 * 1024


def size(item) -> int:
    """Return about what DynamoDB counts: names and values in UTF-8."""
    return sum(len(name.encode()) + _size(value) for name, value in item.items())


def _size(value) -> int:
    if isinstance(value, dict):
        return sum(_size(each) for each in value.values())
    if isinstance(value, list):
        return 3 + sum(1 + _size(each) for each in value)
    return len(str(value).encode())


def test_an_attribute_that_a_newer_version_wrote_is_left_alone():
    """While a deployment runs, older handlers read what newer ones write."""
    new = {"new": {"M": {}}, "newer": {"S": "x"}}
    room = Room("r", "text", (ADA, BO), 1.0)
    item = raw(rooms.room_item(room, 2))

    assert models.ticket_from(raw(models.ticket_item(TICKETS[0], "queue", 1)) | new) == TICKETS[0]
    assert rooms.room_from(item | new | {"first": {"M": item["first"]["M"] | new}}) == room
