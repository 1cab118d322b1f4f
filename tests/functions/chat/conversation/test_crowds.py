"""Searching in a crowd: the seeker that claims, the one that lets the other come, and the one that need not look."""

from __future__ import annotations

PAUSE_SECONDS = 0.03
REMEMBERED_SECONDS = 0.25


def test_of_two_who_wait_the_older_claims_the_newer_whose_search_is_over(world):
    """The newer one would claim if it were still looking; it is not, so waiting for it would be in vain."""
    ada, bo = world.person("Ada"), world.person("Bo")
    ada.join(interests=["Go"])
    world.pass_time(1)
    bo.join(interests=["Chess"])
    world.pass_time(1)
    bo.join(interests=["Chess"], widen=True)
    world.news()

    ada.join(interests=["Go"], widen=True)

    assert world.clock.naps == []
    assert world.news() == {"Ada": ["waiting", "paired"], "Bo": ["paired"]}


def test_of_two_who_arrive_the_older_lets_the_newer_come_and_claims_when_it_does_not(world):
    """Two claims at once would only hinder each other; but patience has an end."""
    ada, bo = world.person("Ada"), world.person("Bo")
    ada.join(interests=["Go"])
    bo.join(interests=["Chess"])
    bo.join(interests=["Chess"], widen=True)
    world.news()

    ada.join(interests=["Go"], widen=True)

    assert set(world.clock.naps) == {PAUSE_SECONDS}
    assert ada.room == bo.room


def test_a_seeker_that_sees_a_crowd_enters_the_queue_before_claiming_anybody(world):
    """There the others see the newcomer too, and all agree who goes with whom."""
    crowd = [world.person(name) for name in ("Ada", "Bo")]
    for each, language in zip(crowd, ("en", "de"), strict=True):
        each.join(languages=[language])
    cy = world.person("Cy")
    world.client.requests.clear()

    cy.join()

    writes = [name for name, _ in world.client.requests if name in {"BatchWriteItem", "TransactWriteItems"}]
    assert writes[:2] == ["BatchWriteItem", "TransactWriteItems"]
    assert cy.room in {each.room for each in crowd if each.inbox[-1]["type"] == "paired"}


def test_a_seeker_whose_hint_was_removed_has_been_paired_and_stops(world):
    """It is no use to claim anybody then, and no `waiting` is said any more."""
    ada, bo, cy, dee = (world.person(name) for name in ("Ada", "Bo", "Cy", "Dee"))
    ada.join(languages=["de"])
    bo.join(languages=["fr"])
    world.news()
    # Cy has entered the queue for the crowd of two; Dee, whom those two may not meet, comes before Cy looks again.
    world.client.interrupt(4, lambda: dee.join(languages=["en"]))

    cy.join()

    assert world.news() == {"Cy": ["paired"], "Dee": ["paired"]}
    assert cy.room == dee.room


def test_a_seeker_that_comes_just_after_a_crowd_enters_the_queue_without_a_look(world):
    """This process knows already what that look would say."""
    crowd = [world.person(name) for name in ("Ada", "Bo")]
    for each, language in zip(crowd, ("en", "de"), strict=True):
        each.join(languages=[language])
    world.person("Cy").join()
    dee = world.person("Dee")
    world.client.requests.clear()

    dee.join()

    assert [name for name, _ in world.client.requests][:4] == ["GetItem", "UpdateItem", "BatchWriteItem", "Query"]
    assert dee.room in {each.room for each in crowd if each.inbox[-1]["type"] == "paired"}


def test_a_crowd_is_forgotten_after_a_moment(world):
    """Two people alone meet with as few writes as ever."""
    for name, language in (("Ada", "en"), ("Bo", "de")):
        world.person(name).join(languages=[language])
    world.person("Cy").join()
    world.pass_time(REMEMBERED_SECONDS)
    dee = world.person("Dee")
    world.client.requests.clear()

    dee.join()

    assert [name for name, _ in world.client.requests][:3] == ["GetItem", "Query", "TransactWriteItems"]
