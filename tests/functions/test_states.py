"""The states that docs/protocol.md draws are those that the code goes through: each arrow is taken."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

from tests.functions.child import REPOSITORY
from tests.functions.world import CLEAN, DEAD, Person, World

DOCUMENT = REPOSITORY / "docs" / "protocol.md"
STATE_FILE = REPOSITORY / "frontend" / "session" / "state.js"
ARROW = re.compile(r"^ +(\S+) --> (\S+?)(?:: (.*))?$", flags=re.MULTILINE)
NOWHERE = "[*]"


def drawn(heading: str) -> list[tuple[str, str, str]]:
    """Return the arrows of the diagram under a sentence: from where, by what, to where."""
    diagram = DOCUMENT.read_text().split(heading, 1)[1].split("```mermaid", 1)[1].split("```", 1)[0]
    return [(source, words or "", target) for source, target, words in ARROW.findall(diagram)]


def arrows() -> Iterator[tuple[str, str, str]]:
    for source, words, target in drawn("What a connection is on the server:"):
        for word in words.split(", "):
            yield source, word, target


def state_of(world: World, person: Person) -> str:
    connection = world.backend.store.get_connection(person.id)
    if connection is None:
        return NOWHERE
    if connection.lost_at is not None:
        return "lost"
    if connection.ticket_id is not None:
        return "waiting"
    return "talking" if connection.room_id is not None else "idle"


def begin(world: World, state: str) -> tuple[Person | None, Person | None]:
    """Return somebody in a state, and whoever they talk with."""
    if state == NOWHERE:
        return None, None
    if state in ("talking", "lost"):
        ada, bo = world.pair()
        if state == "lost":
            ada.disconnect(DEAD)
        return ada, bo
    ada = world.person("Ada")
    if state == "waiting":
        ada.join()
    return ada, None


def join(world: World, ada: Person, target: str) -> None:
    if target == "talking":
        world.person("Cy").join()
    ada.join()


def resume(world: World, ada: Person) -> None:
    world.person("Ada again").send("resume", token=ada.token)


TAKEN: dict[str, Callable[[World, Person, Person, str], object]] = {
    "join": lambda world, ada, _bo, target: join(world, ada, target),
    "paired": lambda world, _ada, _bo, _: world.person("Cy").join(),
    "skip": lambda _world, ada, _bo, _: ada.send("skip", room=ada.room),
    "peer_left": lambda _world, _ada, bo, _: bo.send("leave", room=bo.room),
    "leave": lambda _world, ada, _bo, _: ada.send("leave"),
    "report": lambda _world, ada, _bo, _: ada.send("report", room=ada.room, reason="spam"),
    "close": lambda _world, ada, _bo, _: ada.disconnect(CLEAN),
    "death": lambda _world, ada, _bo, _: ada.disconnect(DEAD),
    "resume": lambda world, ada, _bo, _: resume(world, ada),
    "grace": lambda world, _ada, _bo, _: world.ring(),
}


@pytest.mark.parametrize(("source", "word", "target"), list(arrows()))
def test_each_arrow_of_the_diagram_is_taken(world, source, word, target):
    """From the state where it begins, by what stands beside it, to the state where it ends."""
    if source == NOWHERE:
        assert state_of(world, world.person("Ada")) == target
        return
    ada, bo = begin(world, source)
    assert state_of(world, ada) == source

    TAKEN[word](world, ada, bo, target)

    assert state_of(world, ada) == target


def test_the_states_of_the_page_are_those_of_its_diagram():
    """The type in the page's code lists the same ones."""
    listed = re.search(r"@property \{(.*)\} link$", STATE_FILE.read_text(), flags=re.MULTILINE)
    assert listed is not None
    states = {state for source, _, target in drawn("What the page makes of it") for state in (source, target)}

    assert states - {NOWHERE} == set(re.findall(r'"(\w+)"', listed[1]))
