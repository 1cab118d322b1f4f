"""The operator's key, which alone opens the evidence of reports: `python -m infra.operator.evidence_key` makes it."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from pathlib import Path
from typing import IO, Any

from functions.chat.evidence import x25519
from functions.chat.model.stamps import bytes_of, text_of

# The secret key, on the operator's machine only; .gitignore leaves it out.
KEY_FILE = Path("evidence.key")
OWNER_ONLY = 0o600


def add_key_option(parser: argparse.ArgumentParser) -> None:
    """Let a command's arguments say where the key is."""
    meaning = f"what opens handed-over lines (default: {KEY_FILE})"
    parser.add_argument("--key", type=Path, default=KEY_FILE, metavar="FILE", help=meaning)


def public_key(path: Path) -> str:
    """Return the public key of the key in a file, which is made where there is none."""
    try:
        with open_owner_only(path, "xb") as file:
            file.write(text_of(secrets.token_bytes(x25519.KEY_BYTES)).encode() + b"\n")
    except FileExistsError:
        pass
    return text_of(x25519.public_key(secret_key(path)))


def open_owner_only(path: Path, mode: str) -> IO[Any]:
    """Open a file that only the operator may read, to write it; a new one is never readable by others."""
    return open(path, mode, opener=lambda name, flags: os.open(name, flags, OWNER_ONLY))


def secret_key(path: Path) -> bytes:
    key = bytes_of(path.read_text(encoding="ascii").strip())
    if len(key) != x25519.KEY_BYTES:
        from infra.operator.office import OperatorError  # noqa: PLC0415 - with boto3, which a start has no need of

        raise OperatorError(f"{path} holds no key of {x25519.KEY_BYTES} bytes in base64url.")
    return key


if __name__ == "__main__":
    chosen = Path(sys.argv[1]) if len(sys.argv) > 1 else KEY_FILE
    sys.stdout.write(
        f"The secret key is in {chosen}: keep it, and keep it to yourself. Only it opens the evidence of reports.\n"
        f'The public key is for cdk.json: "evidence_key": "{public_key(chosen)}"\n'
    )
