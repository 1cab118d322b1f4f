"""Conditions that no history in mutants.txt notices: some cannot matter alone, and for some no history is known yet.

The second list may only become shorter.
"""

from __future__ import annotations

NOTHING = "deleting what is not there changes nothing"
HARMLESS = "who was locked out may become idle, and may be told again where they are"
TOGETHER = "a ticket's id is used once, and the room changes only together with the ticket, which is compared as well"
NEVER_USED = "a room's id is random and was never used"

REDUNDANT: dict[str, str] = {
    "close_connection, connection 0: attribute_exists (lost_at)": NOTHING,
    "close_connection, connection 0: attribute_exists (pk)": NOTHING,
    "make_idle, connection 0: attribute_not_exists (ban)": HARMLESS,
    "make_idle, connection 0: ban = …": HARMLESS,
    "renew_token, connection 0: attribute_not_exists (ban)": HARMLESS,
    "make_idle, connection 0: attribute_not_exists (room_id)": TOGETHER,
    "stay_in_queue, connection 0: attribute_not_exists (room_id)": TOGETHER,
    "stay_in_queue, connection 0: room_id = …": TOGETHER,
    "pair, room 0: attribute_not_exists (pk)": NEVER_USED,
}

# In no history that was tried does one of these alone refuse a write. Many change together with another one that is
# noticed: who is paired loses a ticket and gets a room, and a report has both sides avoid each other.
OPEN: frozenset[str] = frozenset(
    {
        "avoid, connection 0: size (avoided) = …",
        "pair, connection 1: NOT contains (avoided, …)",
        "pair, connection 1: NOT contains (avoided, …) (second)",
        "pair, connection 1: attribute_not_exists (ban)",
        "pair, connection 1: attribute_not_exists (room_id)",
        "pair, connection 1: ticket_id = …",
        "pair, connection 2: NOT contains (avoided, …)",
        "resume, connection 0: attribute_not_exists (ban)",
        "resume, connection 0: attribute_not_exists (room_id)",
        "resume, connection 0: attribute_not_exists (ticket_id)",
        "resume, connection 0: room_id = …",
        "resume, connection 0: size (avoided) = …",
        "resume, connection 0: ticket_id = …",
        "resume, connection 0: token_hash = …",
        "resume, connection 1: attribute_not_exists (ban)",
        "resume, connection 1: attribute_not_exists (room_id)",
        "resume, connection 1: attribute_not_exists (ticket_id)",
        "resume, room 2: first.connection_id = …",
        "resume, room 2: second.connection_id = …",
        "stay_in_queue, connection 0: attribute_not_exists (ban)",
    }
)
