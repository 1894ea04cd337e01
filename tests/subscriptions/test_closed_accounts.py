"""What a closed account leaves behind: its orders, its last mails, its address, and what comes too late (A6)."""

import smtplib

import pytest
from django.contrib import admin
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions.activation import ask_for_activation_mail
from accounts.actions.billing import save_billing_profile
from accounts.actions.calendar import make_address
from accounts.actions.closing import nowhere_of
from accounts.actions.copies import ask_for_copies
from accounts.actions.export import ask_for_export
from accounts.actions.notice_choices import choose_early_notices
from accounts.actions.profile import change_profile
from accounts.actions.reset import ask_for_reset_mail
from accounts.actions.undelivered import drop, send_again
from accounts.mail import enqueue_mail
from accounts.models import Account, BillingProfile, Closing, Notice, UndeliveredMail
from accounts.notices.links import leave_token
from accounts.views.calendar import calendar
from garage.access import ordered_vehicles
from garage.actions.drivers import accept_driving, invite_driver
from garage.actions.orders import OrderFacts, deliver_ordered_vehicle, record_order
from garage.models import ControlTransfer, DriverAccess, OrderedVehicle
from garage.rules.orders import Stage
from portal import outbox
from portal.models import OutboxMessage
from subscriptions.actions.accountants import accept_invitation, invite_accountant
from subscriptions.actions.closing import close, closing_quote, complete_closings
from subscriptions.actions.offer_control import accept_offer, offer_control
from subscriptions.models import AccountantAccess
from tests import make
from tests.refusing import refusal_code

LATER = make.NOW + make.days(100)
NEXT_DAY = LATER + make.days(1)
ADDRESS = "owner@example.com"


class Server(EmailBackend):
    """A mail server that is up, down, or does not know the address of the closed account."""

    state = "up"

    def send_messages(self, messages):
        if self.state == "down":
            raise ConnectionError("mail server down")
        if self.state == "refusing":
            raise smtplib.SMTPRecipientsRefused(dict.fromkeys(messages[0].to, (550, b"5.1.1 no such mailbox")))
        return super().send_messages(messages)


@pytest.fixture
def server(settings, monkeypatch):
    settings.EMAIL_BACKEND = "tests.subscriptions.test_closed_accounts.Server"
    monkeypatch.setattr(Server, "state", "up")
    return Server


@pytest.fixture
def shown(market):
    market.shows_ordered_cars = True
    market.save(update_fields=["shows_ordered_cars"])
    return market


@pytest.fixture
def reader(market):
    return make.account("tax@example.com", market=market)


def close_now(account, *, now=LATER):
    return close(account=account, confirmed=closing_quote(account, now=now), now=now, by=account)


def ordered(market, stage=Stage.ORDERED, *, now=make.NOW, vin="", number="LX-1"):
    facts = {"order_number": number, "market": market, "email": ADDRESS, "model": "NX 450h+", "body": "suv"}
    facts |= {"colour_hex": "#8a1c2b", "stage": stage, "stage_on": market.local_date(now)}
    record_order(facts=OrderFacts(**facts, expected_on=None, vin=vin), now=now)
    return OrderedVehicle.objects.get(order_number=number)


def reads_for(owner, reader) -> AccountantAccess:
    invited = invite_accountant(owner=owner, email=reader.email, vehicles=None, now=make.NOW, by=owner)
    return accept_invitation(access=invited, now=make.NOW, by=reader)


def try_for_days(now, days=4):
    """The worker tries what waits until it gives up."""
    for hours in range(0, 24 * days, 7):
        then = now + make.days(1) * hours / 24
        for message_id in outbox.waiting(now=then):
            outbox.deliver(message_id, now=then)


# Orders


def test_G4_an_order_of_a_closed_account_follows_its_address_to_the_next_one(owner, shown):
    entry = make.registry_entry(7)
    ordered(shown)
    close_now(owner)
    again = make.account(ADDRESS, market=shown)
    assert [order.order_number for order in ordered_vehicles(again)] == ["LX-1"]
    order = ordered(shown, Stage.DELIVERED, now=NEXT_DAY, vin=entry.vin)
    assert deliver_ordered_vehicle(order=order, now=NEXT_DAY).account == again


def test_G4_stages_of_an_order_are_not_told_to_a_closed_account(owner, shown):
    ordered(shown)
    close_now(owner)
    order = ordered(shown, Stage.SHIPPED, now=NEXT_DAY)
    assert order.account is None
    assert Notice.objects.filter(account=owner, kind="order_stage").count() == 1


