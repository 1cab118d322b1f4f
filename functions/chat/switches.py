"""What the operator has closed, and what they have to say: one item, read by each process every few seconds."""

from __future__ import annotations

from dataclasses import dataclass

from functions.chat.dynamodb import Table
from functions.chat.record_items import SWITCHES_KEY, SwitchesItem

KEPT_SECONDS = 10.0  # after so long an operator's switch is in effect everywhere


@dataclass(frozen=True, slots=True)
class Switches:
    """Modes that are closed, and a notice for everybody; empty when there is none."""

    closed: frozenset[str] = frozenset()
    notice: str = ""


class SwitchBoard:
    """The switches, as this process last read them."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._switches = Switches()
        self._read_at = float("-inf")

    def read(self) -> Switches:
        """Return the switches."""
        now = self._table.now()
        if now - self._read_at >= KEPT_SECONDS:
            self._switches, self._read_at = self.fetch(), now
        return self._switches

    def fetch(self) -> Switches:
        """Return the switches as they are now."""
        raw = self._table.get(SWITCHES_KEY)
        if raw is None:
            return Switches()
        item = SwitchesItem.from_raw_data(raw)
        closed = {"text": item.text_closed, "video": item.video_closed}
        return Switches(frozenset(mode for mode, is_closed in closed.items() if is_closed), item.notice or "")
