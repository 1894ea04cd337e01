"""Closing an account: shown first, done as shown, documents kept, the person gone, the ledger clean (A6, X7)."""

from decimal import Decimal

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts.actions.activation import ask_for_activation_mail
from accounts.actions.consents import change_consent
from accounts.actions.copies import ask_for_copies
from accounts.actions.export import ask_for_export, write_export
from accounts.actions.notice_choices import choose_early_notices
from accounts.closing import ON_CLOSING, mail_address
from accounts.consents import has_consent
from accounts.models import (
    Account,
    BillingProfile,
    Closing,
    ConsentChange,
    CopyAddress,
    DataExport,
    NoticeChoice,
    TermsVersion,
)
from accounts.rules.consents import Purpose
from garage.models import Membership
from portal.models import AuditRecord, OutboxMessage
from subscriptions.actions import wallet
from subscriptions.actions.accountants import accept_invitation, invite_accountant
from subscriptions.actions.cancel import cancel
from subscriptions.actions.closing import close, closing_quote, complete_closings
from subscriptions.actions.run import charging_run
from subscriptions.gateway.port import Declined
from subscriptions.gateway.sandbox.cards import card_number
from subscriptions.models import AccountantAccess, Document, PaymentCard, Refund, TrialUse, WithdrawalUse
from tests import make
from tests.clean_ledger import _the_ledger_adds_up  # noqa: F401  (for every test here)
from tests.refusing import refusal_code

LATER = make.NOW + make.days(100)
ADDRESS = "owner@example.com"


@pytest.fixture
def yearly(car, card, digital_key, gateway):
    """60.00 paid on 10 June 2026 for a year."""
    return make.subscription(car, package=digital_key, gateway=gateway)


@pytest.fixture
def asked_again(client, owner, clock):
    """Signed in, and the password typed once more."""
    clock.now = LATER
    with time_machine.travel(LATER, tick=False):
        client.force_login(owner)
        client.post(reverse("account_reauthenticate"), {"password": make.PASSWORD})
        yield client


def close_now(owner, *, now=LATER):
    return close(account=owner, confirmed=closing_quote(owner, now=now), now=now, by=owner)


def confirm(client):
    page = client.get(reverse("account_closing"))
    return client.post(reverse("account_closing"), {"shown": page.context["seal"]})


# What is shown


def test_A6_the_page_shows_each_consequence_with_date_and_refund_first(asked_again, yearly, card, car):
    page = asked_again.get(reverse("account_closing"))
    for words in ("Digital-Key", "€40.00", "18 September 2026", card.last4, car.label, "6 full years"):
        assert words in page.text, words
    assert closing_quote(yearly.account, now=LATER).refund == Decimal("40.00")


def test_A6_the_password_is_asked_for_again(client, owner, yearly):
    client.force_login(owner)
    for send in (client.get, client.post):
        assert send(reverse("account_closing"))["Location"].startswith(reverse("account_reauthenticate"))
    assert not Closing.objects.exists()


def test_X10_nothing_is_closed_by_other_figures_than_were_shown(asked_again, owner, yearly, car):
    page = asked_again.get(reverse("account_closing"))
    cancel(subscription=yearly, confirmed=None, now=LATER, by=owner)
    answer = asked_again.post(reverse("account_closing"), {"shown": page.context["seal"]})
    assert "Something has changed" in answer.text
    assert not Closing.objects.exists()
    assert "Something has changed" in asked_again.post(reverse("account_closing"), {"shown": "forged"}).text


def test_X7_a_paid_month_may_be_used_up_first(asked_again, car, card, navigation, digital_key, gateway):
    monthly = make.subscription(car, package=digital_key, term="monthly", gateway=gateway, now=LATER)
    page = asked_again.get(reverse("account_closing"))
    assert reverse("cancellation", args=[monthly.public_id]) in page.text
    assert "Close it on 18 October 2026 instead" in page.text


def test_A6_a_refund_that_is_on_its_way_is_shown_with_its_card_and_day(asked_again, owner, yearly, card):
    cancel(subscription=yearly, confirmed=None, now=LATER, by=owner)
    page = asked_again.get(reverse("account_closing"))
    assert f"A refund of €40.00 to the card ending in {card.last4}" in page.text


