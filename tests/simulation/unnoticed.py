"""Conditions that no history notices alone, each with the reason: nothing depends on them, or others refuse as well."""

from __future__ import annotations

from dataclasses import dataclass

NOTHING = "deleting what is not there changes nothing"
HARMLESS = "who was locked out may become idle, and may be told again where they are"
NEVER_USED = "a room's id is random and was never used"
TICKET_USED_UP = "a ticket's id is used once, and a person who gets a room while waiting loses the ticket with it"
TOKEN_RENEWED = "who enters the queue gets another token with it"
DEVICE_AVOIDED = "people here keep their devices, and nobody shares another's network: the device is avoided as well"
PLACE_TAKEN = "only what continues a connection changes who speaks for a member, and takes that one's room away with it"

HARMLESS_ALONE: dict[str, str] = {
    "close_connection, connection 0: attribute_exists (lost_at)": NOTHING,
    "close_connection, connection 0: attribute_exists (pk)": NOTHING,
    "make_idle, connection 0: attribute_not_exists (ban)": HARMLESS,
    "make_idle, connection 0: ban = …": HARMLESS,
    "add_token, connection 0: attribute_not_exists (ban)": HARMLESS,
    "pair, room 0: attribute_not_exists (pk)": NEVER_USED,
}

# Histories in which one of these does refuse alone, and nothing breaks without it.
HARMLESS_HISTORIES: dict[str, str] = {
    "make_idle, connection 0: attribute_not_exists (ban)": "2 0 1 0; meet 0 0; leave 0 0; leave 1 0; drain 0 0; "
    "join 0 0; drain 0 0; leave 0 0; write 0 0; ban 0 0; write 1 1; finish 0 0",
    "add_token, connection 0: attribute_not_exists (ban)": "2 0 1 0; meet 0 0; join 0 0; write 0 0; ban 0 0; "
    "write 1 1; finish 0 0",
}


@dataclass(frozen=True, slots=True)
class Company:
    """Which others always refuse where a condition does, why, and a history that notices when all are forgotten."""

    others: tuple[str, ...]
    reason: str
    history: str


# Bob's connection was lost and his grace is over; he is here again on another one.
BOB_CAME_BACK = "2 0 1 0; meet 0 0; lose 1 0; drain 0 0; pause 0 3; timer 0 0; drain 0 0; resume 1 0; drain 0 0; "
COMPANIES: dict[str, Company] = {
    "pair, connection 1: NOT contains (avoided, …) (third)": Company(
        ("pair, connection 1: NOT contains (avoided, …) (second)",),
        DEVICE_AVOIDED,
        f"{BOB_CAME_BACK}leave 0 0; leave 1 0; drain 0 0; pause 0 2; join 1 0; drain 0 0; join 0 0; write 0 0; "
        "report 0 0; write 1 1; finish 0 0",
    ),
    "pair, connection 2: NOT contains (avoided, …) (third)": Company(
        ("pair, connection 2: NOT contains (avoided, …) (second)",),
        DEVICE_AVOIDED,
        f"{BOB_CAME_BACK}pause 0 2; join 1 0; write 0 0; report 0 0; behind 0 0",
    ),
    "make_idle, connection 0: attribute_not_exists (room_id)": Company(
        ("make_idle, connection 0: ticket_id = …",),
        TICKET_USED_UP,
        "2 0 1 0; join 0 0; drain 0 0; leave 0 0; write 0 0; join 1 0; behind 0 0",
    ),
    "stay_in_queue, connection 0: attribute_not_exists (room_id)": Company(
        ("stay_in_queue, connection 0: ticket_id = …",),
        TICKET_USED_UP,
        "2 0 1 0; join 0 0; drain 0 0; join 0 0; write 0 0; join 1 0; behind 0 0",
    ),
    "stay_in_queue, connection 0: room_id = …": Company(
        ("stay_in_queue, connection 0: ticket_id = …",),
        TICKET_USED_UP,
        "3 0 1 0; meet 0 0; skip 0 1; leave 1 0; drain 0 0; join 0 0; write 0 0; join 2 0; behind 0 0",
    ),
    "resume, connection 0: attribute_not_exists (room_id)": Company(
        ("resume, connection 0: ticket_id = …", "resume, connection 0: token_hashes = …"),
        TICKET_USED_UP,
        "2 0 1 0; join 0 0; drain 0 0; resume 0 0; write 1 0; join 1 0; finish 2 0; finish 1 0",
    ),
    "resume, connection 0: attribute_not_exists (ticket_id)": Company(
        ("resume, connection 0: token_hashes = …",),
        TOKEN_RENEWED,
        "2 0 1 0; meet 0 0; leave 1 0; write 0 2; resume 0 0; write 2 0; finish 0 0",
    ),
    "resume, room 2: first.connection_id = …": Company(
        ("resume, connection 0: room_id = …",),
        PLACE_TAKEN,
        "2 0 1 0; meet 0 0; resume 0 0; write 1 0; resume 0 0; finish 3 0; finish 1 0",
    ),
    "resume, room 2: second.connection_id = …": Company(
        ("resume, connection 0: room_id = …",),
        PLACE_TAKEN,
        "2 0 1 0; meet 0 0; resume 1 0; write 1 0; resume 1 0; finish 3 0; finish 1 0",
    ),
}
