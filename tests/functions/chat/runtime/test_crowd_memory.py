"""The memory that a process has of a crowd, and how long it lasts."""

from __future__ import annotations

from functions.chat.runtime.crowd_memory import Crowd

REMEMBERED_SECONDS = 0.25

NOW = 1000.0


def test_a_process_that_has_seen_none_expects_none():
    """It looks first."""
    assert not Crowd().is_near(NOW)
    assert Crowd().long_queues(NOW) == set()


def test_a_crowd_is_near_for_a_moment():
    """And no longer."""
    crowd = Crowd()
    crowd.note(NOW)

    assert crowd.is_near(NOW + REMEMBERED_SECONDS * 0.9)
    assert not crowd.is_near(NOW + REMEMBERED_SECONDS)


def test_each_queue_is_remembered_by_itself_and_forgotten_again():
    """Interests are endless; an old note is not kept."""
    crowd = Crowd()
    crowd.note_long("tea", NOW)
    crowd.note_long("chess", NOW + REMEMBERED_SECONDS * 0.6)

    assert crowd.long_queues(NOW + REMEMBERED_SECONDS * 0.9) == {"tea", "chess"}
    crowd.note_long("go", NOW + REMEMBERED_SECONDS * 1.1)
    assert crowd.long_queues(NOW) == {"chess", "go"}


def test_a_partition_that_refused_is_left_alone_for_a_while():
    """For two seconds; others are asked as before, and an old note is not kept."""
    crowd = Crowd()
    crowd.note_refusing("tea", NOW)

    assert crowd.is_refusing("tea", NOW + 1.9)
    assert not crowd.is_refusing("tea", NOW + 2.0)
    assert not crowd.is_refusing("chess", NOW)
    crowd.note_refusing("go", NOW + 2.0)
    assert not crowd.is_refusing("tea", NOW)
