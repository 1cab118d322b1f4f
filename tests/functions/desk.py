"""A store on a table whose items a test puts there as it likes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from functions.chat.model.people import Connection, Room, Wish
from functions.chat.storage.models import connection_key
from functions.chat.storage.rooms import Rooms, room_key
from functions.chat.storage.store import Store
from tests.functions.tables import MotoTable
from tests.functions.world import START

ADA, BO = connection_key("Ada="), connection_key("Bo=")
ROOM = room_key("room")
WISH = Wish("video", ("Go",), ("en",), widened=True)
LOST_AT = {"lost_at": {"N": f"{START}"}}
SOME, OTHER = {"S": "some"}, {"S": "other"}
Attributes = dict[str, Any]


@dataclass
class Desk:
    """A store on a table whose items a test puts as it likes."""

    store: Store
    table: MotoTable

    @property
    def rooms(self) -> Rooms:
        return Rooms(self.store._table)

    def put(self, key: tuple[str, str], **attributes: Any) -> None:
        item = {"pk": {"S": key[0]}, "sk": {"S": key[1]}, "expires_at": {"N": f"{START + 60:.0f}"}, **attributes}
        self.table.client.put_item(TableName=self.table.name, Item=item)

    def put_connection(self, name: str = "Ada", **attributes: Any) -> Connection:
        self.put(connection_key(f"{name}="), person={"S": name.lower()}, **attributes)
        connection = self.store.get_connection(f"{name}=")
        assert connection is not None
        return replace(connection, wish=WISH)

    def put_room(self, **attributes: Any) -> Room:
        members = [{"M": {"connection_id": {"S": f"{name}="}, "person": {"S": name.lower()}}} for name in ("Ada", "Bo")]
        first, second = members
        self.put(ROOM, mode={"S": "text"}, opened_at={"N": f"{START}"}, first=first, second=second, **attributes)
        room = self.rooms.get("room")
        assert room is not None
        return room
