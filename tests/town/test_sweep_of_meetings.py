"""Other scripts than those that were described, of who meets whom: bots, puzzles, stalkers and rematches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import pytest

from tests.puzzles import solve
from tests.town.hand import Hand, change, known, meet
from tests.town.town import DAY, HOUR, MINUTE, Town

BOT = "203.0.113.9"
HOUSEHOLD = "2001:db8:7:{:x}::1"


@pytest.fixture
def town() -> Town:
    return Town("sweep")


def strangers(town: Town) -> Iterator[Hand]:
    """Give people of networks of their own, one after another; each waits."""
    while True:
        stranger = Hand(town, town.networks.home()())
        stranger.join()
        yield stranger


# Bots: nobody outruns the turns of one address, however they go about it.


class Bot:
    """Meets one stranger after another, by one way of going on."""

    def __init__(self, town: Town) -> None:
        self.town, self.windows = town, [Hand(town, BOT)]

    def look(self) -> str | None:
        """Look for somebody; return the room."""
        return self.windows[0].join()

    def part(self, room: str) -> None:
        """Go on."""
        self.windows[0].send("leave", room=room)


class Skipping(Bot):
    def part(self, room: str) -> None:
        self.windows[0].send("skip", room=room)
        self.windows[0].send("leave")


class Clearing(Bot):
    """Another browser for each person."""

    def look(self) -> str | None:
        self.windows = [Hand(self.town, BOT)]
        return super().look()

    def part(self, room: str) -> None:
        self.windows[0].close()


class Hopping(Clearing):
    """And another /64 of its /48."""

    number = 0

    def look(self) -> str | None:
        self.number += 1
        self.windows = [Hand(self.town, HOUSEHOLD.format(self.number))]
        return self.windows[0].join()


class WithWindows(Bot):
    """Ten windows, each with its own browser, in turn."""

    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.windows = [Hand(town, BOT) for _ in range(10)]

    def look(self) -> str | None:
        self.windows = [*self.windows[1:], self.windows[0]]
        return super().look()


class WithKnownWindows(Bot):
    """One device that talked on an earlier day, in several windows."""

    def __init__(self, town: Town) -> None:
        token = known(town, BOT)
        super().__init__(town)
        self.windows = [Hand(town, BOT, token) for _ in range(5)]

    def look(self) -> str | None:
        self.windows = [*self.windows[1:], self.windows[0]]
        return super().look()


class LeftByOthers(Bot):
    """Has the others leave, which a vile word does."""

    def part(self, room: str) -> None:
        self.windows[0].send("leave")


class Resuming(Bot):
    """Loses its socket after each person, and continues it by another one."""

    def part(self, room: str) -> None:
        super().part(room)
        bot = self.windows[0]
        bot.join(interests=["nobody has this"])
        token = bot.resume
        bot.close(1006)
        self.windows = [Hand(self.town, BOT)]
        self.windows[0].send("resume", token=token)
        self.windows[0].send("leave")


WAYS = (Bot, Skipping, Clearing, Hopping, WithWindows, WithKnownWindows, LeftByOthers, Resuming)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("pause", [0.2, 8.0])
def test_no_bot_meets_more_than_the_turns_of_its_address(town: Town, way: Callable[[Town], Bot], pause: float):
    """It solves every puzzle at once; of 100 strangers in a row it meets what 66 turns and those of the time allow."""
    bot, waiting = way(town), strangers(town)
    met, began = 0, town.now()
    for _ in range(100):
        stranger = next(waiting)
        room = bot.look()
        met += room is not None
        if room is not None:
            bot.part(room)
        elif bot.windows[0].status == 200:
            bot.windows[0].send("leave")
        stranger.close()
        town.run(pause)

    turns = 66 + (town.now() - began) * 48 / HOUR
    assert 20 <= met <= turns + 2, "one process keeps two searches to itself"


def most_in_an_hour(times: list[float]) -> int:
    """Return how many of these lie within the fullest hour, whenever it begins."""
    return max(sum(begin <= each < begin + HOUR for each in times) for begin in times)


class Hoard:
    """Sockets of one address that wait for what nobody else wants, each with a turn that it took before."""

    def __init__(self, town: Town) -> None:
        self.town, self.met, self.waiting = town, list[float](), strangers(town)
        self.bots: dict[str, Hand] = {}

    def grow(self, count: int) -> None:
        """Have as many more take their turns at once."""
        for _ in range(count):
            bot = Hand(self.town, BOT)
            first, second = divmod(len(self.bots), 26)
            assert bot.join(languages=[f"q{chr(97 + first)}{chr(97 + second)}"]) is None
            self.bots[bot.id] = bot

    def meet(self, strangers: int, every: float) -> None:
        """Have so many come one after another, each of whom stays for a moment; a person who met one is used up."""
        for _ in range(strangers):
            stranger = next(self.waiting)
            self.town.run(0.2)  # in a crowd a search takes a moment longer
            room = stranger.heard[-1].get("room")
            for bot in [each for each in self.bots.values() if room is not None and each.heard[-1].get("room") == room]:
                self.met.append(self.town.now())
                del self.bots[bot.id]
                bot.close()
            stranger.close()
            self.town.run(every)


def test_turns_that_were_saved_up_over_hours_are_met_by_no_more_than_120_in_any_hour(town: Town):
    """Sockets took some when nobody came, and as many again just before people come in a crowd."""
    hoard = Hoard(town)
    hoard.grow(66)
    town.run(5_000)
    hoard.grow(66)
    town.run(380)
    hoard.meet(90, every=0.0)
    crowd = len(hoard.met)
    hoard.meet(100, every=HOUR / 100)

    assert 66 <= crowd <= 80, "the newest turns count as they are, and as many older ones as there is room for"
    assert 110 <= most_in_an_hour(hoard.met) <= 120 + 2, "one process keeps two searches to itself"


def test_a_person_who_waited_alone_for_an_hour_meets_the_first_one_who_comes(town: Town):
    """At once, also beside 20 neighbours who have waited for as long; each of them meets the next one."""
    hoard = Hoard(town)
    hoard.grow(21)
    for _ in range(8):
        town.run(HOUR / 8)
        for at, bot in enumerate(hoard.bots.values()):
            bot.send("join", mode="text", languages=[f"qa{chr(97 + at)}"])
    hoard.meet(21, every=0.0)

    assert len(hoard.met) == 21


def test_a_hoarder_of_puzzles_meets_nobody_sooner(town: Town):
    """Each is for the next meeting of one visitor, which takes a turn whenever it is solved."""
    bots = [Hand(town, BOT) for _ in range(90)]
    hoard = []
    for bot in bots:
        told = bot.send("join", mode="text", interests=["nobody has this"])
        hoard += [(bot, each["puzzle"]) for each in told if "puzzle" in each]
        bot.send("leave")
    assert len(hoard) >= 65
    waiting, met = strangers(town), 0
    for bot, puzzle in hoard:
        stranger = next(waiting)
        met += bot.send("join", mode="text", solution=solve(puzzle))[-1]["type"] == "paired"
        bot.send("leave")
        other = next(waiting)
        assert bot.send("join", mode="text", solution=solve(puzzle))[-1]["type"] != "paired", "the same work again"
        for each in (bot, stranger, other):
            each.close()

    assert 40 <= met <= 66, "of all newcomers of an address together"


@pytest.mark.parametrize(
    "thief", ["another address", "another device of the address", "another network's known device"]
)
def test_a_puzzle_of_somebody_else_is_worth_nothing(town: Town, thief: str):
    """Neither unsolved nor solved: whose meeting it is for is signed, with what no client knows."""
    owner = Hand(town, BOT)
    told = worked_up(owner)
    address = "198.51.100.1" if thief != "another device of the address" else BOT
    other = Hand(town, address, known(town, address) if "known" in thief else None)
    worked_up(other)
    next(strangers(town))
    heard = other.send("join", mode="text", solution=solve(told["puzzle"]))
    expected = "waiting" if "known" not in thief else "paired"

    assert heard[-1]["type"] == expected, "a known device is asked for nothing"


def worked_up(hand: Hand) -> dict[str, Any]:
    """Let others of somebody's address search until they are asked to work; return what they are told then."""
    for number in range(25):
        other = Hand(hand.town, hand.address)
        other.join(works=False, interests=[f"nobody has this {number}"])
        other.close()
    return hand.send("join", mode="text", interests=[f"nobody but {hand.id}"])[-1]


