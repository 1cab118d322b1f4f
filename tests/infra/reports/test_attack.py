"""The worst bill of an hour is computed from the limits as they stand, and SECURITY.md says it."""

from __future__ import annotations

import re

import pytest

from functions.chat.entry import limiter
from functions.chat.entry.limiter import Verdict
from functions.routes import BY_KEY, ROUTES, Route
from infra.options import presets
from infra.options.options import Options
from infra.reports import attack, costs
from tests.functions.test_budget import SCENARIOS
from tests.infra.stack.templates import synthesise
from tests.town.site import Site

ACCOUNT_CONNECTIONS_PER_SECOND = 500
ACCOUNT_REQUESTS_PER_SECOND = 10_000
SECONDS = 3600

HOUR = 3600


def test_every_route_has_its_work() -> None:
    """A new route cannot be left out of the bill."""
    assert set(attack.WORK) == {route.work for route in ROUTES}


@pytest.mark.parametrize(
    ("scenario", "route"),
    [
        ("a wait is resumed", "resume"),
        ("a conversation is resumed", "resume"),
        ("a report", "report"),
        ("and erased", "mine"),
    ],
)
def test_a_route_is_billed_for_all_that_it_asks_of_the_table(scenario: str, route: str) -> None:
    """A frame that continues a conversation was counted as one that is refused, which is a tenth."""
    units = [text.rpartition(" ")[2] for text in SCENARIOS[scenario].asks]
    reads, writes = (sum(float(each[:-1]) for each in units if re.fullmatch(rf"[\d.]+{kind}", each)) for kind in "rw")
    work = attack.work_of(BY_KEY[route])

    assert writes > 0
    assert reads + 4 * writes <= work.reads + 4 * work.writes


def test_the_worst_hour_is_the_dearest_use_of_the_accounts_requests() -> None:
    """No route at its throttle alone, nor all requests spent on the dearest frame, costs more."""
    for route in ROUTES:
        throttle, work = route.throttle.rate_per_second, attack.work_of(route)
        if route.key == "$connect":
            throttle = ACCOUNT_CONNECTIONS_PER_SECOND
        assert throttle * attack.dollars(work) * SECONDS <= attack.worst_hour() * 1.0001

    works = [attack.work_of(route) for route in ROUTES]
    dearest = max(attack.dollars(work) / max(work.messages, 1) for work in works)
    assert attack.worst_hour() <= ACCOUNT_REQUESTS_PER_SECOND * dearest * SECONDS


def test_a_share_of_the_throttles_costs_no_more_than_its_share_of_all_throttles() -> None:
    """The effect of the option is nearly in proportion, down to the floors."""
    assert attack.worst_hour(10) / 10 < attack.worst_hour(1) < attack.worst_hour(10) / 4
    assert attack.worst_hour(10) < attack.worst_hour()


def test_the_stage_lets_through_the_chosen_share() -> None:
    """`throttle_percent` reaches every route, and none is throttled to nothing."""
    (stage,) = synthesise("mailed").resources("AWS::ApiGatewayV2::Stage").values()
    settings = stage["Properties"]["RouteSettings"]

    assert set(settings) == {route.key for route in ROUTES}
    for route in ROUTES:
        least = 50 if route.key in {"report", "appeal", "leave"} else 25
        least = 12 if route.key in {"mine", "complain"} else least
        least = 60 if route.throttle.rate_per_second == 4000 else least
        assert settings[route.key]["ThrottlingRateLimit"] == max(least, route.throttle.rate_per_second // 10)
        assert settings[route.key]["ThrottlingBurstLimit"] == max(least, route.throttle.burst // 10)


METERED = [route for route in ROUTES if route.rate]


@pytest.mark.parametrize("route", METERED, ids=lambda route: route.name)
def test_no_one_socket_that_is_not_cut_off_closes_a_route_at_any_share(route: Route) -> None:
    """It takes two at least, and five for what people need most when they are attacked."""
    least = 5 if route.key in {"report", "appeal", "leave"} else 2

    assert all(attack.sockets_that_close(route, percent) >= least for percent in (1, 2, 10, 100))


@pytest.mark.parametrize("key", ["join", "message", "report"])
def test_a_socket_that_sends_more_of_a_route_than_the_sums_allow_is_cut_off(key: str) -> None:
    """Played against the limiter: one that sends a little more for long, and one that sends a little less."""
    route = BY_KEY[key]
    on_and_on = attack.sent_on_and_on(route)

    assert is_cut_off(route, on_and_on * 1.1)
    assert not is_cut_off(route, on_and_on * 0.9)


def is_cut_off(route: Route, per_second: float) -> bool:
    """Send frames of a route for an hour; the limiter alone says what becomes of them."""
    site = Site("attack", lambda _seconds, _act: None)
    assert route.rate is not None
    for _ in range(int(HOUR * per_second)):
        if limiter.judge(site.backend, "a socket", route.key, route.rate) is Verdict.FLOODS:
            return True
        site.clock.time += 1 / per_second
    return False


@pytest.mark.parametrize("preset", [each for each in presets.TABLE if each.sets], ids=lambda preset: preset.name)
def test_a_presets_budget_lasts_for_more_than_a_day_of_whatever_anybody_does(preset: presets.Preset) -> None:
    """From one address or from all of them: budgets look at the bill a few times a day."""
    assert attack.budget_hours(Options(**preset.sets)) > 24


@pytest.mark.parametrize(("preset", "people"), [("small", 500), ("open", 4000), ("guarded", 4000)])
def test_a_presets_budget_pays_for_the_people_that_it_is_for(preset: str, people: int) -> None:
    """And its throttles let twice as many lines and searches pass as they have, each in its own route."""
    options = Options(**presets.BY_NAME[preset].sets)

    assert f"{people:,} people" in presets.BY_NAME[preset].meaning or preset == "guarded"
    assert sum(costs.month(people).values()) < options.monthly_budget_usd
    for key, in_an_hour in (("message", costs.HABITS["lines"][0]), ("join", costs.HABITS["meetings"][0])):
        assert BY_KEY[key].throttle.at(options.throttle_percent)[0] > 2 * people * in_an_hour / 3600


def test_the_largest_frames_are_as_large_as_the_contract_allows() -> None:
    """Their fields at their longest; names and marks come on top."""
    assert 0 < attack.LARGEST_BYTES["message"] - 10_688 < 500
    assert 0 < attack.LARGEST_BYTES["signal"] - 24 * 1024 < 500
