"""`--help` for commands that take nothing: it prints the docstring of their module."""

from __future__ import annotations

import argparse


def take_no_arguments(module: str, says: str | None) -> None:
    """Answer `--help` and end, or refuse what was typed behind the command."""
    argparse.ArgumentParser(
        prog=f"python -m {module}", description=says, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
