"""The candidates that one search is offered, and the hints of its own that it saw."""

from __future__ import annotations

from dataclasses import replace

import pytest

from functions.chat.conversation.candidates import Candidates
from functions.chat.model.people import Connection, Meeting, Ticket, Wish
from functions.chat.storage.table import Busy
from tests.functions.world import START, with_parts

NEIGHBOURS_MAX = 16
PAGES_MAX = 50
SNAPSHOT_MAX = 20

ANYONE = "queue#text#*#0"


class Shelf:
    """A queue in memory that notes what was read of it; it reads pages as the real one does."""

    def __init__(self, **partitions: list[Ticket]) -> None:
        self.partitions = {f"queue#text#={name}": tickets for name, tickets in partitions.items()}
        self.partitions[ANYONE] = partitions.get("anyone", [])
        self.reads: list[str] = []
        self.expired: set[str] = set()

    def read(
        self, partition: str, after: str | None = None, *, consistent: bool = True
    ) -> tuple[list[Ticket], str | None]:
        self.reads.append(partition)
        self.consistent = consistent
        rest = [each for each in self.partitions.get(partition, []) if after is None or each.id > after]
        page = rest[:SNAPSHOT_MAX]
        return [each for each in page if each.id not in self.expired], page[-1].id if rest[SNAPSHOT_MAX:] else None

    def read_back(self, partition: str, ticket_id: str) -> list[Ticket]:
        self.reads.append(partition)
        return [each for each in reversed(self.partitions[partition]) if each.id <= ticket_id][:NEIGHBOURS_MAX]

    def partitions_for(self, seeker: Connection, wish: Wish) -> list[str]:
        return [*(f"queue#text#={each}" for each in wish.interests), *([ANYONE] if wish.accepts_anyone else [])]

    def partitions_of(self, ticket: Ticket) -> list[str]:
        return self.partitions_for(Connection("", ""), ticket.wish)


def ticket(name: str, *interests: str, mode: str = "text") -> Ticket:
    return Ticket(name, f"{name}=", name, Wish(mode, interests))


def seeker(*interests: str, widened: bool = False, ticket_id: str | None = None) -> Connection:
    return Connection("Ada=", "ada", Wish("text", interests, widened=widened), ticket_id)


@pytest.fixture
def offered(world):
    """Return a function that says whom a search on a shelf is offered, and the search itself."""

    def start(shelf: Shelf) -> Candidates:
        return Candidates(with_parts(world.backend, queue=shelf))

    return start


def names(candidates: Candidates, who: Connection) -> list[str]:
    """Return whom somebody is offered who loses every race."""
    found = []
    while group := candidates.look(who, has_shown=False):
        found += [each.id for each in group]
        for each in group:
            candidates.leave_out(each)
    return found


def test_every_lobby_is_offered_in_order(offered):
    """Common interests first; the caller stops when it has somebody."""
    shelf = Shelf(go=[ticket("5", "go")], chess=[ticket("1", "chess")], anyone=[ticket("0")])

    assert names(offered(shelf), seeker("go", "chess", widened=True)) == ["5", "1", "0"]


def test_reading_stops_as_soon_as_somebody_was_found(offered):
    """Nothing is read that nobody needs."""
    shelf = Shelf(go=[ticket("5", "go")], anyone=[ticket("0")])

    assert [each.id for each in offered(shelf).look(seeker("go", widened=True), has_shown=False)] == ["5"]
    assert shelf.reads == ["queue#text#=go"]


def test_a_candidate_that_was_left_out_is_offered_once(offered):
    """Neither in a later look, nor in another lobby of the same look."""
    shelf = Shelf(go=[ticket("1", "go")], chess=[ticket("1", "go"), ticket("2", "chess")])
    candidates = offered(shelf)

    assert names(candidates, seeker("go", "chess")) == ["1", "2"]
    assert names(candidates, seeker("go", "chess")) == []


def test_people_met_before_come_last_and_once_however_many_lobbies_they_stand_in(offered):
    """A stranger in the last lobby goes before them; a candidate that was tried is not tried again."""
    met = replace(ticket("1", "go", "chess"), meetings=(Meeting("ada", START - 20),))
    candidates = offered(Shelf(go=[met], chess=[met], anyone=[ticket("2")]))

    assert names(candidates, seeker("go", "chess", widened=True)) == ["2", "1"]


def test_in_a_long_queue_somebody_who_waits_is_offered_their_neighbours(offered):
    """Nobody runs for the few who happen to be the oldest; and one's own hint is among what is read."""
    own = seeker(ticket_id="0070")
    crowd = [ticket(f"{number:04}") if number != 70 else own.as_ticket() for number in range(100)]
    candidates = offered(Shelf(anyone=crowd))

    assert sorted(each.id for each in candidates.look(own, has_shown=True)) == [
        f"{number:04}" for number in range(55, 70)
    ]
    assert candidates.sees_itself


