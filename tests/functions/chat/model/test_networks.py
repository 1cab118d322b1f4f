"""Which network somebody comes from, as far as a pseudonym says."""

from __future__ import annotations

import pytest

from functions.chat.model.networks import network_of, shunned_name, tells_people_apart


@pytest.mark.parametrize(
    ("address", "network", "tells"),
    [
        ("a.key.network.address", "a.key.network", True),
        ("l.key.network.address", "l.key.network", False),
        ("a.key.as-it-was-before", "", False),
        ("", "", False),
        (None, "", False),
    ],
)
def test_a_network_is_what_an_address_begins_with(address, network, tells):
    """This very machine is a network, too; but everybody has it."""
    assert network_of(address) == network
    assert tells_people_apart(network) is tells


def test_the_newcomers_of_ones_own_network_are_avoided_from_a_time_on():
    """Those who were here before are one's neighbours; nobody slips in between two seconds."""
    assert shunned_name("a.k.1", 1234.56, "a.k.2") == "a.k.1"
    assert shunned_name("a.k.1", 1234.56, "a.k.1") == "a.k.1@1234"
