"""At which hours of the day most people are usually here. Pure.

Each hour of the day (UTC) has a figure: the minutes that people spent here in it, added up over the people, on a usual
day. Each new day takes a seventh of the figure, and the days before it keep the rest. No process writes down an hour in
which nobody was here; the next count adds it as zero.
"""

from __future__ import annotations

from typing import NamedTuple

HOURS_OF_DAY = 24
WEIGHT = 1 / 7  # of the newest day: a day of a week ago still weighs a third of that
DAYS_MIN = 3  # with fewer days one busy evening would look usual
WINDOW_HOURS = 3  # long enough to be met by chance, short enough to come for
PEOPLE_MIN = 2  # at once, as a mean of those hours: one alone meets nobody
PEAK_MIN = 1.5  # so many times the mean of the day: where all hours are alike none is the busiest
MINUTES_OF_HOUR = 60


class Hours(NamedTuple):
    """The counts so far: usual minutes by hour of the day, those of the running hour, and since when it is counted.

    `hour` and `since` are whole hours since 1970.
    """

    usual: tuple[float, ...]
    hour: int
    minutes: int
    since: int


def counted(hours: Hours | None, hour: int, here: int) -> Hours:
    """Return the counts after so many people were here for one more minute of `hour`."""
    if hours is None:
        return Hours((0.0,) * HOURS_OF_DAY, hour, here, hour)
    if hour <= hours.hour:
        return hours._replace(minutes=hours.minutes + here)
    usual = list(hours.usual)
    usual[hours.hour % HOURS_OF_DAY] += (hours.minutes - usual[hours.hour % HOURS_OF_DAY]) * WEIGHT
    for empty in range(hours.hour + 1, min(hour, hours.hour + 1 + HOURS_OF_DAY)):
        days = (hour - 1 - empty) // HOURS_OF_DAY + 1
        usual[empty % HOURS_OF_DAY] *= (1 - WEIGHT) ** days
    return Hours(tuple(round(each, 2) for each in usual), hour, here, hours.since)


def busiest(hours: Hours) -> tuple[int, ...]:
    """Return the hours of the day (UTC) in a row at which most people are here; none where that is not known."""
    if hours.hour - hours.since < DAYS_MIN * HOURS_OF_DAY:
        return ()
    windows = [tuple((start + step) % HOURS_OF_DAY for step in range(WINDOW_HOURS)) for start in range(HOURS_OF_DAY)]
    best = max(windows, key=lambda window: sum(hours.usual[hour] for hour in window))
    mean = sum(hours.usual[hour] for hour in best) / WINDOW_HOURS
    is_peak = mean >= PEAK_MIN * sum(hours.usual) / HOURS_OF_DAY
    return best if is_peak and mean >= PEOPLE_MIN * MINUTES_OF_HOUR else ()
