"""Each kind of item has its row: whose it is, how long it is kept, why, and which of its attributes are shown."""

from __future__ import annotations

import importlib

import pytest

from functions.chat.privacy.kinds import KINDS, StoredKind, Whose, Withheld, kind_of
from functions.chat.storage.table import Item
from tests.figures.test_kept import KEPT
from tests.functions.chat.privacy.visits import kinds_at, prepared, whole_visit
from tests.functions.child import REPOSITORY
from tests.functions.world import World

FOLDERS = ("functions", "infra")
BASES = {"Wishing"}  # of other items, and never an item itself
HELP = "give it a row, or its attribute a place, in functions/chat/privacy/kinds.py"


def models() -> dict[str, type[Item]]:
    """Return every model of an item that the code has anywhere."""
    for folder in FOLDERS:
        for path in (REPOSITORY / folder).rglob("*.py"):
            if "(Item)" in path.read_text() or "(Wishing)" in path.read_text():
                importlib.import_module(".".join(path.relative_to(REPOSITORY).with_suffix("").parts))
    return {model.__name__: model for model in _below(Item) if model.__name__ not in BASES}


def _below(model: type[Item]) -> list[type[Item]]:
    return [found for each in model.__subclasses__() for found in (each, *_below(each))]


MODELS = models()


def test_every_kind_of_item_has_a_row() -> None:
    """A developer who stores a new item has to say whose it is before it can be merged."""
    assert {kind.model for kind in KINDS} == set(MODELS), HELP


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.name} {kind.model} {kind.keys[0]}")
def test_every_attribute_has_its_place(kind: StoredKind) -> None:
    """It is shown, or withheld for one reason, and never both."""
    attributes = set(MODELS[kind.model].get_attributes()) - {"pk", "sk"}
    placed = [*kind.shown, *kind.others, *kind.guarded, *kind.office]

    assert set(placed) == attributes, HELP
    assert len(placed) == len(set(placed))
    assert [name for names in kind.withheld.values() for name in names] == placed[len(kind.shown) :]
    assert set(kind.withheld) == set(Withheld)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.name} {kind.model} {kind.keys[0]}")
def test_a_row_says_why(kind: StoredKind) -> None:
    """Why it is kept, and what erasing does to it."""
    assert len(kind.why) > 10
    assert len(kind.erasing) > 10
    assert not kind.shown or kind.whose in (Whose.CONNECTION, Whose.DEVICE)


def test_items_that_a_visitor_leaves_have_exactly_one_row(world: World) -> None:
    """But for a case, which is a report to one, a ban to another, and to a third nothing that they may know of."""
    whole_visit(prepared(world))
    wrong = {}
    for (pk, sk), item in world.items().items():
        names = [kind.name for kind in kinds_at(pk, models_of(pk, sk, set(item)))]
        if len(names) != 1 and names != ["report", "ban", "accusation"]:
            wrong[pk] = names

    assert wrong == {}, HELP


def test_a_visit_leaves_every_kind_of_item_that_is_about_people(world: World) -> None:
    """Else what nobody leaves behind here would be listed by nobody."""
    whole_visit(prepared(world))
    left = [pk for pk, _ in world.items()]
    missing = [
        key
        for kind in KINDS
        if kind.whose is not Whose.SITE
        for key in kind.keys
        if not any(each.startswith(key) for each in left)
    ]

    assert missing == ["record#l.", "recent#l."], "the visit of visits.py leaves no such item"


@pytest.mark.parametrize(("key", "story", "seconds"), KEPT, ids=[key for key, _, _ in KEPT])
def test_a_row_says_how_long_its_items_are_kept(key: str, story: object, seconds: int) -> None:
    """As long as the stories of test_kept.py find them to be, to the second."""
    found = {kind.kept_seconds for kind in KINDS if any(each.startswith(key) for each in kind.keys)}

    assert found == {seconds}


def test_nothing_of_an_address_is_shown_or_erased() -> None:
    """Others are behind it; and a puzzle is signed with its pseudonym."""
    shared = [kind for kind in KINDS if kind.whose is Whose.OTHERS]

    assert {kind.model for kind in shared} == {"RecordItem", "RecentItem", "PaceItem", "PlacesItem"}
    assert all(not kind.shown and kind.erasing.startswith("stays") for kind in shared)
    assert "address" in kind_of("connection", "ConnectionItem").guarded


def models_of(pk: str, sk: str, attributes: set[str]) -> list[str]:
    """Return the models that have all attributes of an item."""
    if pk.startswith("case#"):
        return ["EvidenceItem" if sk == "evidence" else "CaseItem"]
    return [name for name, model in MODELS.items() if attributes <= set(model.get_attributes()) and name != "CaseItem"]
