"""C2: what stands against a package on a car."""

import pytest

from subscriptions.rules.eligibility import CarFacts, Missing, Needs, what_is_missing

CAR = CarFacts(model="NX 350h", generation="MM21", powertrain="hybrid", capabilities=("navigation", "remote"))


@pytest.mark.parametrize(
    ("needs", "is_sold", "missing"),
    [
        (Needs(), True, []),
        (Needs(), False, [Missing.MARKET]),
        (Needs(models=["RX 350h", "NX 350h"]), True, []),
        (Needs(models=["NX 350"]), True, [Missing.MODEL]),
        (Needs(generations=["MM21", "MM17"]), True, []),
        (Needs(generations=["MM17"]), True, [Missing.GENERATION]),
        (Needs(powertrains=["hybrid"]), True, []),
        (Needs(powertrains=["electric"]), True, [Missing.POWERTRAIN]),
        (Needs(capabilities=["remote"]), True, []),
        (Needs(capabilities=["remote", "digital_key"]), True, [Missing.CAPABILITY]),
    ],
)
def test_C2_each_need_is_named_where_it_fails(needs, is_sold, missing):
    assert what_is_missing(needs, CAR, is_sold_in_market=is_sold) == missing


def test_C2_everything_that_is_missing_is_named_in_the_pages_order():
    needs = Needs(models=["UX"], generations=["MM17"], powertrains=["electric"], capabilities=["digital_key"])
    assert what_is_missing(needs, CAR, is_sold_in_market=False, is_discontinued=True) == list(Missing)
