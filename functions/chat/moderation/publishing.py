"""Publishing the figures of each month on the site, once nobody waits for an answer of that month any more."""

from __future__ import annotations

import json
from typing import Any

from functions.chat.backend import Backend
from functions.chat.model.record import DAY
from functions.chat.moderation.figures import STEP, blurred, count, days_of, last_month
from functions.chat.storage.record_items import FIGURES, FiguresItem
from functions.chat.storage.table import NEVER

# The longest clock of a complaint is a week: after that a month's answers are known.
SETTLED_SECONDS = 8 * DAY
MONTHS_SHOWN = 24  # of a kilobyte each


def publish(backend: Backend) -> str | None:
    """Write the file of all months; return the month that is new in it, or None."""
    months = _months(backend)
    month = last_month(backend.clock.now() - SETTLED_SECONDS)
    is_new = all(known != month for known, _ in months)
    if is_new:
        months.insert(0, (month, blurred(count(backend.cases.listed(days_of(month))))))
    told = [{"month": known, "figures": figures} for known, figures in months[:MONTHS_SHOWN]]
    # The file first: a process that dies in between counts again tomorrow.
    backend.publish_figures({"step": STEP, "months": told})
    if is_new:
        _keep(backend, month, months[0][1])
    return month if is_new else None


def _months(backend: Backend) -> list[tuple[str, dict[str, Any]]]:
    """Return what was published before, the newest first."""
    raws, _ = backend.table.query(FIGURES, MONTHS_SHOWN, None, forward=False)
    return [(item.sk, json.loads(item.told)) for item in map(FiguresItem.from_raw_data, raws)]


def _keep(backend: Backend, month: str, figures: dict[str, int]) -> None:
    """Keep what was published. Condition: the month is not there yet."""
    item = FiguresItem(FIGURES, month, told=json.dumps(figures), expires_at=NEVER)
    backend.table.put(item, FiguresItem.pk.does_not_exist())
