"""The form of a pseudonym, and which network an address belongs to, as far as its pseudonym says. Pure."""

from __future__ import annotations

DEVICE = "d."
ADDRESS = "a."
# This very machine: the local gateway's people all have it, so it is no sign of who they are.
OWN_MACHINE = "l."
SINCE = "@"  # in no pseudonym
KNOWN = "+known"  # neither is this
ADDRESS_DOTS = 3  # behind the kind, the key, and the network


def network_of(address: str | None) -> str:
    """Return the pseudonym of the network that an address belongs to; empty where there is no address."""
    return address.rpartition(".")[0] if address is not None and address.count(".") == ADDRESS_DOTS else ""


def known_of(who: str) -> str:
    """Return the key of the full words that are said: by all known devices of a network together, or by one device."""
    return f"{who}{KNOWN}"


def tells_people_apart(network: str) -> bool:
    """Tell whether a network is one of several."""
    return network.startswith(ADDRESS)


def shunned_name(network: str, since: float, own_network: str) -> str:
    """Return by which name the newcomers of a network are avoided after a report.

    Where it is one's own network, as on a campus, these are only those who came since then, to the second before it.
    """
    return f"{network}{SINCE}{int(since)}" if network == own_network else network
