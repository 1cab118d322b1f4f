"""Check the style of the page's JavaScript and of its tests (biome.jsonc): `python -m tests.frontend.check_style`."""

from __future__ import annotations

import sys

from tests.frontend import page_tools

if __name__ == "__main__":
    biome = page_tools.FOLDER / "node_modules" / "@biomejs" / "biome" / "bin" / "biome"
    sys.exit(page_tools.run([biome, "lint", "--error-on-warnings", "."]))
