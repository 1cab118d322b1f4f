"""`python -m infra.desk`: the operator's desk in a browser."""

from __future__ import annotations

import sys

from infra.desk.command import run

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
