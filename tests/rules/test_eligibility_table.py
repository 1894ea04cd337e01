"""C2: cars x packages x markets, held against a table that was written by hand from the brand's own words.

Rows are cars, columns packages; `y` can have it, `.` cannot, `p` can have it without remote climate. Remote climate is
forbidden in Austria and Germany for combustion engines and full hybrids; plug-in hybrids and electric cars have it.
"""

import pytest

from subscriptions.rules.eligibility import (
    CarFacts,
    Missing,
    Needs,
    ServiceNeeds,
    what_is_missing,
    what_service_misses,
)

BASE = ("telematics",)
APP = (*BASE, "remote", "driving_analytics")
ALL = (*APP, "digital_key", "navigation", "wifi")
CARS = {
    # name: generation, powertrain, capabilities, market
    "UX petrol 2018": ("MM17", "petrol", (*BASE, "map_care"), "CY"),
    "UX hybrid 2019": ("MM19", "hybrid", (*BASE, "map_care", "driving_analytics"), "CY"),
    "ES hybrid 2020": ("MM19", "hybrid", (*APP, "map_care"), "CY"),
    "NX petrol 2022": ("MM21", "petrol", (*APP, "navigation"), "CY"),
    "NX hybrid 2022": ("MM21", "hybrid", (*APP, "navigation"), "AT"),
    "NX plug-in 2022": ("MM21", "plug_in_hybrid", ALL, "AT"),
    "RX hybrid 2023": ("MM21", "hybrid", ALL, "DE"),
    "RX plug-in 2023": ("MM21", "plug_in_hybrid", ALL, "DE"),
    "RZ electric 2023": ("MM21", "electric", ALL, "CY"),
    "UX electric 2021": ("MM19", "electric", (*APP, "map_care"), "DE"),
    "LC petrol 2019": ("MM17", "petrol", (), "CY"),
    "LBX hybrid 2024": ("MM21", "hybrid", (*APP, "navigation", "wifi"), "CY"),
}
CLIMATE = "remote_climate"
PACKAGES = {
    "standard": Needs(capabilities=["telematics"]),
    "remote": Needs(capabilities=["remote"]),
    "climate": Needs(capabilities=["remote"]),
    "smart": Needs(capabilities=["driving_analytics"]),
    "key": Needs(capabilities=["digital_key"], generations=["MM21"]),
    "navigation": Needs(capabilities=["navigation"], generations=["MM21"]),
    "map care": Needs(capabilities=["map_care"], generations=["MM17", "MM19"]),
    "wifi": Needs(capabilities=["wifi"]),
    "ev": Needs(capabilities=["remote"], powertrains=["electric", "plug_in_hybrid"]),
}
# The services of a package that are more than its equipment: name -> what the law forbids it to.
SERVICES = {"remote": ["lock", CLIMATE], "climate": [CLIMATE]}
FORBIDDEN = {"AT": ["petrol", "hybrid"], "DE": ["petrol", "hybrid"], "CY": []}
# Not sold there at all.
UNSOLD = {("AT", "wifi"), ("DE", "ev")}

TABLE = """
                   CY         AT         DE
UX petrol 2018     y.....y..  y.....y..  y.....y..
UX hybrid 2019     y..y..y..  y..y..y..  y..y..y..
ES hybrid 2020     yyyy..y..  yp.y..y..  yp.y..y..
NX petrol 2022     yyyy.y...  yp.y.y...  yp.y.y...
NX hybrid 2022     yyyy.y...  yp.y.y...  yp.y.y...
NX plug-in 2022    yyyyyy.yy  yyyyyy..y  yyyyyy.y.
RX hybrid 2023     yyyyyy.y.  yp.yyy...  yp.yyy.y.
RX plug-in 2023    yyyyyy.yy  yyyyyy..y  yyyyyy.y.
RZ electric 2023   yyyyyy.yy  yyyyyy..y  yyyyyy.y.
UX electric 2021   yyyy..y.y  yyyy..y.y  yyyy..y..
LC petrol 2019     .........  .........  .........
LBX hybrid 2024    yyyy.y.y.  yp.y.y...  yp.y.y.y.
"""


def _cases():
    lines = TABLE.strip("\n").splitlines()
    markets = lines[0].split()
    for line in lines[1:]:
        car, verdicts = line[:19].strip(), line[19:].split()
        for market, row in zip(markets, verdicts, strict=True):
            for package, verdict in zip(PACKAGES, row, strict=True):
                yield car, package, market, verdict


CASES = list(_cases())


def _facts(car):
    generation, powertrain, capabilities, market = CARS[car]
    return CarFacts(generation=generation, powertrain=powertrain, capabilities=capabilities, market=market)


def _services(package, market):
    names = SERVICES.get(package, [])
    return {name: ServiceNeeds(forbidden_powertrains=FORBIDDEN[market] if name == CLIMATE else []) for name in names}


def _verdict(car, package, market):
    services = _services(package, market)
    is_sold = (market, package) not in UNSOLD
    missing = what_is_missing(
        PACKAGES[package], _facts(car), is_sold_in_market=is_sold, services=list(services.values())
    )
    if missing:
        return "."
    return "p" if any(what_service_misses(needs, _facts(car)) for needs in services.values()) else "y"


def test_C2_the_table_has_every_car_package_and_market():
    assert len(CASES) == len(set(CASES)) == len(CARS) * len(PACKAGES) * len(FORBIDDEN) >= 200


@pytest.mark.parametrize("car", CARS)
def test_C2_the_rule_says_what_the_table_says(car):
    wrong = [case for case in CASES if case[0] == car and _verdict(*case[:3]) != case[3]]
    assert wrong == []


@pytest.mark.parametrize("market", ["AT", "DE"])
@pytest.mark.parametrize(
    ("car", "is_forbidden"),
    [("NX petrol 2022", True), ("RX hybrid 2023", True), ("RX plug-in 2023", False), ("RZ electric 2023", False)],
)
def test_C2_the_law_on_remote_climate_is_named_where_it_forbids(car, market, is_forbidden):
    climate = _services("climate", market)[CLIMATE]
    assert (what_service_misses(climate, _facts(car)) == [Missing.LAW]) is is_forbidden
