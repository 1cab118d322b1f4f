"""Where people come from. An address says nothing about a person here but what a server may conclude from it."""

from __future__ import annotations

import ipaddress
import random
from collections.abc import Callable, Iterator
from itertools import count

# RFC 1112, RFC 6598 and RFC 3849 keep these ranges; nobody has them.
HOMES = int(ipaddress.IPv4Address("240.0.0.0"))
HOMES_STEP, HOMES_RANGE = 251 * 256 * 16 + 256, 1 << 28  # no two of some thousand share the first 16 bits for long
SITES = int(ipaddress.IPv4Address("100.64.0.0"))
IPV6 = int(ipaddress.IPv6Address("2001:db8::"))
Addresses = Callable[[], str]


class Networks:
    """Hands out networks that nobody had before."""

    def __init__(self) -> None:
        self._homes, self._sites, self._prefixes = count(1), count(1), count(1)

    def home(self) -> Addresses:
        """Return a household's one IPv4 address."""
        address = str(ipaddress.IPv4Address(HOMES + next(self._homes) * HOMES_STEP % HOMES_RANGE))
        return lambda: address

    def site(self) -> Addresses:
        """Return the one address of a campus, or of a phone company's thousands."""
        address = str(ipaddress.IPv4Address(SITES + next(self._sites) * 256))
        return lambda: address

    def prefix(self, length: int, chance: random.Random) -> Addresses:
        """Return a household of IPv6 that shows another /64 of its prefix each time, or a block of IPv4 as well."""
        if length <= 32:
            block = HOMES + next(self._homes) * HOMES_STEP % HOMES_RANGE
            return lambda: str(ipaddress.IPv4Address(block + chance.getrandbits(32 - length)))
        network = IPV6 + (next(self._prefixes) << 80)
        free_bits = 64 - length

        def address() -> str:
            subnet = chance.getrandbits(free_bits) if free_bits else 0
            return str(ipaddress.IPv6Address(network + (subnet << 64) + chance.getrandbits(64)))

        return address

    def pool(self, size: int) -> Iterator[Addresses]:
        """Return so many homes, over and over again."""
        homes = [self.home() for _ in range(size)]
        return (homes[number % size] for number in count())
