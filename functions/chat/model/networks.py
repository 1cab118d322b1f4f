"""The form of a pseudonym, and which network an address belongs to, as far as its pseudonym says. Pure."""

from __future__ import annotations

DEVICE = "d."
ADDRESS = "a."
# The machine itself: all people of the local gateway have this address, so it tells nobody apart.
OWN_MACHINE = "l."
SINCE = "@"  # in no pseudonym
KNOWN, FRONT = "+known", "+front"  # these are in none either
ADDRESS_DOTS = 3  # behind the kind, the key, and the network


def network_of(address: str | None) -> str:
    """Return the pseudonym of the network that an address belongs to; empty where there is no address."""
    return address.rpartition(".")[0] if address is not None and address.count(".") == ADDRESS_DOTS else ""


def known_of(who: str) -> str:
    """Return the key under which full words are counted: of all known devices of a network, or of one device."""
    return f"{who}{KNOWN}"


def front_of(network: str) -> str:
    """Return the key under which reports among a network's own people are counted that wait before others."""
    return f"{network}{FRONT}"


def tells_people_apart(network: str) -> bool:
    """Tell whether a network is one of several."""
    return network.startswith(ADDRESS)


def shunned_name(network: str, since: float, own_network: str) -> str:
    """Return the name by which a reporter avoids the newcomers of a network.

    In the reporter's own network, as on a campus, these are only the newcomers of the second of the report and later.
    """
    return f"{network}{SINCE}{int(since)}" if network == own_network else network