# What is done


def test_X7_what_was_shown_is_what_is_done(asked_again, owner, yearly, deliver, files):
    answer = confirm(asked_again)
    assert answer["Location"] == reverse("account_closed")
    assert "Your account is closed" in asked_again.get(answer["Location"]).text
    yearly.refresh_from_db()
    assert (yearly.status, yearly.end_reason) == ("ended", "account_closed")
    deliver()
    assert Refund.objects.get().amount == Decimal("40.00")
    assert Refund.objects.get().status == "succeeded"


def test_X5_within_the_fourteen_days_all_of_it_comes_back_and_counts_once(owner, car, yearly, market, gateway):
    other = make.package("wifi", market=market, prices={"yearly": "12.00"})
    make.subscription(make.active_car(owner, 2), package=other, gateway=gateway)
    close_now(owner, now=make.NOW)
    assert sum(Refund.objects.values_list("amount", flat=True)) == Decimal("72.00")
    assert WithdrawalUse.objects.count() == 1


def test_X2_a_free_month_ends_at_once_and_costs_nothing(owner, car, card, navigation, gateway):
    trial = make.subscription(car, package=navigation, gateway=gateway)
    close_now(owner, now=make.NOW + make.days(3))
    trial.refresh_from_db()
    assert (trial.status, Refund.objects.count(), TrialUse.objects.count()) == ("ended", 0, 1)


def test_A6_cars_leave_and_cards_are_forgotten_at_the_provider(
    owner, car, card, yearly, clock, deliver, gateway, files
):
    clock.now = LATER
    close_now(owner)
    deliver()
    complete_closings(now=LATER)
    deliver()
    assert not Membership.objects.current().filter(account=owner).exists()
    assert not PaymentCard.objects.in_wallet().filter(account=owner).exists()
    row = PaymentCard.objects.get(account=owner)
    assert (row.last4, row.fingerprint, row.billing_address) == (card.last4, "", {})
    tried = gateway.charge(
        key="again", card_ref=card.card_ref, amount=Decimal("1.00"), currency="EUR", description="again"
    )
    assert isinstance(tried, Declined)


def test_A6_nothing_tells_any_more_who_it_was(owner, yearly, clock, deliver, files):
    clock.now = LATER
    close_now(owner)
    deliver()
    assert complete_closings(now=LATER) == 1
    owner.refresh_from_db()
    assert (owner.first_name, owner.last_name, owner.phone) == ("", "", "")
    assert owner.email == f"closed-{owner.public_id.hex}@account.invalid"
    assert (owner.name_keys, owner.last_login) == ([], None)
    assert not owner.has_usable_password()
    assert not EmailAddress.objects.filter(user=owner).exists()
    assert not BillingProfile.objects.filter(account=owner).exists()
    assert Closing.objects.get().mail_to == ""


def test_I4_documents_stay_as_they_were_issued(owner, yearly, clock, deliver, files):
    before = Document.objects.values().get()
    clock.now = LATER
    close_now(owner)
    deliver()
    complete_closings(now=LATER)
    invoice = Document.objects.filter(kind="invoice").values().get()
    assert invoice == before
    note = Document.objects.get(kind="credit_note")
    assert (note.buyer["name"], note.buyer["email"]) == (invoice["buyer"]["name"], ADDRESS)


def test_A6_every_mail_still_goes_to_the_old_address(owner, yearly, clock, deliver, mailoutbox, files):
    deliver()
    mailoutbox.clear()
    clock.now = LATER
    close_now(owner)
    deliver()
    assert {address for mail in mailoutbox for address in mail.to} == {ADDRESS}
    [farewell] = [mail for mail in mailoutbox if "your account is closed" in mail.subject]
    assert "Digital-Key has ended. €40.00 is paid back." in farewell.body
    assert any(mail.subject.startswith("Credit note") or "credit note" in mail.subject.lower() for mail in mailoutbox)


def test_A6_once_all_is_at_rest_nobody_is_mailed_any_more(owner, yearly, clock, deliver, files):
    clock.now = LATER
    close_now(owner)
    assert mail_address(Account.objects.get(pk=owner.pk)) == ADDRESS
    deliver()
    complete_closings(now=LATER)
    assert mail_address(Account.objects.get(pk=owner.pk)) == ""


