"""D1: nobody's address is kept who never answered, and none longer than the law asks."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import ProgrammingError, transaction
from django.urls import reverse

from accounts.actions.copies import ask_for_copies
from accounts.models import Account, Closing, CopyAddress
from garage.actions.dealer_staff import invite_staff
from garage.actions.drivers import accept_driving, invite_driver
from garage.actions.forget_invitations import NOWHERE
from garage.models import ControlTransfer, DriverAccess, StaffInvitation
from portal.audit import record
from portal.models import AuditRecord
from portal.tasks import blank_old_trail
from portal.trail import blank_old_records, forget_desk_log
from subscriptions.actions.accountants import invite_accountant
from subscriptions.actions.control_run import control_run
from subscriptions.actions.forget_unanswered import forget_unanswered
from subscriptions.actions.offer_control import offer_control
from subscriptions.models import AccountantAccess
from subscriptions.tasks import forget_unanswered as nightly
from tests import make

LATER = make.NOW + make.days(31)


@pytest.fixture
def visitor(market):
    """Registered, and never seen again."""
    account = make.account("visitor@example.com", market=market, created_at=make.NOW)
    EmailAddress.objects.filter(user=account).delete()
    EmailAddress.objects.create(user=account, email=account.email, primary=True, verified=False)
    return account


def test_a_registration_that_nobody_activates_is_closed_after_thirty_days(visitor):
    assert forget_unanswered(now=make.NOW + make.days(29)) == 0
    assert forget_unanswered(now=LATER) == 1
    assert forget_unanswered(now=LATER) == 0
    assert not Account.objects.filter(email="visitor@example.com").exists()
    assert Closing.objects.get().account == visitor
    assert not EmailAddress.objects.filter(user=visitor).exists()


def test_the_address_can_register_again(visitor, client, mailoutbox):
    forget_unanswered(now=LATER)
    client.post(reverse("account_signup"), {"email": "visitor@example.com", "password1": make.PASSWORD})
    assert Account.objects.get(email="visitor@example.com") != visitor


@pytest.mark.parametrize("is_activated", [True, False])
def test_who_has_activated_it_or_has_a_car_keeps_the_account(visitor, is_activated):
    if is_activated:
        EmailAddress.objects.update(verified=True)
    else:
        make.active_car(visitor)
    assert forget_unanswered(now=LATER) == 0


def test_invitations_that_nobody_accepted_go_and_those_that_somebody_did_stay(car, owner, market):
    driver = make.account("driver@example.com", market=market)
    accepted = invite_driver(membership=car, email=driver.email, last_on=None, now=make.NOW, by=owner)
    accept_driving(access=accepted, now=make.NOW, by=driver)
    invite_driver(membership=car, email="nobody@example.com", last_on=None, now=make.NOW, by=owner)
    invite_accountant(owner=owner, email="nobody@example.com", vehicles=None, now=make.NOW, by=owner)
    ask_for_copies(account=owner, email="nobody@example.com", now=make.NOW, by=owner)
    chief = make.account("chief@staff.example.com", market=market, is_staff=True, is_superuser=True)
    shop = make.workshop(market)
    invite_staff(workshop=shop, email="nobody@example.com", is_manager=False, now=make.NOW, by=chief)
    assert forget_unanswered(now=LATER) == 4
    assert [row.driver for row in DriverAccess.objects.all()] == [driver]
    rows = [model.objects.count() for model in (AccountantAccess, CopyAddress, StaffInvitation)]
    assert rows == [0, 0, 0]


def test_to_whom_control_was_offered_in_vain_is_forgotten(car, owner, market):
    offer_control(membership=car, email="nobody@example.com", confirmed=None, now=make.NOW, by=owner)
    control_run(now=make.NOW + make.days(20))
    forget_unanswered(now=make.NOW + make.days(60))
    assert ControlTransfer.objects.get().email == NOWHERE


def test_an_order_keeps_no_address_two_years_after_its_delivery(owner):
    order = make.ordered_vehicle(owner)
    type(order).objects.update(stage="cancelled")
    forget_unanswered(now=order.updated_at + make.days(729))
    assert type(order).objects.get().email == owner.email
    forget_unanswered(now=order.updated_at + make.days(731))
    assert type(order).objects.get().email == NOWHERE


def test_after_seven_years_a_record_keeps_what_happened_and_no_address(owner):
    old = make.NOW - make.days(8 * 366)
    first = record("copies_asked_for", account=owner, by=owner, now=old, email="books@example.com", slot=1)
    kept = record("copies_asked_for", account=owner, by=owner, now=make.NOW, email="books@example.com")
    assert blank_old_records(now=make.NOW) == 1
    assert blank_old_records(now=make.NOW) == 0
    assert AuditRecord.objects.get(pk=first.pk).data == {"slot": 1}
    assert AuditRecord.objects.get(pk=kept.pk).data == {"email": "books@example.com"}


@pytest.mark.parametrize(
    ("years", "change"),
    [(6, {"data": {}}), (8, {"data": {"other": 1}}), (8, {"data": {}, "what": "other"}), (8, {"by": None})],
)
def test_the_database_lets_nothing_else_be_changed(owner, years, change):
    row = record("asked", account=owner, by=owner, now=make.NOW - make.days(years * 366), email="a@example.com")
    with pytest.raises(ProgrammingError, match="Cannot update rows"), transaction.atomic():
        AuditRecord.objects.filter(pk=row.pk).update(**change)


def test_the_log_of_the_desk_goes_after_two_years(owner):
    kind = ContentType.objects.get_for_model(owner)
    rows = [LogEntry.objects.create(user=owner, content_type=kind, action_flag=CHANGE) for _ in range(2)]
    LogEntry.objects.filter(pk=rows[0].pk).update(action_time=make.NOW - make.days(731))
    LogEntry.objects.filter(pk=rows[1].pk).update(action_time=make.NOW)
    assert forget_desk_log(now=make.NOW) == 1


def test_the_nightly_jobs_run(owner):
    nightly()
    blank_old_trail()
