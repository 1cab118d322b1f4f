"""Times as people write them."""

from __future__ import annotations

import argparse
import re

UNITS_SECONDS = {"m": 60, "h": 3600, "d": 86_400}
SECONDS_MAX = 365 * 86_400


def duration(text: str) -> int:
    """Return the seconds in `15m`, `24h` or `7d`."""
    match = re.fullmatch(r"([0-9]{1,6})([mhd])", text)
    seconds = int(match[1]) * UNITS_SECONDS[match[2]] if match else 0
    if not 0 < seconds <= SECONDS_MAX:
        raise argparse.ArgumentTypeError(f"{text!r} is no time such as 15m, 24h or 7d, up to 365d")
    return seconds