def test_A6_sessions_end_everywhere_and_their_rows_go(owner, clock, deliver, files):
    devices = [Client(), Client()]
    for device in devices:
        device.post(reverse("account_login"), {"login": ADDRESS, "password": make.PASSWORD})
    clock.now = LATER
    close_now(owner)
    for device in devices:
        assert device.get(reverse("account"))["Location"].startswith(reverse(settings.LOGIN_URL))
    deliver()
    assert not any(row.get_decoded().get("_auth_user_id") == str(owner.pk) for row in Session.objects.all())


def test_A6_choices_copies_consents_and_accountants_end(owner, market, yearly):
    wording = make.consent_wordings(market)[Purpose.DRIVING]
    facts = {"account": owner, "now": make.NOW, "by": owner}
    change_consent(wording=wording, is_given=True, channel="portal", language="en", **facts)
    choose_early_notices(is_wanted=True, **facts)
    ask_for_copies(email="books@example.com", **facts)
    invited = invite_accountant(owner=owner, email="tax@example.com", vehicles=None, now=make.NOW, by=owner)
    accept_invitation(access=invited, now=make.NOW, by=make.account("tax@example.com", market=market))
    close_now(owner)
    assert not has_consent(owner, Purpose.DRIVING)
    assert [row.channel for row in ConsentChange.objects.order_by("number")] == ["portal", "closing"]
    assert not NoticeChoice.objects.exists()
    assert not CopyAddress.objects.exists()
    assert AccountantAccess.objects.get().ended_at == LATER


def test_A6_exports_are_deleted_with_the_account(owner, clock, deliver, files):
    export = ask_for_export(account=owner, now=LATER, by=owner)
    write_export(export_id=export.pk, clock=lambda: LATER)
    assert list(files.rglob("*.zip"))
    clock.now = LATER
    close_now(owner)
    deliver()
    assert (DataExport.objects.get().file, list(files.rglob("*.zip"))) == ("", [])


def test_A6_other_apps_let_go_of_theirs_while_the_account_is_still_itself(owner, monkeypatch):
    told = []
    monkeypatch.setattr("accounts.actions.closing.ON_CLOSING", [*ON_CLOSING, lambda who, now: told.append(who.email)])
    close_now(owner)
    assert told == [ADDRESS]


def test_A6_the_trail_says_that_it_happened_and_by_whom(owner):
    close_now(owner)
    record = AuditRecord.objects.get(what="account closed")
    assert (record.account, record.by, record.at) == (owner, owner, LATER)


# Again, and by others


def test_A6_closed_twice_is_closed_once(owner, yearly):
    quote = closing_quote(owner, now=LATER)
    first = close(account=owner, confirmed=quote, now=LATER, by=owner)
    assert close(account=owner, confirmed=quote, now=LATER, by=owner) == first
    assert Refund.objects.count() == 1


def test_A6_nobody_closes_somebody_elses_account(owner, stranger):
    quote = closing_quote(owner, now=LATER)
    assert refusal_code(close, account=owner, confirmed=quote, now=LATER, by=stranger) == "not_your_account"
    assert not Closing.objects.exists()


def test_K6_an_account_of_staff_is_not_closed_here(market):
    agent = make.account("agent@staff.example.com", market=market, is_staff=True)
    assert refusal_code(close_now, owner=agent) == "staff_account"


def test_A6_the_person_may_register_again_and_nothing_comes_back(owner, market, car, card, navigation, gateway):
    """A new account is a new account: S3 and X5 count by account."""
    make.subscription(car, package=navigation, gateway=gateway)
    close_now(owner, now=make.NOW + make.days(1))
    again = make.account(ADDRESS, market=market)
    assert again.pk != owner.pk
    assert not Document.objects.filter(account=again).exists()
    assert not TrialUse.objects.filter(account=again).exists()


def test_A6_who_has_not_accepted_new_terms_may_leave(asked_again, owner, market):
    TermsVersion.objects.create(market=market, version="2026-09", effective_at=LATER, texts={"en": "New."})
    assert confirm(asked_again)["Location"] == reverse("account_closed")


