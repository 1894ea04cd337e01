"""C2: what the sample deployment's own catalogue lets each kind of car have, against a table written by hand.

`y` all of the package works, `p` a part of it, `.` the car cannot have it. Packages stand in the file's order:
standard, home-charging, remote, climate-plus, digital-key, smart, smart-connected, navigation, map-care, service-pack,
wifi.
"""

from garage.models import Vehicle
from portal.models import Market
from subscriptions.actions.catalogue import load_catalogue
from subscriptions.catalogue.file import read_catalogue_file
from subscriptions.centre.suiting import missing_for, services_without
from subscriptions.models import Package
from tests import make

OLD = "map_care navigation telematics"
CONNECTED = f"{OLD} driving_analytics remote smart_services"
NEW = f"{CONNECTED} remote_climate wifi"
CARS = {
    "NX 350h": ("hybrid", "MM21", f"{NEW} digital_key"),
    "NX 450h+": ("plug_in_hybrid", "MM21", f"{NEW} digital_key"),
    "UX 300e": ("electric", "MM21", NEW),
    "RC 300": ("petrol", "MM19", f"{CONNECTED} remote_climate"),
    "ES 300h": ("hybrid", "MM19", CONNECTED),
    "LC 500": ("petrol", "MM17", OLD),
    "CT 200h": ("hybrid", "MM17", ""),
}
# Austria and Germany forbid the climate by remote control to engines that would run meanwhile.
TABLE = """
            CY           AT           DE
NX 350h     y.yyyyyyyyy  y.p.yyyyyyy  y.p.yyyyyyy
NX 450h+    yyyyyyyyyyy  yyyyyyyyyyy  yyyyyyyyyyy
UX 300e     yyyy.yyyyyy  yyyy.yyyyyy  yyyy.yyyyyy
RC 300      y.yy.y.yyy.  y.p..y.yyy.  y.p..y.yyy.
ES 300h     y.p..y.yyy.  y.p..y.yyy.  y.p..y.yyy.
LC 500      p......pyy.  p......pyy.  p......pyy.
CT 200h     ...........  ...........  ...........
"""


def _verdict(package: Package, car: Vehicle, market: Market) -> str:
    if missing_for(package, car, market, is_sold=True):
        return "."
    return "p" if services_without(package, car, market) else "y"


def test_C2_the_sample_catalogue_lets_each_car_have_what_the_table_says(market, settings):
    file = settings.BASE_DIR / "portal/data/lexus_cy/catalogue.yaml"
    load_catalogue(read_catalogue_file(file), now=make.NOW)
    packages = list(Package.objects.order_by("position").prefetch_related("services", "discontinuations"))
    header, *lines = TABLE.strip("\n").splitlines()
    for line in lines:
        name = line[:12].strip()
        powertrain, multimedia, capabilities = CARS[name]
        car = Vehicle(model=name, powertrain=powertrain, multimedia=multimedia, capabilities=capabilities.split())
        for code, expected in zip(header.split(), line[12:].split(), strict=True):
            verdicts = "".join(_verdict(package, car, Market(code=code)) for package in packages)
            assert verdicts == expected, (name, code)
