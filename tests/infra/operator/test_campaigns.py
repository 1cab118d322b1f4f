"""One decision undoes a campaign."""

from __future__ import annotations

from tests.functions.doorstep import come, come_known, device_of, known_crowd, record_of, report
from tests.functions.world import Person
from tests.infra.operator.conftest import Desk

CHECKED_SECONDS = 10.0


def attacked(desk: Desk, liars: list[Person], *names: str) -> list[Person]:
    """Let liars have people banned, each as the last report of three comes to."""
    victims = []
    for name in names:
        victim = come(desk.world, name, address=f"198.18.{len(desk.world.people)}.1")
        for liar in liars:
            report(liar, victim)
            liar.send("leave")
        victim.send("leave")
        victims.append(victim)
    desk.world.ring()
    return victims


def test_a_campaign_is_undone_for_all_of_its_victims_by_one_decision(desk: Desk) -> None:
    """A group takes turns, and no two victims have the same reporters; a ban that others led to stays.

    Those who lied weigh nothing for a month.
    """
    world = desk.world
    others = known_crowd(world, 3)
    (offender,) = attacked(desk, others, "an offender")
    for other in others:
        other.disconnect()
    liars = [come_known(world, f"liar {number}", address=f"203.0.{number}.1") for number in range(7)]
    victims = [
        *attacked(desk, liars[:3], "Eve"),
        *attacked(desk, liars[1:5], "Ida"),
        *attacked(desk, liars[3:7], "Mia"),
    ]
    bans = [record_of(world, device_of(each)).ban for each in victims]
    assert all(bans)
    assert bans[0] is not None

    said = desk.ask("decide", bans[0].case, "grant", "--campaign")

    assert "2 other bans end" in said
    world.pass_time(CHECKED_SECONDS)
    for victim in victims:
        victim.join(interests=[victim.name])
        assert victim.inbox[-1]["type"] == "waiting"
    assert record_of(world, device_of(offender)).ban is not None
    late = come(world, "one more", address="198.18.99.1")
    for liar in liars:
        report(liar, late)
        liar.send("leave")
    assert record_of(world, device_of(late)).score(world.clock.now()) == 0