def test_G1_nothing_hangs_itself_on_a_closed_account(owner):
    close_now(owner)
    entry = make.registry_entry(7)
    code = refusal_code(make.add_vehicle, account=owner, vin=entry.vin, now=LATER, by=owner)
    assert code == "account_closed"


# What is in the air


def test_P4_a_charge_that_turns_out_made_is_refunded_whole(
    owner, car, card, digital_key, market, gateway, clock, deliver, files
):
    gateway.set_behaviour(card_ref=card.card_ref, behaviour="timeout_charged")
    order = make.subscription(car, package=digital_key, gateway=gateway)
    assert order.is_pending
    clock.now = make.NOW
    close_now(owner, now=make.NOW)
    deliver()
    assert complete_closings(now=make.NOW) == 0
    assert BillingProfile.objects.filter(account=owner).exists()
    charging_run(market=market, now=make.NOW, gateway=gateway)
    deliver()
    order.refresh_from_db()
    assert (order.status, Refund.objects.get().amount) == ("abandoned", Decimal("60.00"))
    assert {document.buyer["email"] for document in Document.objects.all()} == {ADDRESS}
    assert complete_closings(now=make.NOW) == 1


def test_X6_a_rejected_refund_keeps_what_it_needs_until_it_is_paid(
    owner, card, yearly, gateway, clock, deliver, market, files
):
    gateway.set_refund_behaviour(card_ref=card.card_ref, behaviour="rejected")
    clock.now = LATER
    close_now(owner)
    deliver()
    assert complete_closings(now=LATER) == 0
    assert PaymentCard.objects.get().fingerprint
    assert Closing.objects.get().mail_to == ADDRESS
    gateway.set_refund_behaviour(card_ref=card.card_ref, behaviour="ok")
    charging_run(market=market, now=LATER, gateway=gateway)
    deliver()
    assert complete_closings(now=LATER) == 1
    assert PaymentCard.objects.get().fingerprint == ""


def test_P10_a_dispute_is_shown_and_waited_for(asked_again, owner, yearly, gateway, market, clock, deliver, files):
    dispute = gateway.open_dispute(charge_ref=yearly.payments.get().charge_ref)
    charging_run(market=market, now=LATER, gateway=gateway)
    assert "your bank is looking into a payment" in asked_again.get(reverse("account_closing")).text
    close_now(owner)
    deliver()
    assert (complete_closings(now=LATER), Refund.objects.get().status) == (0, "promised")
    gateway.win_dispute(dispute_ref=dispute)
    charging_run(market=market, now=LATER, gateway=gateway)
    deliver()
    assert Refund.objects.get().status == "succeeded"
    assert complete_closings(now=LATER) == 1


def test_A6_what_was_never_sent_to_the_address_is_forgotten(owner, clock, deliver, files):
    ask_for_activation_mail(email=ADDRESS, now=LATER)
    clock.now = LATER
    close_now(owner)
    deliver()
    assert complete_closings(now=LATER) == 1
    assert ADDRESS not in str(list(OutboxMessage.objects.values_list("payload", "dedup_key")))


def test_A6_a_mail_that_waits_is_waited_for(owner, market, clock, deliver, mailoutbox):
    invited = invite_accountant(owner=owner, email="tax@example.com", vehicles=None, now=make.NOW, by=owner)
    accept_invitation(access=invited, now=make.NOW, by=make.account("tax@example.com", market=market))
    clock.now = LATER
    close_now(owner)
    assert complete_closings(now=LATER) == 0
    deliver()
    assert complete_closings(now=LATER) == 1
    assert [ADDRESS] in [mail.to for mail in mailoutbox]


def test_A6_a_card_entered_while_the_account_was_closed_is_not_kept(owner, gateway, clock, deliver):
    setup, _url = wallet.begin_adding_card(
        account=owner, next_path="/", return_url=lambda setup: f"{make.RETURN_ORIGIN}/x", gateway=gateway, now=LATER
    )
    gateway.complete_setup(
        setup_ref=setup.setup_ref, number=card_number("visa", 1), exp_month=12, exp_year=2050, behaviour="ok"
    )
    close_now(owner)
    code = refusal_code(wallet.finish_adding_card, setup=setup, gateway=gateway, now=LATER, by=owner)
    assert (code, PaymentCard.objects.count()) == ("cancelled", 0)
