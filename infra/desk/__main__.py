"""`python -m infra.desk`: the operator's desk in a browser."""

from __future__ import annotations

import sys

from infra.local import stopping


def main() -> int:
    stopping.end_in_order()
    from infra.desk.command import run  # noqa: PLC0415 - Ctrl-C while libraries are imported shows nothing

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
