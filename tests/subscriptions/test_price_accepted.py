"""S10: from its charge on an accepted price is charged, invoiced and refunded."""

from datetime import date
from decimal import Decimal

from accounts.models import Notice
from portal.models import Market
from subscriptions.actions.cancel import cancel
from subscriptions.actions.price_answer import accept_price, shown
from subscriptions.models import Document, PriceOffer, Refund
from tests.clean_ledger import _the_ledger_adds_up as _the_ledger_adds_up
from tests.refusing import assert_append_only, refused
from tests.subscriptions.running_plans import accept, amounts, at
from tests.subscriptions.running_plans import announce as announce
from tests.subscriptions.running_plans import run as run
from tests.subscriptions.running_plans import yearly as yearly


def test_S10_accepted_it_is_charged_invoiced_and_refunded_at_the_new_price(yearly, announce, run, deliver):
    announce(yearly)
    run("2027-04-11")
    accept(yearly, "2027-05-01")
    run("2027-06-10")
    assert amounts(yearly) == ["60.00", "72.00"]
    invoice = Document.objects.get(kind="invoice", gross=Decimal("72.00"))
    assert (invoice.net, invoice.vat) == (Decimal("60.50"), Decimal("11.50"))
    cancel(subscription=yearly, confirmed=None, now=at("2027-09-09"), by=yearly.account)
    assert Refund.objects.get().amount == Decimal("54.00")
    deliver()


def test_S10_before_its_charge_the_refund_is_of_the_price_that_was_paid(yearly, announce, run):
    announce(yearly)
    run("2027-04-11")
    accept(yearly, "2027-05-01")
    cancel(subscription=yearly, confirmed=None, now=at("2027-05-09"), by=yearly.account)
    assert Refund.objects.get().amount == Decimal("5.00")


def test_S10_an_amendment_keeps_what_was_agreed_and_is_mailed(yearly, announce, run):
    announce(yearly)
    run("2027-04-11")
    kept = accept(yearly, "2027-05-01")
    assert (kept.price, kept.vat_rate, kept.first_charge_on) == (Decimal("72.00"), Decimal("19.00"), date(2027, 6, 10))
    assert (kept.order_text, kept.language, kept.terms_version.version) == ("I accept.", "en", "2020-01")
    assert Notice.objects.get(kind="price_accepted").facts["contract_number"] == yearly.contract.number
    assert_append_only(kept)


def test_S10_the_next_rise_starts_from_the_accepted_price(yearly, announce, run):
    announce(yearly)
    run("2027-04-11")
    accept(yearly, "2027-05-01")
    announce(yearly, "84.00", effective_on=date(2028, 1, 1), now=at("2027-05-02"))
    run("2027-06-10", "2028-04-11")
    offer = PriceOffer.objects.latest("pk")
    assert (offer.old_price, offer.price, offer.charge_on) == (Decimal("72.00"), Decimal("84.00"), date(2028, 6, 10))
    accept(yearly, "2028-04-12")
    run("2028-06-10")
    assert amounts(yearly) == ["60.00", "72.00", "84.00"]


def test_S10_a_new_vat_rate_comes_with_the_new_price(yearly, announce, run, market):
    Market.objects.update(vat_rate=Decimal("20.00"))
    announce(yearly, "60.00")
    run("2027-04-11")
    accept(yearly, "2027-05-01")
    run("2027-06-10")
    rates = Document.objects.order_by("sequence").values_list("vat_rate", flat=True)
    assert list(rates) == [Decimal("19.00"), Decimal("20.00")]


def test_X10_another_price_than_was_shown_is_not_agreed(yearly, announce, run):
    announce(yearly)
    run("2027-04-11")
    stale = type(shown(PriceOffer.objects.get()))(
        old_price=Decimal("60.00"), price=Decimal("61.00"), vat_rate=Decimal("19.00"), charge_on=date(2027, 6, 10)
    )
    with refused("quote_changed"):
        accept_price(subscription=yearly, confirmed=stale, order_text="I.", now=at("2027-05-01"), by=yearly.account)


def test_S10_it_is_accepted_once(yearly, announce, run):
    announce(yearly)
    run("2027-04-11")
    accept(yearly, "2027-05-01")
    with refused("nothing_to_accept"):
        accept(yearly, "2027-05-01")


def test_P2_a_retry_takes_the_accepted_price(yearly, announce, run, card, gateway):
    announce(yearly)
    run("2027-04-11")
    accept(yearly, "2027-05-01")
    gateway.set_behaviour(card_ref=card.card_ref, behaviour="insufficient_funds")
    run("2027-06-10")
    assert Notice.objects.get(kind="payment_failed").facts["amount"] == "72.00"
    gateway.set_behaviour(card_ref=card.card_ref, behaviour="ok")
    run("2027-06-11")
    assert amounts(yearly)[-1] == "72.00"
