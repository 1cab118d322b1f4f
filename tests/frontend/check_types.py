"""Check the types in the comments of the page's JavaScript: `python -m tests.frontend.check_types`."""

from __future__ import annotations

import sys

from tests.frontend import page_tools

PROJECTS = ("tsconfig.json", "tsconfig.worker.json")  # a service worker has other globals than a page


if __name__ == "__main__":
    compiler = page_tools.FOLDER / "node_modules" / "typescript" / "bin" / "tsc"
    sys.exit(page_tools.run(*((compiler, "-p", page_tools.FOLDER / project) for project in PROJECTS)))
