"""The worst bill of an hour is computed from the limits as they stand, and SECURITY.md says it."""

from __future__ import annotations

import pytest

from functions.routes import ROUTES
from infra.reports import attack
from tests.infra.stack.templates import synthesise


def test_every_route_has_its_work() -> None:
    """A new route cannot be left out of the bill."""
    assert set(attack.WORK) == {route.work for route in ROUTES}


def test_the_worst_hour_is_the_dearest_use_of_the_accounts_requests() -> None:
    """No route at its throttle alone, nor all requests spent on the dearest frame, costs more."""
    for route in ROUTES:
        throttle, work = route.throttle.rate_per_second, attack.WORK[route.work]
        if route.key == "$connect":
            throttle = attack.ACCOUNT_CONNECTIONS_PER_SECOND
        assert throttle * attack.dollars(work) * attack.SECONDS <= attack.worst_hour() * 1.0001

    dearest = max(attack.dollars(work) / max(work.messages, 1) for work in attack.WORK.values())
    assert attack.worst_hour() <= attack.ACCOUNT_REQUESTS_PER_SECOND * dearest * attack.SECONDS


def test_a_share_of_the_throttles_costs_no_more_than_its_share_of_all_throttles() -> None:
    """What the option does is nearly in proportion, but for reports, appeals and leaving, which have a floor."""
    assert attack.worst_hour(0.1) / 10 < attack.worst_hour(0.01) < attack.worst_hour(0.1) / 3.7
    assert attack.worst_hour(0.1) < attack.worst_hour()


def test_the_stage_lets_through_the_chosen_share() -> None:
    """`throttle_percent` reaches every route, and none is throttled to nothing."""
    (stage,) = synthesise("mailed").resources("AWS::ApiGatewayV2::Stage").values()
    settings = stage["Properties"]["RouteSettings"]

    assert set(settings) == {route.key for route in ROUTES}
    for route in ROUTES:
        least = 100 if route.key in {"report", "appeal", "leave"} else 1
        assert settings[route.key]["ThrottlingRateLimit"] == max(least, route.throttle.rate_per_second // 10)
        assert settings[route.key]["ThrottlingBurstLimit"] == max(least, route.throttle.burst // 10)


@pytest.mark.parametrize("key", ["report", "appeal", "leave"])
def test_one_socket_that_is_not_cut_off_silences_nobodys_report_at_any_share(key: str) -> None:
    """Attackers below the flood limit send 50 frames a second each; two of them leave something over."""
    (route,) = (each for each in ROUTES if each.key == key)

    assert all(min(route.throttle.at(percent)) >= 2 * 50 for percent in (1, 2, 10, 100))
