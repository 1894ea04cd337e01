"""A2: connected services of an older head unit's account pause until it accepts the Terms."""

from datetime import date

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions.billing import save_billing_profile
from accounts.actions.registration import create_from_head_unit
from accounts.actions.terms import accept_terms
from accounts.models import TermsAcceptance, TermsVersion
from garage.actions.add import add_vehicle
from garage.actions.prove import prove_access
from portal.refusals import Refusal
from subscriptions.actions.begin import begin
from subscriptions.actions.entitle import activate_complimentary
from subscriptions.actions.pay_now import pay_now
from subscriptions.actions.run import charging_run
from subscriptions.centre.packages import offers_for
from subscriptions.models import Package, Payment, Subscription
from subscriptions.rules.offer import OfferState
from tests import make
from tests.clean_ledger import _the_ledger_adds_up  # noqa: F401
from tests.ignoring import trigger_ignored


@pytest.fixture
def driver(market):
    """Created in a car of MM19 at NOW, address confirmed, Terms not accepted: the last day is 24 June."""
    account = create_from_head_unit(
        email="driver@example.com", password=make.PASSWORD, generation="MM19", market=market, now=make.NOW
    )
    EmailAddress.objects.filter(user=account).update(verified=True)
    address = {"address_line_1": "Makariou III 12", "postcode": "1065", "town": "Nicosia", "country": "CY"}
    save_billing_profile(account=account, now=make.NOW, by=account, name="Driver", **address)
    return account


@pytest.fixture
def driven(driver):
    """Its car, within its free years."""
    return make.active_car(driver, multimedia="MM19", warranty_start=date(2025, 3, 15))


@pytest.fixture
def remote(market):
    return make.package("remote", market=market, complimentary_months={"default": 36})


@pytest.fixture
def standard(market):
    return Package.objects.create(code="calls", names={"en": "Calls"}, suite=Package.APP, is_standard=True)


def accept(account, now):
    accept_terms(account=account, version=TermsVersion.objects.get(), channel="portal", now=now, by=account)


def activate(membership, package, now=make.NOW):
    account = membership.account
    return activate_complimentary(account=account, vehicle=membership.vehicle, package=package, now=now, by=account)


def states(membership, now):
    today = membership.account.market.local_date(now)
    return {offer.package.code: offer.state for offer in offers_for(membership, today=today)}


@pytest.mark.parametrize("days", [0, 14])
def test_A2_in_its_days_what_is_free_may_be_activated(driven, remote, days):
    assert activate(driven, remote, make.NOW + make.days(days)).is_complimentary


def test_A2_C3_in_its_days_nothing_can_be_ordered(driven, navigation, gateway):
    make.card(driven.account, gateway=gateway)
    with pytest.raises(Refusal) as refusal:
        make.subscription(driven, package=navigation, gateway=gateway)
    assert refusal.value.code == "terms_missing"


def test_A2_while_services_pause_nothing_can_be_activated_or_ordered(driven, remote, navigation, gateway):
    make.card(driven.account, gateway=gateway)
    late = make.NOW + make.days(15)
    for act in (
        lambda: activate(driven, remote, late),
        lambda: make.subscription(driven, package=navigation, gateway=gateway, now=late),
    ):
        with pytest.raises(Refusal) as refusal:
            act()
        assert refusal.value.code == "terms_missing"


def test_A2_C1_services_pause_after_the_days_and_go_on_when_the_terms_are_accepted(
    driven, remote, standard, navigation
):
    running = activate(driven, remote)
    counting = {"remote": OfferState.COMPLIMENTARY, "calls": OfferState.STANDARD, "navigation": OfferState.AVAILABLE}
    assert states(driven, make.NOW + make.days(14)) == counting
    late = make.NOW + make.days(15)
    assert states(driven, late) == dict.fromkeys(counting, OfferState.PAUSED)
    accept(driven.account, late)
    assert states(driven, late) == counting
    ends_on = running.ends_on
    running.refresh_from_db()
    assert (running.status, running.ends_on) == ("complimentary", ends_on)


def test_A2_whoever_else_has_the_car_sees_the_pause_too(driven, remote, stranger):
    activate(driven, remote)
    other = add_vehicle(account=stranger, vin=driven.vehicle.vin, now=make.NOW, by=stranger)
    other = prove_access(membership=other, odometer_km=make.ODOMETER_KM, now=make.NOW, by=stranger)
    assert states(other, make.NOW + make.days(14))["remote"] is OfferState.COMPLIMENTARY
    assert states(other, make.NOW + make.days(15))["remote"] is OfferState.PAUSED


def test_A2_who_accepted_in_time_is_never_paused(driven, remote):
    activate(driven, remote)
    accept(driven.account, make.NOW + make.days(3))
    assert states(driven, make.NOW + make.days(400))["remote"] is OfferState.COMPLIMENTARY


def tear_out_the_acceptance(account):
    """No action leads here: nothing is ordered without the Terms, and an acceptance is never taken back."""
    with trigger_ignored("accounts.TermsAcceptance:append_only"):
        TermsAcceptance.objects.filter(account=account).delete()