def test_G4_an_order_that_was_entered_on_a_closed_account_waits_for_its_address(owner, shown):
    """As a file does that is read in the moment of the closing."""
    entry = make.registry_entry(7)
    order = ordered(shown)
    close_now(owner)
    OrderedVehicle.objects.update(account=owner)
    order = ordered(shown, Stage.DELIVERED, now=NEXT_DAY, vin=entry.vin)
    assert deliver_ordered_vehicle(order=order, now=NEXT_DAY) is None
    assert order.account is None


def test_A6_a_delivered_car_stays_with_the_link_that_it_has_become(owner, shown):
    entry = make.registry_entry(7)
    order = ordered(shown, Stage.DELIVERED, vin=entry.vin)
    deliver_ordered_vehicle(order=order, now=make.NOW)
    close_now(owner)
    assert OrderedVehicle.objects.get().account == owner


def test_A6_the_page_says_which_orders_go_on_and_what_keeps_the_address(client, owner, shown, clock):
    ordered(shown)
    ordered(shown, number="LX-2")
    ordered(shown, Stage.CANCELLED, number="LX-2")
    client.force_login(owner)
    client.post(reverse("account_reauthenticate"), {"password": make.PASSWORD})
    page = client.get(reverse("account_closing")).text
    assert "Your order LX-1 (NX 450h+) goes on." in page
    assert "LX-2" not in page
    assert "Your e-mail address stays where it is a record" in page


# The address


def test_A6_what_the_person_read_drove_and_took_names_the_address_no_more(
    owner, car, stranger, market, clock, deliver, files
):
    theirs = make.active_car(stranger, 2)
    make.verified(owner, theirs.vehicle)
    invited = invite_driver(membership=theirs, email=ADDRESS, last_on=None, now=make.NOW, by=stranger)
    accept_driving(access=invited, now=make.NOW, by=owner)
    offered = offer_control(membership=theirs, email=ADDRESS, confirmed=None, now=make.NOW, by=stranger)
    accept_offer(transfer=offered, now=make.NOW, by=owner)
    reads_for(stranger, owner)
    clock.now = LATER
    close_now(owner)
    deliver()
    assert complete_closings(now=LATER) == 1
    for model in (AccountantAccess, DriverAccess, ControlTransfer):
        assert model.objects.get().email == nowhere_of(owner), model


def test_A6_addresses_of_others_stay_in_what_they_read(owner, reader, clock, deliver, files):
    reads_for(owner, reader)
    clock.now = LATER
    close_now(owner)
    deliver()
    assert complete_closings(now=LATER) == 1
    assert AccountantAccess.objects.get().email == reader.email


# The last mails


@pytest.fixture
def unsent(owner, reader, server, clock, deliver):
    """Closed while the mail server is down, until the worker gives up: the farewell, and a notice."""
    reads_for(owner, reader)
    deliver()
    server.state = "down"
    close_now(owner)
    try_for_days(LATER)
    clock.now = LATER + make.days(5)
    return UndeliveredMail.objects.filter(account=owner)


def test_N2_a_mail_that_was_given_up_keeps_the_address_until_staff_send_it(
    unsent, owner, market, server, clock, deliver, mailoutbox
):
    assert complete_closings(now=clock.now) == 0
    server.state = "up"
    mailoutbox.clear()
    staff = make.account("agent@staff.example.com", market=market, is_staff=True)
    for row in unsent:
        send_again(mail=row, reason="The server is back.", now=clock.now, by=staff)
    deliver()
    assert [mail.to for mail in mailoutbox] == [[ADDRESS], [ADDRESS]]
    assert complete_closings(now=clock.now) == 1


def test_K4_the_list_shows_where_the_mails_of_a_closed_account_go(unsent):
    rows = list(unsent)
    desk = admin.site.get_model_admin(UndeliveredMail)
    assert [row.address for row in rows] == [ADDRESS, ADDRESS]
    assert [desk.address_now(row) for row in rows] == [ADDRESS, ADDRESS]


def test_K4_a_given_up_farewell_is_not_of_whoever_registers_with_the_address_next(
    owner, market, server, clock, deliver
):
    server.state = "down"
    close_now(owner)
    make.account(ADDRESS, market=market)
    try_for_days(LATER)
    assert UndeliveredMail.objects.get().account == owner


