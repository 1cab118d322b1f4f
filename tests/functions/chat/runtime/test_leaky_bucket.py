"""One process counts exactly, and tells the others of whole batches only."""

from __future__ import annotations

import threading

from functions.chat.model.rates import Rate
from functions.chat.runtime.leaky_bucket import Meter, Pace

BATCH_SECONDS = 10.0

RATE = Rate(burst=5, per_second=2)
NOW = 1_800_000_000.0


def test_a_burst_passes_and_one_more_does_not():
    """Its sender is told so once a second."""
    meter = Meter()
    paces = [meter.take("ada", RATE, NOW) for _ in range(8)]

    assert paces == [Pace.FINE] * 5 + [Pace.TELLING] + [Pace.SILENT] * 2
    assert meter.take("ada", RATE, NOW + 0.4) is Pace.SILENT


def test_an_amount_that_leaked_meanwhile_passes_again():
    """Two a second for ever, and a whole burst after a pause."""
    meter = Meter()
    for _ in range(5):
        meter.take("ada", RATE, NOW)

    assert [meter.take("ada", RATE, NOW + 1) for _ in range(3)] == [Pace.FINE, Pace.FINE, Pace.TELLING]
    assert [meter.take("ada", RATE, NOW + 100) for _ in range(6)] == [Pace.FINE] * 5 + [Pace.TELLING]


def test_a_refused_amount_fills_no_bucket():
    """Somebody who keeps trying is let through as soon as somebody who waits."""
    meter = Meter()
    for _ in range(100):
        meter.take("ada", RATE, NOW)

    assert meter.take("ada", RATE, NOW + 1) is Pace.FINE


def test_everybody_has_a_bucket_of_their_own():
    """And each of their routes."""
    meter = Meter()
    for _ in range(6):
        meter.take("ada", RATE, NOW)

    assert meter.take("bo", RATE, NOW) is Pace.FINE


def test_a_rate_that_is_kept_for_ever_passes_for_ever():
    """A bucket that never overflows never fills up."""
    meter = Meter()
    assert {meter.take("ada", RATE, NOW + step / 2) for step in range(10_000)} == {Pace.FINE}


def test_a_key_that_is_held_back_passes_again_when_the_time_is_over():
    """All processes together let too much pass."""
    meter = Meter()
    meter.hold("ada", NOW + 2)

    assert [meter.take("ada", RATE, NOW + at) for at in (0, 1.9, 2)] == [Pace.TELLING, Pace.TELLING, Pace.FINE]


def test_a_batch_is_told_when_it_is_whole():
    """And the next one begins."""
    meter = Meter()

    told = [meter.batch("ada", 3, NOW) for _ in range(7)]
    assert told == [False, False, True, False, False, True, False]


def test_a_client_that_does_little_is_never_told_of():
    """A count that was no batch by then was no flood."""
    meter = Meter()
    steps = range(1000)

    assert not any(meter.batch("ada", 3, NOW + step * (BATCH_SECONDS / 2 + 1)) for step in steps)


def test_only_so_many_are_counted_at_a_time():
    """The one that was quiet for longest is forgotten; a flood is not quiet."""
    meter = Meter(keys_max=3)
    for _ in range(5):
        meter.take("flood", RATE, NOW)
    for number in range(100):
        meter.take(f"person {number}", RATE, NOW)
        assert meter.take("flood", RATE, NOW) is not Pace.FINE

    assert len(meter._counts) == 3


def test_threads_count_together():
    """The local gateway runs all handlers in one process."""
    meter, rate = Meter(), Rate(burst=1000, per_second=0)
    results: list[Pace] = []

    def take() -> None:
        results.extend(meter.take("ada", rate, NOW) for _ in range(500))

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert results.count(Pace.FINE) == 1000
