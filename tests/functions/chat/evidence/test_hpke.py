"""Sealing for the operator: the RFC's own example, and nothing that was changed."""

from __future__ import annotations

import pytest

from functions.chat.evidence import hpke
from functions.chat.evidence.chacha20_poly1305 import ForgedError
from functions.chat.evidence.x25519 import WeakKeyError

HEX = bytes.fromhex
# RFC 9180, appendix A.2.1
RECIPIENT = HEX("4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a")
RECIPIENT_SECRET = HEX("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb")
EPHEMERAL = HEX("f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600")
ENCAPSULATED = HEX("1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a")
INFO, PLAIN, ASSOCIATED = b"Ode on a Grecian Urn", b"Beauty is truth, truth beauty", b"Count-0"
CIPHER = HEX("1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28")


def test_a_report_is_sealed_as_in_rfc_9180() -> None:
    assert hpke.seal(RECIPIENT, EPHEMERAL, INFO, PLAIN, ASSOCIATED) == ENCAPSULATED + CIPHER
    assert hpke.open_sealed(RECIPIENT_SECRET, ENCAPSULATED + CIPHER, INFO, ASSOCIATED) == PLAIN


def test_a_sealed_message_changed_in_any_byte_does_not_open() -> None:
    sealed = hpke.seal(RECIPIENT, EPHEMERAL, INFO, PLAIN, ASSOCIATED)
    for at in range(len(sealed)):
        changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises((ForgedError, WeakKeyError)):
            hpke.open_sealed(RECIPIENT_SECRET, changed, INFO, ASSOCIATED)
    others = {"key": EPHEMERAL, "info": b"other", "associated": b"Count-1", "short": sealed[:-1], "none": b""}
    for what, value in others.items():
        with pytest.raises((ForgedError, WeakKeyError)):
            hpke.open_sealed(
                value if what == "key" else RECIPIENT_SECRET,
                value if what in ("short", "none") else sealed,
                value if what == "info" else INFO,
                value if what == "associated" else ASSOCIATED,
            )


def test_nothing_is_sealed_to_a_key_that_everybody_could_open() -> None:
    for point in (bytes(32), b"\x01" + bytes(31), b""):
        with pytest.raises(WeakKeyError):
            hpke.seal(point, EPHEMERAL, INFO, PLAIN)
