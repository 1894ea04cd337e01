"""The catalogue by days: loaded ahead, in force by itself on its day, and no contract is touched (S10)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from portal.files.data_files import DataFileError
from portal.models import Market
from subscriptions import tasks
from subscriptions.actions.catalogue import bring_into_force, keep_up, keep_up_or_alert, load_catalogue
from subscriptions.actions.subscribe import subscribe
from subscriptions.catalogue.file import read_catalogue
from subscriptions.models import CatalogueVersion, Package, Plan, WorkItem
from tests import make
from tests.refusing import assert_append_only, refusal_code
from tests.subscriptions.test_catalogue_file import CATALOGUE

TODAY = make.NOW
# 2026-07-01, from 00:00 in Nicosia.
FIRST_OF_JULY = datetime(2026, 6, 30, 21, 0, tzinfo=UTC)
AHEAD = (
    ("market: CY", "market: CY\neffective_on: 2026-07-01"),
    ('"9.90", yearly: "99.00"', '"10.90"'),
    ("default: 36", "default: 24"),
    ("trial: true", "trial: false"),
)


def text(*changes: tuple[str, str]) -> str:
    changed = CATALOGUE
    for old, new in changes:
        assert old in changed
        changed = changed.replace(old, new, 1)
    return changed


def load(*changes: tuple[str, str], now=TODAY):
    return load_catalogue(read_catalogue(text(*changes), name="catalogue.yaml"), now=now)


@pytest.fixture(autouse=True)
def today(market):
    load()


def monthly() -> tuple[Decimal, bool]:
    plan = Plan.objects.get(package__code="navigation", term="monthly")
    return plan.price, plan.package.gives_trial


OLD, NEW = (Decimal("9.90"), True), (Decimal("10.90"), False)


def test_a_file_for_a_day_to_come_is_kept_and_changes_nothing_yet():
    loaded = load(*AHEAD)
    assert (loaded.is_ahead, sum(loaded.counts.values()), monthly()) == (True, 0, OLD)
    assert load(*AHEAD).version == loaded.version
    assert CatalogueVersion.objects.count() == 2


def test_it_comes_into_force_by_itself_on_its_day_in_the_markets_zone(market):
    load(*AHEAD)
    assert not bring_into_force(market=market, now=FIRST_OF_JULY - timedelta(seconds=1))
    assert monthly() == OLD
    assert bring_into_force(market=market, now=FIRST_OF_JULY)
    assert not bring_into_force(market=market, now=FIRST_OF_JULY)
    assert (monthly(), Package.objects.get(code="navigation").complimentary_months["default"]) == (NEW, 24)
    assert not Plan.objects.get(package__code="navigation", term="yearly").is_offered


def test_the_job_brings_every_market_up_to_the_day():
    load(("market: CY", "market: CY\neffective_on: 2026-06-11"), ('"9.90"', '"10.90"'))
    tasks.bring_catalogues_into_force()
    assert monthly()[0] == Decimal("10.90")


def test_after_an_outage_only_the_version_of_the_day_counts(market):
    for day, price in (("2026-07-01", "10.90"), ("2026-08-01", "11.90"), ("2026-09-01", "12.90")):
        load(("market: CY", f"market: CY\neffective_on: {day}"), ('"9.90"', f'"{price}"'))
    keep_up(market, now=datetime(2026, 8, 20, 9, 0, tzinfo=UTC))
    assert monthly()[0] == Decimal("11.90")
    in_force = CatalogueVersion.objects.filter(in_force_at__isnull=False)
    assert [str(version.effective_on) for version in in_force.order_by("effective_on")][1:] == ["2026-08-01"]


def test_of_two_for_one_day_the_one_loaded_last_counts(market):
    load(*AHEAD)
    load(*AHEAD, ('"10.90"', '"8.90"'))
    assert CatalogueVersion.objects.to_come(market, market.local_date(TODAY)).count() == 1
    keep_up(market, now=FIRST_OF_JULY)
    assert monthly()[0] == Decimal("8.90")


def test_one_that_is_older_than_what_is_in_force_is_refused_but_the_same_file_again_is_not(market):
    with pytest.raises(DataFileError, match="effective_on is 2026-06-09, and the catalogue of 2026-06-10 is in force"):
        load(("market: CY", "market: CY\neffective_on: 2026-06-09"))
    load(*AHEAD)
    keep_up(market, now=FIRST_OF_JULY)
    assert load(*AHEAD, now=FIRST_OF_JULY).counts["changed"] == 0


def test_a_version_is_never_changed_and_stays():
    version = CatalogueVersion.objects.get()
    version.content = "other"
    assert_append_only(version)


def test_one_that_cannot_be_read_any_more_is_logged_and_what_holds_stays(market, caplog):
    load(*AHEAD)
    Market.objects.update(languages=["en", "el", "de"])
    assert not keep_up(market, now=FIRST_OF_JULY)
    assert (monthly(), "cannot come into force" in caplog.text) == (OLD, True)


# What is agreed stays


@pytest.fixture
def running(car, card, gateway):
    return make.subscription(car, package=Package.objects.get(code="navigation"), gateway=gateway)


def test_S10_a_running_contract_keeps_price_trial_dates_and_plan(running, market, contract_facts):
    before = contract_facts(running)
    load(*AHEAD)
    keep_up(market, now=FIRST_OF_JULY)
    assert contract_facts(running) == before


@pytest.fixture
def contract_facts():
    def facts(subscription) -> tuple:
        row = type(subscription).objects.get(pk=subscription.pk)
        names = ("status", "price", "vat_rate", "trial_months", "term_months", "next_charge_on", "ends_on", "plan_id")
        return tuple(getattr(row, name) for name in names), row.agreed_for(1), row.contract.agreed

    return facts


LESS = (
    ("market: CY", "market: CY\neffective_on: 2026-07-01"),
    ("  - code: maps", "  - code: radio\n    names: {en: R, el: R}\n    descriptions: {en: R, el: R}\n  - code: maps"),
    ("services: [maps]", "services: [radio]"),
)


def test_S10_what_customers_have_loses_no_service(running):
    with pytest.raises(DataFileError, match="navigation: customers have it, and it would lose maps"):
        load(*LESS)


def test_S10_nor_does_it_where_they_ordered_between_loading_and_its_day(market, car, card, gateway):
    load(*LESS)
    package = Package.objects.get(code="navigation")
    make.subscription(car, package=package, gateway=gateway)
    keep_up(market, now=FIRST_OF_JULY)
    assert {service.code for service in package.services.all()} == {"maps", "radio"}


def test_S12_what_customers_have_gets_no_base(running):
    with pytest.raises(DataFileError, match="navigation: customers have it, and it would need another package"):
        load(("    needs: navigation\n", ""), ("    trial: true", "    needs: wifi\n    trial: true"))


def test_X10_an_order_shown_under_yesterdays_catalogue_is_shown_again(car, card, gateway, market):
    load(*AHEAD)
    plans = Plan.objects.select_related("package").filter(package__code="navigation", term="monthly")
    now = FIRST_OF_JULY + timedelta(hours=9)
    arguments = {"account": car.account, "vehicle": car.vehicle, "by": car.account, "order_text": "I order."}
    arguments |= {"gateway": gateway, "now": now, "first_charge_on": market.local_date(now), "order_key": uuid4()}
    assert refusal_code(subscribe, plan=plans.get(), **arguments) == "quote_changed"
    made = subscribe(plan=plans.get(), **arguments)
    assert (made.price, made.trial_months) == (Decimal("10.90"), 0)


# Markets


def test_C4_free_months_and_what_is_named_are_each_markets_own(market):
    facts = {name: getattr(market, name) for name in ("brand", "legal_entity", "vat_rate", "time_zone", "languages")}
    facts |= {name: getattr(market, name) for name in ("card_brands", "card_funding", "card_processor")}
    elsewhere = Market.objects.create(code="AT", names={"en": "Austria"}, currency="EUR", **facts)
    load(("market: CY", "market: AT"), ("default: 36", "default: 12"), (text()[text().index("  - code: wifi") :], ""))
    navigation, wifi = Package.objects.order_by("position")
    assert (navigation.free_months_in(market)["default"], navigation.free_months_in(elsewhere)["default"]) == (36, 12)
    assert (wifi.is_left_out(market), wifi.is_left_out(elsewhere)) == (False, True)


def test_C3_a_standard_package_that_the_catalogue_names_no_more_is_gone(client, owner, car, market):
    standard = make.package("standard", market=market, is_standard=True, position=9)
    load(("en: Maps", "en: Live maps"))
    client.force_login(owner)
    page = client.get(reverse("services", args=[car.public_id])).content.decode()
    card = page[page.index(f'id="{standard.code}"') :]
    assert "This package is not sold in your country." in card
    assert f'id="{standard.code}"' not in client.get(reverse("prices")).content.decode()


# What staff learn of it


def test_K4_a_catalogue_that_is_due_and_cannot_be_read_is_work_until_one_is_in_force(market):
    load(*AHEAD)
    Market.objects.update(languages=["en", "el", "de"])
    for minutes in (5, 10):
        keep_up_or_alert(market, now=FIRST_OF_JULY + timedelta(minutes=minutes))
    item = WorkItem.objects.get()
    assert (item.kind, item.subject, item.is_open, item.closes_by_itself) == ("catalogue_unreadable", "CY", True, True)
    assert "names.de is missing" in item.text
    Market.objects.update(languages=["en", "el"])
    keep_up_or_alert(market, now=FIRST_OF_JULY + timedelta(minutes=15))
    item.refresh_from_db()
    assert (monthly(), item.is_open) == (NEW, False)
