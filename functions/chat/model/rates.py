"""Every rate with its reason, in one place: how much anybody may do. Pure.

A rate is a leaky bucket: `burst` at once, and `per_second` on and on. People stay far below all of them. A frame above
its rate is not done, and its sender is told `rate_limited`. A connection that sends more frames than any client of ours
could is cut off (moderation/bans.py).
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
# sooner: it uses up the throttles that all clients share.
FRAMES_OF_REFUSED = 5

# Sockets that one device, or the newcomers of one address, open: an address may be a campus, or the network of a phone
# company on which a thousand people come back at the same moment after a failure.
CONNECTS_OF_DEVICE = Rate(burst=30, per_second=0.2)
CONNECTS_OF_ADDRESS = Rate(burst=300, per_second=5)

# Reports that count: of one device, of all newcomers of one network, and of all known devices of one network about
# people of other networks. A report beyond the third rate weighs what a newcomer's does; a report beyond one of the
# first two still keeps the two people apart, and weighs nothing. A ban by three networks needs a full word of two of
# them, so liars get few bans in a day. Of its network's full words a known device has one at once and one a day, so it
# cannot use up those of its neighbours.
REPORTS_OF_DEVICE = Rate(burst=5, per_second=6 / 86_400)
REPORTS_OF_NEWCOMERS = Rate(burst=4, per_second=4 / 86_400)
REPORTS_OF_KNOWN = Rate(burst=3, per_second=3 / 86_400)
FULL_WORDS_OF_DEVICE = Rate(burst=1, per_second=1 / 86_400)
# Reports of known devices about people of their own network weigh with no regard to their number, as on a campus. In
# the operator's list only so many wait before others: three hundred browsers that talked to one another yesterday are
# one person's work of ten minutes.
REPORTS_IN_FRONT = Rate(burst=10, per_second=10 / 86_400)

# Complaints of people outside, of everybody behind one address together: these people have no device by which to know
# them, and a full desk helps nobody. A person who has more to say puts it into one complaint.
COMPLAINTS_OF_ADDRESS = Rate(burst=3, per_second=3 / 3600)

# Turns to meet a stranger, of one known device, and of all newcomers of one address: 66 at once and at most 120 in an
# hour. A person who skips as fast as fingers can is not slowed for the first minute; after that the person gets a turn
# when the bucket has room for one. A known device's turn within the share below gives the newcomers of its address one
# back.
MEETINGS = Rate(burst=66, per_second=48 / 3600)
# A turn that was taken longer ago is counted anew when its meeting comes. So the meetings of any hour have their turns
# from that hour and the 450 s before it: 66 + 48 an hour x (3,600 s + 450 s) = 120, which is the goal.
TURN_KEPT_SECONDS = 450.0
# The last 6 turns of an address are for newcomers who took fewer than 6 in this visit: a newcomer who took 2 leaves the
# last 2. So one who meets everybody leaves them to people who have just come.
RESERVED = 6
# Turns that cost no work, for all newcomers of an address together: as many as people take who talk. Beyond them a
# newcomer solves a puzzle before the next meeting, or waits until the bucket is below this again.
SHARE = MEETINGS._replace(burst=15)
# A process counts the first 6 turns of a visit three at a time: people cost next to nothing, and a process keeps at
# most two turns from the others. Each later turn is counted at once, and so is each turn in the ten minutes after one
# beyond the share.
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
