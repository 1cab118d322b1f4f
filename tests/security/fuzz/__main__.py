"""The long run: `python -m tests.security.fuzz --frames 1000000` (`make fuzz`).

Each frame is checked as in the short run. One that breaks a rule is printed with the seed and its number, which lead to
it again: `--seed S --skip N --frames 1`. `--coverage` lets atheris choose frames by the code that they reach.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from pathlib import Path
from typing import TextIO

SHOWN_EVERY = 2000
CORPUS = Path(__file__).resolve().parents[3] / "build" / "fuzz" / "corpus"


def main() -> int:
    options = _parse()
    shown = sys.stdout
    # The functions log to standard output, from their import on.
    with Path(os.devnull).open("w") as nowhere:
        sys.stdout = nowhere
        if options.coverage:
            from tests.security.fuzz import guided

            return guided.run(options.frames, options.seed, CORPUS)
        return run(options, shown)


def run(options: argparse.Namespace, shown: TextIO) -> int:
    """Send frames until there are enough of them; return 1 at the first that breaks a rule."""
    from tests.security.fuzz import frames, oracle
    from tests.security.fuzz.town import Town

    town, began = Town(), time.monotonic()
    for number in range(options.skip, options.skip + options.frames):
        chance = random.Random(f"{options.seed} {number}")
        person, body = frames.person(chance), frames.frame(chance, town)
        try:
            oracle.check(town, person, body)
        except Exception as problem:  # noqa: BLE001 - the fuzzer looks for any exception of a handler
            shown.write(f"\nframe {number} of seed {options.seed}, sent by {person}:\n{body!r}\n")
            shown.write(f"{type(problem).__name__}: {problem}\n")
            return 1
        if number % SHOWN_EVERY == 0:
            _show(shown, number - options.skip, options.frames, began)
    _show(shown, options.frames, options.frames, began)
    shown.write("\nNo exception, no reply but the contract's, and no change by a frame that was refused.\n")
    return 0


def _show(shown: TextIO, done: int, wanted: int, began: float) -> None:
    rate = done / max(time.monotonic() - began, 0.001)
    shown.write(f"\r{done:,} of {wanted:,} frames, {rate:,.0f} a second ")
    shown.flush()


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.security.fuzz", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("--frames", type=int, default=1_000_000, help="how many (default: a million)")
    parser.add_argument("--seed", type=int, default=1, help="of chance (default: 1)")
    parser.add_argument("--skip", type=int, default=0, help="begin behind so many frames of the seed")
    parser.add_argument("--coverage", action="store_true", help="guided by coverage, with atheris (Linux, x86-64)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
