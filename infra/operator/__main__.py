"""`python -m infra.operator`: what the person who runs an instance decides and sees."""

from __future__ import annotations

import sys

from infra.operator.command import run

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