@pytest.fixture
def paid_without_terms(driven, navigation, gateway, clock):
    """A free month that is over, of an account whose services pause."""
    accept(driven.account, make.NOW)
    make.card(driven.account, gateway=gateway)
    running = make.subscription(driven, package=navigation, term="monthly", gateway=gateway)
    tear_out_the_acceptance(driven.account)
    clock.now = make.NOW + make.days(30)
    return running


def test_A2_a_run_charges_nothing_while_services_pause(paid_without_terms, market, gateway, clock):
    for _ in range(3):
        charging_run(market=market, now=clock.now, gateway=gateway)
        clock.now += make.days(1)
    today = market.local_date(clock.now)
    assert not Subscription.objects.due(today).exists()
    assert begin([paid_without_terms.pk], now=clock.now, waits=True).payments == []
    assert not Payment.objects.exists()
    paid_without_terms.refresh_from_db()
    assert (paid_without_terms.status, paid_without_terms.tries_used) == ("trial", 0)


def test_A2_P5_what_was_due_is_charged_once_the_terms_are_accepted_and_its_dates_stay(
    paid_without_terms, market, gateway, clock
):
    charging_run(market=market, now=clock.now, gateway=gateway)
    clock.now += make.days(10)
    accept(paid_without_terms.account, clock.now)
    charging_run(market=market, now=clock.now, gateway=gateway)
    paid_without_terms.refresh_from_db()
    assert Payment.objects.get().status == "succeeded"
    assert paid_without_terms.next_charge_on == date(2026, 8, 10)


def test_A2_nobody_pays_at_once_either_while_services_pause(driven, navigation, market, gateway, clock):
    account = driven.account
    accept(account, make.NOW)
    make.card(account, gateway=gateway, behaves="insufficient_funds")
    declined = make.subscription(driven, package=navigation, term="monthly", gateway=gateway)
    clock.now = make.NOW + make.days(30)
    charging_run(market=market, now=clock.now, gateway=gateway)
    tear_out_the_acceptance(account)
    with pytest.raises(Refusal) as refusal:
        pay_now(subscription=declined, card=None, return_url="/", now=clock.now, by=account, gateway=gateway)
    assert refusal.value.code == "terms_missing"
    assert declined.payments.count() == 1


def test_A2_a_new_version_that_is_not_accepted_leaves_running_contracts_and_charges_as_they_are(
    owner, car, card, navigation, gateway, clock, market
):
    running = make.subscription(car, package=navigation, term="monthly", gateway=gateway)
    clock.now = make.NOW + make.days(30)
    TermsVersion.objects.create(market=market, version="2026-07", effective_at=clock.now, texts={"en": "New."})
    charging_run(market=market, now=clock.now, gateway=gateway)
    running.refresh_from_db()
    assert (running.status, running.payments.get().status) == ("paid", "succeeded")
    assert states(car, clock.now)["navigation"] is OfferState.PAID


def seen_on(client, account, moment, url):
    with time_machine.travel(moment, tick=False):
        client.force_login(account)
        return client.get(url)


def test_A2_C1_the_pages_that_stay_open_show_the_pause(client, driven, remote):
    activate(driven, remote)
    services = reverse("services", args=[driven.public_id])
    late = make.NOW + make.days(15)
    page = seen_on(client, driven.account, late, services).content.decode()
    assert "Paused for Terms" in page
    assert "It goes on as soon as you accept the Terms of Use." in page
    assert "Paused for Terms" in seen_on(client, driven.account, late, reverse("home")).content.decode()
    assert seen_on(client, driven.account, late, reverse("subscriptions")).status_code == 302


def test_A2_in_its_days_the_pages_show_what_runs(client, driven, remote):
    activate(driven, remote)
    page = seen_on(client, driven.account, make.NOW + make.days(14), reverse("services", args=[driven.public_id]))
    assert "Paused for Terms" not in page.content.decode()
    assert "Complimentary" in page.content.decode()


@pytest.mark.parametrize("step", ["checkout_plan", "checkout_payment", "checkout_summary"])
def test_A2_C3_ordering_asks_for_the_terms_while_the_days_count_and_leads_back(client, driven, navigation, step):
    url = reverse(step, args=[driven.public_id, navigation.code])
    answer = seen_on(client, driven.account, make.NOW, url)
    assert answer["Location"] == reverse("terms_acceptance") + f"?next={url}"


def test_A2_the_pages_take_no_query_more_for_those_who_were_never_counted(client, car):
    url = reverse("services", args=[car.public_id])
    seen_on(client, car.account, make.NOW, url)
    with CaptureQueriesContext(connection) as asked:
        seen_on(client, car.account, make.NOW, url)
    about_days = [query["sql"] for query in asked if "terms_due_on" in query["sql"] and "EXISTS" in query["sql"]]
    # The account itself, with what every page asks of it.
    assert len(about_days) == 1
    assert "unread_number" in about_days[0]