def test_a_puzzle_that_is_ten_minutes_old_is_worth_nothing(town: Town):
    """And the next one is told with the answer."""
    bot = Hand(town, BOT)
    puzzle = worked_up(bot)["puzzle"]
    town.run(10 * MINUTE + 1)
    use_up_the_turns(town, strangers(town))
    next(strangers(town))

    assert bot.send("join", mode="text", solution=solve(puzzle))[-1]["type"] == "waiting"


def use_up_the_turns(town: Town, waiting: Iterator[Hand]) -> None:
    """Let a bot that clears its browser each time look for a hundred strangers from the address."""
    bot = Clearing(town)
    for _ in range(100):
        stranger = next(waiting)
        bot.look()
        bot.windows[0].close()
        stranger.close()


def test_a_bot_beside_them_delays_the_newcomers_of_a_campus_by_nothing_among_themselves(town: Town):
    """It has used up the turns of their address; people of one network meet at once, and none is refused."""
    use_up_the_turns(town, strangers(town))
    for _ in range(5):
        one, other = Hand(town, BOT), Hand(town, BOT)
        assert one.join(works=False) is None
        assert other.join(works=False) == one.last("paired")["room"]


def test_known_people_of_a_campus_give_its_newcomers_their_turns_back(town: Town):
    """A bot has used them up; as many people who were here before look for somebody, and a newcomer waits no more."""
    waiting = strangers(town)
    use_up_the_turns(town, waiting)
    newcomer = Hand(town, BOT)
    next(waiting)
    assert newcomer.join() is None
    newcomer.close()
    for _ in range(40):
        student = Hand(town, BOT, known(town, BOT))
        for number in range(4):
            student.join(interests=[f"nobody {number}"])
            student.send("leave")
        student.close()

    assert Hand(town, BOT).join() is not None


