"""After an organised attack, the operator grants one victim's case and doubts its reporter: who else may come back?"""

from __future__ import annotations

import argparse
from unittest.mock import patch

from functions.chat.model.networks import DEVICE
from functions.chat.storage.docket import Docket
from functions.chat.storage.switches import SwitchBoard
from infra.operator import cases
from infra.operator.office import Office
from tests.town.kinds import HONEST
from tests.town.lies import INNOCENTS, PATIENT, Liars, attack
from tests.town.people import arrive, crowd, with_history
from tests.town.town import HOUR, MINUTE, Town

# So many networks, and such patience, that there are victims under any rules that stop offenders at all.
LIARS = Liars(100, 5, PATIENT, 1000)
WAIT_SECONDS = 20 * MINUTE


def play(seed: str = "1") -> dict[str, float]:
    """Return how many percent of the victims are still banned after one decision."""
    town = Town(f"pardons {seed}")
    innocents = crowd(town, HONEST, INNOCENTS, town.networks.home)
    homes = town.networks.pool(LIARS.networks)
    browsers = crowd(town, HONEST, LIARS.devices, lambda: next(homes))
    with_history(town, [*innocents[::2], *browsers])
    arrive(town, innocents, MINUTE)
    team = attack(town, LIARS, browsers, homes)
    town.run(HOUR, until=lambda: len(town.ledger.banned(innocents)) >= INNOCENTS // 2)
    for liar in team:
        liar.go()
    town.run(WAIT_SECONDS)
    victims, before = town.ledger.banned(innocents), devices_banned(town)
    if not victims:
        return {"victims": 0, "still banned": 0.0}
    decide(town, str(victims[0].error["case"]))
    return {"victims": before, "still banned": 100 * devices_banned(town) / before}


def devices_banned(town: Town) -> int:
    """Return how many devices are locked out now."""
    records = [raw for (key, _), raw in town.site.table.items.items() if key.startswith(f"record#{DEVICE}")]
    bans = [record["ban"]["L"] for record in records if "ban" in record]
    return sum(float(until["S"]) > town.site.clock.now() for *_, until in bans)


def decide(town: Town, case: str) -> None:
    """Grant a case and doubt its reporter, with the operator's own tool."""
    backend = town.site.backend
    office = Office(
        table=backend.table,
        cases=backend.cases,
        records=backend.records,
        switches=SwitchBoard(backend.table),
        store=backend.store,
        docket=Docket(backend.table),
        who="the town's operator",
        table_name="",
        stack_name="",
        is_local=True,
    )
    # The operator's tool goes by the machine's clock, and looks through the cases of the last days by it.
    with patch("time.time", town.site.clock.now):
        cases.decide(office, argparse.Namespace(case=case, decision="grant", doubt_reporter=True, campaign=True))
