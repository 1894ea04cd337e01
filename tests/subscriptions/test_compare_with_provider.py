"""Our payments against the provider's own list: differences become work, and no money moves."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from portal.clock import database_now
from subscriptions import tasks
from subscriptions.actions.cancel import cancel
from subscriptions.gateway import _sandbox
from subscriptions.ledger.provider import compare_with_provider
from subscriptions.models import Payment, Refund, WorkItem
from tests import make


@pytest.fixture
def paid(car, card, digital_key, gateway):
    return make.subscription(car, package=digital_key, gateway=gateway)


@pytest.fixture
def differences(gateway, now):
    """Kinds and subjects of what differs among charges since a day before."""

    def compare(**later):
        moment = now + timedelta(**later)
        found = compare_with_provider(gateway=gateway, since=moment - make.days(1), now=moment)
        return [(finding.check, finding.subject) for finding in found]

    return compare


def charge_beside(gateway, card, key="by hand"):
    return gateway.charge(
        key=key, card_ref=card.card_ref, amount=Decimal("60.00"), currency="EUR", description="by hand"
    )


def test_what_both_have_is_no_difference(paid, differences):
    assert differences() == []


def test_a_charge_that_we_do_not_know_is_named(card, gateway, differences):
    charged = charge_beside(gateway, card)
    assert differences() == [("charge_unknown_to_us", charged.charge_ref)]


def test_a_charge_that_the_provider_does_not_know_is_named(paid, gateway, differences):
    payment = Payment.objects.get()
    Payment.objects.update(key="another", charge_ref="charge_invented")
    assert ("charge_unknown_to_provider", str(payment.public_id)) in differences()


@pytest.mark.parametrize("status", ["declined", "failed"])
def test_a_charge_that_we_booked_as_none_is_named(paid, differences, status):
    Payment.objects.update(status=status)
    assert differences() == [("charge_not_booked", str(Payment.objects.get().public_id))]


@pytest.mark.parametrize("status", ["started", "unknown"])
def test_a_charge_on_its_way_is_left_to_the_next_run(paid, differences, status):
    Payment.objects.update(status=status)
    assert differences() == []


@pytest.mark.parametrize("changed", [{"amount": Decimal("59.99")}, {"currency": "GBP"}])
def test_another_amount_or_currency_is_named(paid, differences, changed):
    Payment.objects.update(**changed)
    assert differences() == [("charge_amount_differs", str(Payment.objects.get().public_id))]


def test_a_refund_made_beside_us_is_named(paid, gateway, differences):
    payment = Payment.objects.get()
    gateway.refund(key="by hand", charge_ref=payment.charge_ref, amount=Decimal("1.00"), currency="EUR")
    assert differences() == [("refunded_amount_differs", str(payment.public_id))]


def test_a_refund_is_judged_once_it_is_paid_and_then_must_be_the_same(paid, owner, deliver, differences, now):
    cancel(subscription=paid, confirmed=None, now=now, by=owner)
    assert differences() == []
    deliver()
    assert differences() == []
    Refund.objects.update(amount=Decimal("59.00"))
    assert differences() == [("refunded_amount_differs", str(Payment.objects.get().public_id))]


def test_a_refund_of_a_charge_of_long_ago_is_asked_for_by_its_key(paid, owner, deliver, clock, gateway, now):
    clock.now = now + make.days(20)
    cancel(subscription=paid, confirmed=None, now=clock(), by=owner)
    deliver()
    compare = {"gateway": gateway, "since": now + make.days(15), "now": clock()}
    assert list(compare_with_provider(**compare)) == []
    Refund.objects.update(amount=Decimal("1.00"))
    [finding] = compare_with_provider(**compare)
    assert (finding.check, finding.subject) == ("refund_unknown_to_provider", str(Refund.objects.get().public_id))


def test_what_was_settled_after_the_comparison_began_is_not_judged(paid, differences):
    Payment.objects.update(key="another")
    assert [kind for kind, _subject in differences(seconds=-1)] == ["charge_unknown_to_us"]


def test_the_whole_list_is_read_page_by_page(card, gateway, differences):
    for number in range(101):
        charge_beside(gateway, card, key=f"by hand {number}")
    assert len(differences()) == 101


@pytest.fixture
def at_the_provider(gateway, monkeypatch):
    """The deployment's gateway is the one in this process."""
    monkeypatch.setattr(tasks, "get_gateway", lambda: gateway)
    monkeypatch.setattr("subscriptions.management.commands.compare_with_provider.get_gateway", lambda: gateway)


@pytest.mark.django_db
def test_the_nightly_comparison_makes_work_of_a_difference_once(card, gateway, clock, at_the_provider):
    clock.now = database_now()
    charge_beside(gateway, card)
    tasks.compare_with_provider()
    tasks.compare_with_provider()
    assert WorkItem.objects.get().kind == "charge_unknown_to_us"


def test_the_command_goes_back_as_far_as_it_is_told(card, gateway, clock, at_the_provider, time_machine, capsys):
    charge_beside(gateway, card)
    time_machine.move_to(clock() + make.days(30))
    call_command("compare_with_provider")
    assert "agree" in capsys.readouterr().out
    with pytest.raises(CommandError, match="1 differences"):
        call_command("compare_with_provider", "--since", "2026-06-01")
    assert "by hand: 60.00 EUR" in capsys.readouterr().out


def test_a_provider_that_is_down_is_said_so(db, settings):
    settings.SANDBOX_URL = "http://127.0.0.1:9"
    with pytest.raises(CommandError, match="cannot be read now"):
        call_command("compare_with_provider")
    _sandbox(settings.SANDBOX_URL, settings.SANDBOX_SECRET).close()