def test_a_known_device_that_meets_everybody_pays_for_few_of_its_own_newcomers(town: Town):
    """A bot has one, and clears its other browser each time: the turns of the one are no more turns for the other."""
    waiting = strangers(town)
    use_up_the_turns(town, waiting)
    window = Hand(town, BOT, known(town, BOT))
    for _ in range(60):
        stranger = next(waiting)
        assert window.join() is not None
        window.send("leave")
        stranger.close()
    met = 0
    for _ in range(40):
        newcomer, stranger = Hand(town, BOT), next(waiting)
        met += newcomer.join() is not None
        for each in (newcomer, stranger):
            each.close()

    assert 10 <= met <= 20


# Stalkers: a reported person does not find the reporter within a day.


class Way(NamedTuple):
    """How somebody looks again who was reported."""

    name: str
    address: str = BOT
    keeps: bool = False
    hoards: bool = False
    opens_before: bool = False
    resumes: bool = False
    windows: int = 1
    wish: dict[str, Any] = {}  # noqa: RUF012 - nobody writes to it


STALKING = (
    Way("a cleared browser"),
    Way("the same browser", keeps=True),
    Way("another address of the network", address="203.0.113.77"),
    Way("a token minted before", hoards=True),
    Way("a window opened before", opens_before=True),
    Way("the lost socket resumed", resumes=True),
    Way("five windows", windows=5),
    Way("a rare interest", wish={"interests": ["hurdy-gurdy"]}),
    Way("a rare language", wish={"languages": ["eo"]}),
    Way("a rare interest, widened", wish={"interests": ["hurdy-gurdy"], "widen": True}),
)


@pytest.mark.parametrize("later", [0.0, 2 * HOUR, 23 * HOUR])
@pytest.mark.parametrize("way", STALKING, ids=lambda way: way.name)
def test_a_reported_person_does_not_find_the_reporter_within_a_day(town: Town, way: Way, later: float):
    """By whichever script; somebody else who wishes the same does."""
    early = Hand(town, BOT)
    hoarded = early.token
    if not way.opens_before:
        early.close()
    stalker, victim = Hand(town, BOT), Hand(town, "192.0.2.1")
    room = meet(stalker, victim, **way.wish)
    town.run(10)
    kept, hers, token = stalker.token, victim.token, stalker.resume
    victim.send("report", room=room, reason="harassment")
    if way.resumes:
        stalker.close(1006)
    else:
        stalker.send("leave")
    victim.close()
    if later:
        town.run(later)
    victim = Hand(town, "192.0.2.1", hers)
    victim.join(**way.wish)
    device = kept if way.keeps else hoarded if way.hoards else None
    sockets = (
        [early] if way.opens_before and not later else [Hand(town, way.address, device) for _ in range(way.windows)]
    )
    for _ in range(15):
        for each in sockets:
            if way.resumes:
                each.send("resume", token=token)
            each.join(**way.wish)
        town.run(4.5)
        victim.join(**way.wish)

    assert victim.heard[-1]["type"] == "waiting"
    for each in sockets:
        each.close()
    assert Hand(town, "198.51.100.8").join(**way.wish) is not None


