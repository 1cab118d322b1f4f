"""The hashes of the page as this checkout uploads it: `python -m infra.reports.digests`.

Below v/ they are the same for every operator. Of the documents those that name the operator differ, and so does the
start page of a site with a domain name of its own.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from infra.page import bundle, digests, site_files
from infra.reports import usage
from infra.stack.assembly import BUNDLES, FRONTEND


def of_checkout() -> str:
    """Return a line for each file, for an operator without a name or address."""
    with tempfile.TemporaryDirectory() as scratch:
        files = site_files.prepare(bundle.build(FRONTEND, BUNDLES), Path(scratch))
        return (files.pages / digests.FILE).read_text(encoding="utf-8")


if __name__ == "__main__":
    usage.take_no_arguments("infra.reports.digests", __doc__)
    sys.stdout.write(of_checkout())
