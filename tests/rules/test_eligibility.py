"""C2: what stands against a package, or one of its services, on a car."""

from datetime import date

import pytest

from subscriptions.rules.eligibility import (
    CarFacts,
    Missing,
    Needs,
    ServiceNeeds,
    what_is_missing,
    what_service_misses,
)

CAR = CarFacts(
    generation="MM21",
    powertrain="hybrid",
    capabilities=("navigation", "remote"),
    model="NX 450h+",
    market="CY",
    bought_on=date(2024, 3, 1),
)
CLIMATE = ServiceNeeds(forbidden_powertrains=["petrol", "hybrid"])
KEY = ServiceNeeds(capabilities=["digital_key"])
LOCK = ServiceNeeds(capabilities=["remote"])


@pytest.mark.parametrize(
    ("needs", "is_sold", "missing"),
    [
        (Needs(), True, []),
        (Needs(), False, [Missing.MARKET]),
        (Needs(markets=["CY", "GR"]), True, []),
        (Needs(markets=["GR"]), True, [Missing.CAR_MARKET]),
        (Needs(models=["NX 450h+"]), True, []),
        (Needs(models=["RZ 450e"]), True, [Missing.MODEL]),
        (Needs(generations=["MM21", "MM17"]), True, []),
        (Needs(generations=["MM17"]), True, [Missing.GENERATION]),
        (Needs(powertrains=["hybrid"]), True, []),
        (Needs(powertrains=["electric"]), True, [Missing.POWERTRAIN]),
        (Needs(capabilities=["remote"]), True, []),
        (Needs(capabilities=["remote", "digital_key"]), True, [Missing.CAPABILITY]),
        (Needs(bought_from=date(2024, 3, 1)), True, []),
        (Needs(bought_from=date(2024, 3, 2)), True, [Missing.BOUGHT]),
        (Needs(bought_before=date(2024, 3, 2)), True, []),
        (Needs(bought_before=date(2024, 3, 1)), True, [Missing.BOUGHT]),
    ],
)
def test_C2_each_need_is_named_where_it_fails(needs, is_sold, missing):
    assert what_is_missing(needs, CAR, is_sold_in_market=is_sold) == missing


def test_C2_everything_that_is_missing_is_named_in_the_pages_order():
    needs = Needs(
        markets=["GR"],
        models=["RZ 450e"],
        generations=["MM17"],
        powertrains=["electric"],
        capabilities=["digital_key"],
        bought_before=date(2020, 1, 1),
    )
    missing = what_is_missing(needs, CAR, is_sold_in_market=False, is_discontinued=True, services=[CLIMATE])
    assert missing == list(Missing)


def test_C2_a_car_of_which_nobody_knows_when_it_was_bought_has_nothing_that_depends_on_it():
    unknown = CarFacts(generation="MM21", powertrain="hybrid", capabilities=())
    assert what_is_missing(Needs(bought_from=date(2020, 1, 1)), unknown, is_sold_in_market=True) == [Missing.BOUGHT]
    assert what_is_missing(Needs(), unknown, is_sold_in_market=True) == []


@pytest.mark.parametrize(
    ("service", "missing"),
    [
        (ServiceNeeds(), []),
        (LOCK, []),
        (CLIMATE, [Missing.LAW]),
        (KEY, [Missing.CAPABILITY]),
        (
            ServiceNeeds(capabilities=["digital_key"], forbidden_powertrains=["hybrid"]),
            [Missing.LAW, Missing.CAPABILITY],
        ),
    ],
)
def test_C2_a_service_says_why_it_does_not_work(service, missing):
    assert what_service_misses(service, CAR) == missing


@pytest.mark.parametrize(
    ("services", "missing"),
    [
        ([], []),
        ([CLIMATE, LOCK], []),
        ([CLIMATE], [Missing.LAW]),
        ([CLIMATE, KEY], [Missing.LAW, Missing.CAPABILITY]),
    ],
)
def test_C2_a_package_is_missing_only_where_none_of_its_services_works(services, missing):
    assert what_is_missing(Needs(), CAR, is_sold_in_market=True, services=services) == missing
