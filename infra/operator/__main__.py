"""`python -m infra.operator`: the decisions and reports of the person who runs an instance."""

from __future__ import annotations

import sys

from infra.operator.command import run

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
