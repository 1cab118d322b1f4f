"""Devices and addresses become pseudonyms that say nothing and cannot be forged."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as some

from functions.chat.model import pseudonyms
from functions.chat.model.networks import OWN_MACHINE, network_of
from functions.chat.model.pseudonyms import Keyring, KeyringError, SecretKey

NEW, OLD = SecretKey("new", b"n" * 32), SecretKey("old", b"o" * 32)
RING = Keyring((NEW, OLD))
CHANCE = bytes(range(12))
NOW = 1_800_000_000.0


def test_a_device_is_the_one_in_its_token():
    """The key tells nothing of the id, and is the same whichever key signed the token."""
    by_new = pseudonyms.read_token(RING, pseudonyms.new_token(RING, CHANCE, NOW))
    by_old = pseudonyms.read_token(RING, pseudonyms.new_token(Keyring((OLD,)), CHANCE, NOW))

    assert by_new is not None
    assert by_new == by_old
    assert base64.urlsafe_b64encode(CHANCE).decode()[:8] not in by_new


def test_two_devices_have_two_keys():
    """Even if they have everything else in common."""
    tokens = [pseudonyms.new_token(RING, bytes([first]) + CHANCE[1:], NOW) for first in range(50)]

    assert len({pseudonyms.read_token(RING, token) for token in tokens}) == 50


@given(position=some.integers(min_value=0), change=some.characters(codec="utf-8"))
def test_a_token_with_another_character_is_none_of_ours(position, change):
    """Nobody makes a device known that is not, or older than it is."""
    token = pseudonyms.new_token(RING, CHANCE, NOW)
    at = position % len(token)
    forged = token[:at] + change + token[at + 1 :]

    assert forged == token or pseudonyms.read_token(RING, forged) is None


@given(some.text())
def test_any_other_text_is_no_token(text):
    """And breaks nothing."""
    assert pseudonyms.read_token(RING, text) is None


@pytest.mark.parametrize("text", ["", ".", "new.", "new." + "A" * 44, "other." + "A" * 44, "new." + "A" * 500])
def test_a_token_of_the_right_form_needs_our_signature(text):
    """And a key that is in use."""
    assert pseudonyms.read_token(RING, text) is None


def test_a_token_of_a_key_that_was_rotated_away_is_forgotten():
    """Its device is a newcomer then."""
    token = pseudonyms.new_token(Keyring((OLD,)), CHANCE, NOW)

    assert pseudonyms.read_token(Keyring((NEW,)), token) is None


def test_an_address_has_a_pseudonym_for_each_key_the_current_first():
    """So that a ban from before a rotation still applies."""
    current, former = pseudonyms.address_keys(RING, "198.51.100.7")

    assert current.startswith("a.new.")
    assert former == pseudonyms.address_keys(Keyring((OLD,)), "198.51.100.7")[0]
    assert "198" not in current + former


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("198.51.100.7", "198.51.100.7", True),
        ("198.51.100.7", "198.51.100.8", False),
        ("198.51.100.7", "::ffff:198.51.100.7", True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:DB8:1:2:0:0:0:1", True),
        ("2001:db8:1:2::1", "2001:db8:1:ffff::1", True),
        ("2001:db8:1:2::1", "2001:db8:2:2::1", False),
        ("127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1", "127.0.0.2", False),
    ],
)
def test_addresses_of_one_household_have_one_pseudonym(one, other, same):
    """IPv6 counts by /48, as a household may have so much: another /64 of it costs nothing."""
    assert (pseudonyms.address_keys(RING, one) == pseudonyms.address_keys(RING, other)) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("198.51.100.7", "198.51.100.250", True),
        ("198.51.100.7", "198.51.101.7", False),
        ("2001:db8:1:2::1", "2001:db8:1:ffff::1", True),
        ("2001:db8:1:2::1", "2001:db8:2:2::1", False),
    ],
)
def test_addresses_that_one_may_have_cheaply_are_of_one_network(one, other, same):
    """A /24 is rented as one; a customer of IPv6 gets up to a /48."""
    networks = [network_of(pseudonyms.address_keys(RING, each)[0]) for each in (one, other)]

    assert (networks[0] == networks[1]) is same
    assert all(network.startswith("a.new.") for network in networks)


@pytest.mark.parametrize("tunnelled", ["2002:c633:6407::1", "2001:0:4136:e378:8000:63bf:39cc:9bf8"])
def test_an_address_of_6to4_or_teredo_is_that_ipv4_address(tunnelled):
    """An IPv4 address brings these with it: a /48 (RFC 3056), or one in each of 65,536 /48 (RFC 4380)."""
    assert pseudonyms.address_keys(RING, tunnelled) == pseudonyms.address_keys(RING, "198.51.100.7")
    assert pseudonyms.address_keys(RING, "2003:c633:6407::1") != pseudonyms.address_keys(RING, "198.51.100.7")


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1"])
def test_this_very_machine_is_marked(address):
    """Everybody on the local gateway has it."""
    assert pseudonyms.address_keys(RING, address)[0].startswith(OWN_MACHINE)


@pytest.mark.parametrize("text", ["", "unknown", "198.51.100", "198.51.100.7:80", "[::1]", "2001:db8::/32", "\x00"])
def test_a_text_that_is_no_address_has_no_pseudonym(text):
    """Then nothing is counted by address."""
    assert pseudonyms.address_keys(RING, text) == ()


def test_a_keyring_is_read_as_it_is_written():
    """The newest key first."""
    assert Keyring.read(str(RING)) == RING
    assert Keyring.read("eightone:" + "A" * 22 + "==").keys == (SecretKey("eightone", bytes(16)),)
    assert Keyring.read(f" {str(RING).replace(',', ' , ')} ") == RING


def test_a_rotation_adds_a_key_and_drops_the_oldest():
    """So that tokens of the key before are still known."""
    newest = SecretKey("third", b"t" * 32)

    assert RING.rotated(newest).keys == (newest, NEW)


@pytest.mark.parametrize(
    "text",
    ["", ",", "name", "name:", "name:AAAA", ":" + "A" * 44, "na me:" + "A" * 44, "ninechars:" + "A" * 44,
     "short:" + "A" * 20,
     "a:" + "A" * 44 + ",a:" + "B" * 44, "a:" + "A" * 44 + ",b:" + "A" * 44 + ",c:" + "A" * 44, "a:!" + "A" * 43],
)  # fmt: skip
def test_a_keyring_that_cannot_be_used_is_refused_with_a_sentence(text):
    """Rather than people being known by a short or a doubtful key; the sentence does not repeat the secret."""
    with pytest.raises(KeyringError, match="identity key"):
        Keyring.read(text)