def test_somebody_among_the_oldest_of_a_long_queue_has_seen_their_neighbours(offered):
    """A second read would bring the same ones."""
    own = seeker(ticket_id="0005")
    shelf = Shelf(anyone=[ticket(f"{number:04}") if number != 5 else own.as_ticket() for number in range(100)])
    offered(shelf).look(own, has_shown=True)

    assert shelf.reads == [ANYONE]


def test_somebody_far_away_is_found_when_no_neighbour_may_be_met(offered):
    """Neighbours come first; nobody who may be met is overlooked for that."""
    others = [ticket(f"{number:04}", "knitting") for number in range(100)]
    own = seeker(ticket_id="0070")

    assert names(offered(Shelf(anyone=[ticket("0"), *others, ticket("9999")])), own) == ["0", "9999"]


def test_a_seeker_whose_hint_is_gone_does_not_see_itself(offered):
    """That is how it learns that somebody has paired it."""
    candidates = offered(Shelf(anyone=[ticket("1")]))
    candidates.look(seeker(ticket_id="7"), has_shown=True)

    assert not candidates.sees_itself


def test_a_page_of_people_who_may_not_be_met_does_not_hide_the_next_one(offered):
    """Somebody further behind may be met."""
    others = [ticket(f"{number:04}", "knitting") for number in range(SNAPSHOT_MAX)]

    assert names(offered(Shelf(anyone=[*others, ticket("9999")])), seeker()) == ["9999"]


def test_a_search_reads_only_so_many_pages(offered):
    """A lobby full of people whom this seeker may not meet costs a bounded number of reads."""
    others = [ticket(f"{number:05}", "knitting") for number in range((PAGES_MAX + 2) * SNAPSHOT_MAX)]
    shelf = Shelf(anyone=others)

    assert names(offered(shelf), seeker()) == []
    assert len(shelf.reads) == PAGES_MAX


def test_a_page_of_hints_that_expired_does_not_hide_the_next_one(offered):
    """Items that expired are not returned, so a page may be empty though there is more behind it."""
    old = [ticket(f"{number:04}") for number in range(SNAPSHOT_MAX)]
    shelf = Shelf(anyone=[*old, ticket("9999")])
    shelf.expired = {each.id for each in old}

    assert names(offered(shelf), seeker()) == ["9999"]


def test_a_seeker_learns_where_its_own_hint_is_missing(offered):
    """It stands in one lobby and not in the other; nobody is offered to themself."""
    own = seeker("go", widened=True, ticket_id="7")
    candidates = offered(Shelf(go=[own.as_ticket()]))

    assert names(candidates, own) == []
    assert candidates.partitions_without(own.as_ticket()) == [ANYONE]


@pytest.mark.parametrize("has_shown", [True, False])
def test_a_look_is_consistent_where_a_hint_was_just_written(offered, has_shown):
    """Any other may be a moment old, at half the price."""
    shelf = Shelf(anyone=[ticket("5")])
    offered(shelf).look(seeker(), has_shown=has_shown)

    assert shelf.consistent is has_shown


class RefusingShelf(Shelf):
    """A queue of which some partitions refuse to be read."""

    refusing: tuple[str, ...] = (ANYONE,)

    def read(
        self, partition: str, after: str | None = None, *, consistent: bool = True
    ) -> tuple[list[Ticket], str | None]:
        found = super().read(partition, after, consistent=consistent)
        if partition in self.refusing:
            raise Busy
        return found


def test_a_place_that_refuses_is_passed_over_and_left_alone_for_a_while(offered):
    """One partition that is too hot, or gone, keeps nobody from the others."""
    shelf = RefusingShelf(anyone=[ticket("1")], go=[ticket("2", "go")])
    shelf.refusing = ("queue#text#=chess",)
    search = offered(shelf)

    found = [search.look(seeker("chess", "go"), has_shown=False) for _ in range(2)]

    assert [[each.id for each in group] for group in found] == [["2"], ["2"]]
    assert shelf.reads.count("queue#text#=chess") == 1


def test_a_search_that_is_refused_everywhere_is_told_so(offered):
    """Its client hears that the table is busy; nobody waits in vain without knowing."""
    with pytest.raises(Busy):
        offered(RefusingShelf()).look(seeker(), has_shown=False)


def test_a_search_that_every_one_of_several_places_refuses_is_told_so_as_well(offered):
    """It cannot know that nobody is there."""
    shelf = RefusingShelf()
    shelf.refusing = ("queue#text#=go", "queue#text#=chess", ANYONE)

    with pytest.raises(Busy):
        offered(shelf).look(seeker("chess", "go", widened=True), has_shown=False)


def test_a_hint_that_could_not_be_looked_for_counts_as_seen(offered):
    """Else the seeker would believe that another handler has paired it, and say nothing to anybody."""
    shelf = RefusingShelf(go=[ticket("1", "go"), ticket("9", "go")])
    search = offered(shelf)

    search.look(seeker("go", widened=True, ticket_id="10"), has_shown=True)
    assert not search.sees_itself
    search.look(seeker("chess", widened=True, ticket_id="10"), has_shown=True)
    assert search.sees_itself
