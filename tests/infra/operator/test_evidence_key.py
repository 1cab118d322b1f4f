"""The key that opens what reports handed over: made once, kept from others, refused where it is none."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from infra.operator.evidence_key import public_key, secret_key
from infra.operator.office import OperatorError


def test_a_key_is_made_once_and_read_again(tmp_path: Path) -> None:
    """The public key is the one that another implementation computes, and only the owner reads the file."""
    file = tmp_path / "evidence.key"
    first = public_key(file)
    expected = X25519PrivateKey.from_private_bytes(secret_key(file)).public_key()

    assert base64.urlsafe_b64decode(first + "=") == expected.public_bytes(Encoding.Raw, PublicFormat.Raw)
    assert file.stat().st_mode & 0o777 == 0o600
    assert public_key(file) == first
    assert public_key(tmp_path / "another.key") != first


@pytest.mark.parametrize("content", ["", "c2hvcnQ", "A" * 44])
def test_a_file_without_a_key_is_a_sentence_that_names_it(tmp_path: Path, content: str) -> None:
    file = tmp_path / "evidence.key"
    file.write_text(content)

    with pytest.raises(OperatorError, match=r"evidence\.key holds no key of 32 bytes"):
        public_key(file)


def test_the_command_says_where_the_secret_is_and_what_goes_into_the_options(tmp_path: Path) -> None:
    file = tmp_path / "mine.key"
    done = subprocess.run(
        [sys.executable, "-m", "infra.operator.evidence_key", str(file)],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )  # fmt: skip

    assert str(file) in done.stdout
    assert f'"evidence_key": "{public_key(file)}"' in done.stdout
    assert file.read_text().strip() not in done.stdout
