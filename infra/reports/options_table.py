"""`python -m infra.reports.options_table`: the options as README.md lists them."""

from __future__ import annotations

import sys
from dataclasses import fields

from infra.options.options import Options
from infra.reports import usage


def table() -> list[str]:
    """Return the lines of the table in Markdown."""
    rows = [f"| `{each.name}` | {_shown(each.default)} | {each.metadata['meaning']} |" for each in fields(Options)]
    return ["| key | default | meaning |", "|---|---|---|", *rows]


def main() -> None:
    """Print the table."""
    sys.stdout.write("\n".join(table()) + "\n")


def _shown(default: object) -> str:
    if default in ("", ()):
        return "empty"
    if isinstance(default, tuple):
        return f"`{','.join(default)}`"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


if __name__ == "__main__":
    usage.take_no_arguments("infra.reports.options_table", __doc__)
    main()
