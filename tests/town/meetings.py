"""The numbers of meetings: of bots that meet everybody, of people who skip quickly, and of two who have just parted."""

from __future__ import annotations

from functools import partial

from tests.town.kinds import BOT, HONEST, SKIPPER, WORKING_BOT
from tests.town.ledger import Encounter
from tests.town.people import Person, arrive, crowd, with_history
from tests.town.town import HOUR, MINUTE, Town

PEOPLE_OF_BOT, MINUTES_OF_BOT = 100, 10  # in which all of them are replaced
PEOPLE_OF_SIX, BOTS, MINUTES_OF_SIX = 30, 6, 10
PEOPLE_OF_SKIPPER, SKIPS_SECONDS = 80, 30
REMATCH_SECONDS, ALONE_SECONDS = 60.0, 10.0
MARGIN_SECONDS = 1.0  # between the end of a room and when its people hear of it
HOPPERS = 13
BUSY = HONEST._replace(name="busy", quick=1.0)
LONG = HONEST._replace(quick=0.2, talk_seconds=60.0)


def one_bot(
    *, clears: bool = False, works: bool = False, hops: bool = False, is_known: bool = False, minutes: int = 60
) -> dict[str, float]:
    """Return how many different people one bot meets in an hour, with people who change; `hops`: to another /64."""
    town = Town(f"bot {clears} {works} {hops} {is_known}")
    people = crowd(town, LONG, PEOPLE_OF_BOT, town.networks.home)
    addresses = town.networks.prefix(48, town.chance) if hops else town.networks.home()
    bot = Person(town, WORKING_BOT if works else BOT, addresses)
    if is_known:
        with_history(town, [bot, *people[:3]])
    arrive(town, people, MINUTE)
    began = town.now()
    town.later(MINUTE, bot.come)
    for number in range(minutes * 6 if clears else 0):
        town.later(MINUTE + number * 10.0, lambda: reopen(bot))
    # Everybody is replaced within ten minutes, so that the bot never runs out of strangers.
    present = list(people)
    for number in range(1, PEOPLE_OF_BOT * minutes // MINUTES_OF_BOT):
        town.later(MINUTE + number * MINUTES_OF_BOT * MINUTE / PEOPLE_OF_BOT, partial(replace_one, town, present))
    town.run((minutes + 1) * MINUTE)
    different = {id(each.other(bot)) for each in town.ledger.of(bot, since=began)}
    return {"an hour": len(different) * HOUR / (minutes * MINUTE)}


def replace_one(town: Town, present: list[Person]) -> None:
    """Let the one who has been here for longest go, and somebody new come."""
    present.pop(0).go()
    present.append(Person(town, LONG, town.networks.home()))
    present[-1].come()


def reopen(bot: Person) -> None:
    """Come back as a newcomer."""
    bot.client.close()
    bot.client.clear()
    bot.come()


def six_bots(*, works: bool = False, share_address: bool = False, seed: str = "1") -> dict[str, float]:
    """Return how many encounters a bot has for each one of a person, where 6 bots are among 30 people for an hour."""
    town = Town(f"six {seed}")
    people = crowd(town, LONG, PEOPLE_OF_SIX, town.networks.home)
    team: list[Person] = []
    site = town.networks.home()
    bots = crowd(
        town, WORKING_BOT if works else BOT, BOTS, (lambda: site) if share_address else town.networks.home, team=team
    )
    arrive(town, [*people, *bots], MINUTE)
    town.run(MINUTES_OF_SIX * MINUTE)
    first = ratio(town, bots, people)
    town.run(HOUR - MINUTES_OF_SIX * MINUTE)
    with_bot = len(town.ledger.between(people, bots))
    share = 100 * with_bot / len(list(town.ledger.whole()))
    of_all = ratio(town, bots, people, with_bots=True)
    return {"bot to person": ratio(town, bots, people), "of all": of_all, "in ten minutes": first, "share": share}


def ratio(town: Town, bots: list[Person], people: list[Person], *, with_bots: bool = False) -> float:
    """Return how many people a bot has met for each one that a person has, or for each person and bot.

    Bots of one address meet one another as well, which takes nothing from anybody.
    """
    peers = [*people, *bots] if with_bots else people
    of_bots = len(town.ledger.between(bots, people)) / len(bots)
    of_people = sum(len(town.ledger.between([each], peers)) for each in people) / len(people)
    return of_bots / max(1.0, of_people)


def quick_skipper(*, is_known: bool = True, seed: str = "1") -> dict[str, float]:
    """Return how many people an honest skipper meets a second who takes less than one for each, for half a minute."""
    town = Town(f"skipper {seed}")
    people = crowd(town, BUSY, PEOPLE_OF_SKIPPER, town.networks.home)
    skipper = Person(town, SKIPPER, town.networks.home())
    with_history(town, [*people[::2], *([skipper] if is_known else [])])
    arrive(town, people, 10.0)
    town.run(20.0)
    began = town.now()
    skipper.come()
    town.run(SKIPS_SECONDS)
    return {"a second": len(town.ledger.of(skipper, since=began)) / SKIPS_SECONDS}


def rematches(*, clears: bool, seed: str = "1") -> dict[str, float]:
    """Let people close their sockets at each end and come back; return how many met again too soon.

    Too soon is within 10 seconds, or within a minute while somebody waited, with a turn, whom one of them had not
    met so lately.
    """
    town = Town(f"rematch {seed}")
    people = [Hopper(town, HONEST._replace(quick=1.0), town.networks.home(), clears) for _ in range(HOPPERS)]
    town.ledger.watched = people
    arrive(town, people, 5.0)
    town.run(10 * MINUTE)
    ended: dict[frozenset[int], float] = {}
    within_alone = too_soon = 0
    for each in town.ledger.whole():
        pair = frozenset((id(each.first), id(each.second)))
        gap = each.at - ended.get(pair, -REMATCH_SECONDS)
        within_alone += gap < ALONE_SECONDS - MARGIN_SECONDS
        too_soon += gap < REMATCH_SECONDS - MARGIN_SECONDS and strangers_wait(town, each, ended)
        ended[pair] = each.ended_at or each.at
    return {"within 10 s": within_alone, "too soon": too_soon, "encounters": len(list(town.ledger.whole()))}


def strangers_wait(town: Town, encounter: Encounter, ended: dict[frozenset[int], float]) -> bool:
    """Tell whether somebody waited who had a turn, and whom one of the two had not met within the last minute."""
    return any(
        encounter.at - ended.get(frozenset((id(waiter), id(one))), -REMATCH_SECONDS) >= REMATCH_SECONDS
        for waiter in town.ledger.waiting_at.get(encounter.room, ())
        for one in (encounter.first, encounter.second)
        if waiter is not encounter.first and waiter is not encounter.second
    )


class Hopper(Person):
    """Skips by closing the page and opening it again."""

    def __init__(self, town: Town, kind: object, addresses: object, clears: bool) -> None:
        super().__init__(town, kind, addresses)  # type: ignore[arg-type]
        self.clears = clears

    @property
    def may_be_met(self) -> bool:
        """Whether it waits, and not for a turn: without one it meets nobody for now, a stranger or not."""
        connection = self.town.site.backend.store.get_connection(self.client.connection or "")
        return self.client.is_waiting and connection is not None and not connection.waits_for_turn

    def _skip(self, room: str) -> None:
        if self.client.room == room:
            self.client.close()
            if self.clears:
                self.client.clear()
            self.town.later(0.2, self.come)
