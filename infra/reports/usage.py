"""`--help` for commands that take nothing: what they do is what their module says of itself."""

from __future__ import annotations

import argparse


def take_no_arguments(module: str, says: str | None) -> None:
    """Answer `--help` and end, or refuse what was typed behind the command."""
    argparse.ArgumentParser(
        prog=f"python -m {module}", description=says, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