@pytest.mark.parametrize("asks", [False, True], ids=["only waits", "asks again"])
def test_the_reporters_other_window_is_found_by_no_newcomer_either(town: Town, asks: bool):
    """Also one in the background that says nothing for minutes."""
    stalker, victim = Hand(town, BOT), Hand(town, "192.0.2.1")
    room = meet(stalker, victim)
    wish: dict[str, Any] = {"interests": ["hurdy-gurdy"]}
    window = Hand(town, "192.0.2.1", victim.token)
    window.join(**wish)
    town.run(10)
    victim.send("report", room=room, reason="harassment")
    for _ in range(14):
        town.run(4.5)
        if asks:
            window.join(**wish)

    assert Hand(town, BOT).join(**wish) is None
    assert Hand(town, "198.51.100.8").join(**wish) is not None


def test_a_person_reported_before_midnight_finds_nobody_after_it_by_browsers_that_talked_in_between(town: Town):
    """Two windows of their own talk for a minute on the day before, and the reporter waits minutes later."""
    town.run(DAY - town.site.clock.now() % DAY - 10 * MINUTE)
    stalker, victim = Hand(town, BOT), Hand(town, "192.0.2.1")
    room = meet(stalker, victim)
    town.run(10)
    hers = victim.token
    victim.send("report", room=room, reason="harassment")
    windows = [Hand(town, BOT), Hand(town, BOT)]
    for each in (victim, stalker):
        each.close()
    meet(*windows)
    town.run(65)
    token = windows[0].token
    for each in windows:
        each.close()
    town.run(10 * MINUTE)
    victim = Hand(town, "192.0.2.1", hers)
    victim.join()

    assert Hand(town, BOT, token).join() is None
    assert Hand(town, "198.51.100.8").join() is not None


# Rematches: not within the minute, also where sockets were closed.


@pytest.mark.parametrize("hops", [False, True], ids=["same address", "another /64"])
@pytest.mark.parametrize("keeps", [False, True], ids=["cleared", "kept"])
@pytest.mark.parametrize("code", [1000, 1001, 1006, 4001])
@pytest.mark.parametrize("closes", ["one", "both"])
def test_the_same_two_do_not_meet_again_within_ten_seconds_however_they_closed(
    town: Town, closes: str, code: int, keeps: bool, hops: bool
):
    """Nor within the minute where somebody else waits."""
    ada, eve = Hand(town, "192.0.2.1"), Hand(town, HOUSEHOLD.format(1))
    meet(ada, eve)
    town.run(3)
    tokens = [each.token if keeps else None for each in (ada, eve)]
    eve.close(code)
    if closes == "both":
        ada.close(code)
    town.run({1006: 21.5, 4001: 6.5}.get(code, 0))  # the grace of a socket that died, and of a page that is left
    eve = Hand(town, HOUSEHOLD.format(2 if hops else 1), tokens[1])
    ada = Hand(town, "192.0.2.1", tokens[0]) if closes == "both" else ada
    began = town.now()
    while town.now() - began < 8:
        assert ada.join() is None
        assert eve.join() is None
        town.run(0.9)
    cy = Hand(town, "198.51.100.8")
    assert cy.join() is not None


def test_a_changed_history_does_not_shorten_what_a_report_keeps_apart(town: Town):
    """A device that becomes known after it was reported is not met either, on any later day."""
    stalker, victim = Hand(town, BOT), Hand(town, "192.0.2.1")
    room = meet(stalker, victim)
    town.run(10)
    tokens, device = (stalker.token, victim.token), stalker.device
    victim.send("report", room=room, reason="hate")
    stalker.close()
    victim.close()
    town.run(3 * DAY)
    change(town, device, lambda own: replace(own, days=2, last_day=own.last_day))
    again, her = Hand(town, BOT, tokens[0]), Hand(town, "192.0.2.1", tokens[1])
    for _ in range(20):
        assert again.join() is None
        assert her.join() is None
        town.run(5)
