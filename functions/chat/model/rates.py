"""How much anybody may do, once: every rate with its reason. Pure.

A rate is a leaky bucket: `burst` at once, and `per_second` on and on. People are far below all of them; what is above
is told `rate_limited` and not done. Where a rate of frames is crossed that no client of ours could send, the
connection is cut off (moderation/bans.py).
"""

from __future__ import annotations

from typing import NamedTuple


class Rate(NamedTuple):
    """So much at once, and so much a second for ever."""

    burst: float
    per_second: float

    def level(self, count: float, seconds: float) -> float:
        """Return how full the bucket is after `count` in `seconds`; above `burst` it overflows."""
        return count - self.per_second * seconds

    def seconds_over(self, level: float) -> float:
        """Return how long a bucket that is so full overflows; 0 when it does not."""
        return max(0.0, (level - self.burst) / self.per_second)


# All frames of one connection. A page that comes back to a long conversation sends some hundred frames at once; 500
# frames a second are cut off after 2.5 s at most.
FLOOD = Rate(burst=1100, per_second=50)
# A frame over the rate of its route counts as so many. A client that is told `rate_limited` and goes on is cut off
# sooner: it takes from the throttles, which all share.
FRAMES_OF_REFUSED = 5

# Sockets that one device, or the newcomers of one address, open: an address may be a campus, or the network of a phone
# company on which a thousand people come back at the same moment after a failure.
CONNECTS_OF_DEVICE = Rate(burst=30, per_second=0.2)
CONNECTS_OF_ADDRESS = Rate(burst=300, per_second=5)

# Reports that count of one device, of all newcomers of one network, and of all known devices of one network about
# people of others. What is beyond the last is a newcomer's word; what is beyond the others still keeps the two apart,
# and weighs nothing. Two of three networks have to say a full word for a ban, so that few can be had by lies in a day.
# Of its network's full words a known device has one at once and one a day: nobody uses up those of their neighbours.
REPORTS_OF_DEVICE = Rate(burst=5, per_second=6 / 86_400)
REPORTS_OF_NEWCOMERS = Rate(burst=4, per_second=4 / 86_400)
REPORTS_OF_KNOWN = Rate(burst=3, per_second=3 / 86_400)
FULL_WORDS_OF_DEVICE = Rate(burst=1, per_second=1 / 86_400)

# Complaints of people outside, by everybody behind one address together: the form is for those who have no device to
# know them by, and a full desk helps nobody. A person who has more to say puts it into one.
COMPLAINTS_OF_ADDRESS = Rate(burst=3, per_second=3 / 3600)

# Turns to meet somebody, of one known device, and of all newcomers of one address: 66 at once and at most 120 in an
# hour. A person who skips as fast as fingers can is not slowed for the first minute; beyond that there is a turn when
# there is room for it. A known device's turn gives the newcomers of its address one back.
MEETINGS = Rate(burst=66, per_second=48 / 3600)
# A turn that was taken longer ago is counted anew when its meeting comes. So the meetings of any hour have their turns
# from that hour and the 450 s before it: 66 + 48 an hour x (3,600 s + 450 s) = 120, which is the goal.
TURN_KEPT_SECONDS = 450.0
# Of an address's turns the last ones are for newcomers who have taken fewer in this visit than so many, the fewest
# first: whoever meets everybody leaves them to those who have just come.
RESERVED = 6
# Of these, so many as somebody meets who talks, all newcomers of an address together. A newcomer that meets more does
# some work before the next one, or waits until it is no more.
SHARE = MEETINGS._replace(burst=15)
# Of the first few turns of a visit a process counts three at a time: people cost next to nothing, and what a process
# has not told the others is two at most. Each later one counts, and each for ten minutes after one beyond the share.
FIRST_SEARCHES = 6
SEARCHES_PER_WRITE = 3
UNTOLD_SECONDS = 3600.0
WATCHED_SECONDS = 600.0

# Entries into the queue from one address that a process lets pass before it has places counted, which costs a write
# for each (settings.py has how many places there are).
ENTRIES_UNWATCHED = Rate(burst=10, per_second=0.2)

# How much one process counts before it tells the others, which costs a write (leaky_bucket.py). No person does so much.
FRAMES_PER_WRITE = 50
CONNECTS_PER_WRITE = 10
