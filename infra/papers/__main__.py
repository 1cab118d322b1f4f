"""`python -m infra.papers`, which `make papers` runs."""

from __future__ import annotations

import sys

from infra.papers.command import run

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
