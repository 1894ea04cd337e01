"""The catalogue file: what is wrong is said with its place, and contracts are left as they are."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from subscriptions.actions.catalogue import load_catalogue
from subscriptions.catalogue.file import read_catalogue_file
from subscriptions.models import Package, Plan, Service
from tests import make

CATALOGUE = """\
market: CY
services:
  - code: maps
    names: {en: Maps, el: Χάρτες}
    descriptions: {en: Online., el: Διαδικτυακά.}
packages:
  - code: navigation
    names: {en: Navigation, el: Πλοήγηση}
    descriptions: {en: Finds the way., el: Βρίσκει τον δρόμο.}
    suite: multimedia
    services: [maps]
    trial: true
    complimentary_months: {MM21: 48, default: 36}
    powertrains: [hybrid]
    prices: {monthly: "9.90", yearly: "99.00"}
  - code: wifi
    names: {en: Wi-Fi, el: Wi-Fi}
    descriptions: {en: Online in the car., el: Σύνδεση στο αυτοκίνητο.}
    suite: app
    services: [maps]
    needs: navigation
    prices: {monthly: "5.00"}
    models: [NX 350h, RX 350h]
"""


@pytest.fixture
def load(tmp_path, market):
    def loaded(*changes: tuple[str, str]) -> dict[str, int]:
        text = CATALOGUE
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        path = tmp_path / "catalogue.yaml"
        path.write_text(text)
        return load_catalogue(read_catalogue_file(path), now=make.NOW).counts

    return loaded


def prices(*, is_offered: bool = True) -> dict[tuple[str, str], str]:
    plans = Plan.objects.filter(is_offered=is_offered)
    return {(plan.package.code, plan.term): str(plan.price) for plan in plans}


def test_services_packages_needs_and_plans_are_loaded(load):
    assert load() == {"created": 6, "changed": 0, "unchanged": 0}
    navigation, wifi = Package.objects.order_by("position")
    assert (navigation.gives_trial, navigation.complimentary_months) == (True, {"MM21": 48, "default": 36})
    assert wifi.car_models == ["NX 350h", "RX 350h"]
    assert (navigation.powertrains, wifi.base, navigation.services.get().code) == (["hybrid"], navigation, "maps")
    assert prices() == {
        ("navigation", "monthly"): "9.90",
        ("navigation", "yearly"): "99.00",
        ("wifi", "monthly"): "5.00",
    }


def test_the_same_file_twice_changes_nothing(load):
    load()
    assert load() == {"created": 0, "changed": 0, "unchanged": 6}


def test_what_has_changed_is_changed(load):
    load()
    assert load(('"9.90"', '"10.90"'), ("en: Maps", "en: Live maps"))["changed"] == 2
    assert (prices()["navigation", "monthly"], Service.objects.get().name) == ("10.90", "Live maps")


def test_a_plan_gone_from_the_file_is_no_longer_offered_and_may_come_back(load):
    load()
    assert load((', yearly: "99.00"', ""))["changed"] == 1
    assert prices(is_offered=False) == {("navigation", "yearly"): "99.00"}
    assert load()["changed"] == 1
    assert prices(is_offered=False) == {}


def test_S10_a_running_contract_is_not_touched(load, owner, car, card, gateway):
    load()
    subscription = make.subscription(car, package=Package.objects.get(code="navigation"), gateway=gateway)
    load((', yearly: "99.00"', ""), ("trial: true", "trial: false"))
    subscription.refresh_from_db()
    assert (subscription.price, subscription.trial_months, subscription.plan.is_offered) == (Decimal("99.00"), 1, False)


def test_packages_that_a_file_no_longer_names_are_no_longer_offered(load):
    load()
    rest = CATALOGUE[CATALOGUE.index("  - code: wifi") :]
    load((rest, ""))
    assert ("wifi", "monthly") not in prices()
    assert Package.objects.get(code="wifi").left_out_in == ["CY"]
    load()
    assert (("wifi", "monthly") in prices(), Package.objects.get(code="wifi").left_out_in) == (True, [])


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("market: CY", "market: XX", r"line 1: market is 'XX', which is not loaded yet"),
        ("suite: app", "suite: radio", r"line 19: packages\[2\].suite is 'radio'; known are app, multimedia"),
        ("services: [maps]", "services: [map]", r"line 11: packages\[1\].services"),
        ("el: Πλοήγηση", "de: Navi", r"line 8: packages\[1\].names.de is not known here"),
        ('"9.90"', '"free"', r"line 15: packages\[1\].prices.monthly"),
        ('"9.90"', '"0.00"', r"line 15: packages\[1\].prices.monthly"),
        ("monthly:", "weekly:", r"line 15: packages\[1\].prices.weekly is no term; known are monthly"),
        ("MM21: 48", "MM21: 480", r"line 13: packages\[1\].complimentary_months.MM21"),
        ("[hybrid]", "[steam]", r"line 14: packages\[1\].powertrains"),
        ("trial: true", "trail: true", r"line 12: packages\[1\].trail is not known here"),
        ("needs: navigation", "needs: radio", r"wifi: needs 'radio', which is no base package of this file"),
        ("needs: navigation", "needs: wifi", r"wifi: needs 'wifi', which is no base package of this file"),
        ("code: wifi", "code: navigation", r"line 16: packages\[2\].code 'navigation' stands there twice"),
        ('prices: {monthly: "5', 'channels: [car]\n    prices: {monthly: "5', r"packages\[2\].channels has car; known"),
        ("market: CY", "market: CY\neffective_on: soon", r"line 2: effective_on is 'soon'; it must be like"),
        ("code: maps", "code: Maps!", r"line 3: services\[1\].code is 'Maps!'"),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_nothing_is_changed(load, tmp_path, old, new, place):
    load()
    before = (prices(), Package.objects.count(), Service.objects.count())
    (tmp_path / "wrong.yaml").write_text(CATALOGUE.replace(old, new, 1))
    with pytest.raises(CommandError, match=f"wrong.yaml, .*{place}"):
        call_command("load_catalogue", tmp_path / "wrong.yaml")
    assert (prices(), Package.objects.count(), Service.objects.count()) == before


def test_the_sample_deployments_catalogue_is_sound(market, settings):
    file: Path = settings.BASE_DIR / "portal/data/lexus_cy/catalogue.yaml"
    assert load_catalogue(read_catalogue_file(file), now=make.NOW).counts["created"] > 20
    assert load_catalogue(read_catalogue_file(file), now=make.NOW).counts["changed"] == 0