def test_A6_what_staff_drop_is_not_waited_for(unsent, market, clock):
    staff = make.account("agent@staff.example.com", market=market, is_staff=True)
    for row in unsent:
        drop(mail=row, reason="Told by telephone.", now=clock.now, by=staff)
    assert complete_closings(now=clock.now) == 1


def test_A6_a_mail_that_the_address_refused_is_not_waited_for(owner, server, clock):
    server.state = "refusing"
    close_now(owner)
    try_for_days(LATER)
    assert UndeliveredMail.objects.get().is_refused
    assert complete_closings(now=NEXT_DAY) == 1
    assert not UndeliveredMail.objects.exists()


def test_A6_mails_of_who_has_registered_again_are_neither_waited_for_nor_forgotten(owner, market, clock, deliver):
    clock.now = LATER
    close_now(owner)
    deliver()
    again = make.account(ADDRESS, market=market)
    template = "emails/accountants/invitation"
    words = {"context": {"brand": market.brand, "url": "/"}, "template": template, "language": "en"}
    enqueue_mail(to=again.email, brand=market.brand, now=NEXT_DAY, **words)
    ask_for_activation_mail(email=ADDRESS, now=NEXT_DAY)
    ask_for_reset_mail(email=ADDRESS, now=NEXT_DAY)
    assert complete_closings(now=NEXT_DAY) == 1
    younger = OutboxMessage.objects.filter(created_at=NEXT_DAY)
    assert sorted(younger.values_list("handler", flat=True)) == ["activation_mail", "mail", "reset_mail"]


def test_A6_a_new_password_that_was_asked_for_before_is_forgotten(owner, clock, deliver):
    ask_for_reset_mail(email="Owner@Example.com", now=LATER)
    clock.now = LATER
    close_now(owner)
    deliver()
    assert complete_closings(now=LATER) == 1
    assert not OutboxMessage.objects.filter(handler="reset_mail").exists()


def test_A6_one_closing_that_fails_holds_no_other_up(owner, stranger, market, clock, deliver, caplog):
    clock.now = LATER
    for account in (owner, stranger):
        close_now(account)
    deliver()
    # Of a market whose clock nobody knows.
    market.pk, market.code, market.is_default, market.time_zone = None, "XX", False, "Nowhere/Else"
    market.save()
    Account.objects.filter(pk=owner.pk).update(market=market)
    assert complete_closings(now=LATER) == 1
    assert Closing.objects.get(completed_at=LATER).account == stranger
    assert "closing could not be completed" in caplog.text


# Whatever comes too late


def test_A6_closing_locks_whose_documents_it_reads_before_its_own_cars(owner, car, stranger):
    reads_for(stranger, owner)
    with CaptureQueriesContext(connection) as queries:
        close_now(owner)
    locks = [query["sql"] for query in queries if "FOR NO KEY UPDATE" in query["sql"]]
    assert 'FROM "accounts_account"' in locks[0]
    asked = locks[0].partition(" IN (")[2].partition(")")[0]
    assert {int(pk) for pk in asked.split(",")} == {owner.pk, stranger.pk}


@pytest.mark.parametrize(
    "write",
    [
        lambda facts: change_profile(first_name="Eleni", phone="+35722000000", **facts),
        lambda facts: save_billing_profile(name="Eleni", **facts),
        lambda facts: ask_for_export(**facts),
        lambda facts: ask_for_copies(email="books@example.com", **facts),
        lambda facts: choose_early_notices(is_wanted=True, **facts),
        lambda facts: make_address(**facts),
    ],
    ids=["profile", "billing", "export", "copies", "choices", "calendar"],
)
def test_A6_what_waited_for_the_closing_writes_nothing_into_the_closed_account(owner, write):
    close_now(owner)
    assert refusal_code(write, facts={"account": owner, "now": LATER, "by": owner}) == "account_closed"
    owner.refresh_from_db()
    assert (owner.first_name, owner.phone) == ("", "")
    assert not BillingProfile.objects.filter(name="Eleni").exists()


def test_A6_a_form_that_waited_for_the_closing_leads_to_signing_in(owner, rf: RequestFactory):
    request = rf.post(reverse("calendar"))
    request.user = owner
    close_now(owner)
    assert calendar(request)["Location"] == reverse("account_login")


def test_A6_the_link_that_ends_mails_works_on_when_the_account_is_closed(owner, client):
    close_now(owner)
    answer = client.post(reverse("notice_leaving", args=[leave_token(owner, "early_charges")]))
    assert answer.status_code == 200
