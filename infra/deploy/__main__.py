"""`python -m infra.deploy COMMAND`: see `--help`."""

from __future__ import annotations

import sys

from infra.deploy.command import main

if __name__ == "__main__":
    sys.exit(main())
