"""The customer on one page (K2): in words, only what the role may see, as many queries for many rows as for few."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions.consents import change_consent
from accounts.models import Account, UndeliveredMail
from accounts.notices.kinds import mail_key
from accounts.rules.consents import Purpose
from portal.models import OutboxMessage
from portal.roles import load_roles
from tests import make
from tests.garage.cars import add, make_account
from tests.staff import sign_in_at_the_desk
from tests.subscriptions.customers import BROKE, CANCELLED, Town
from tests.support.cases import centre, opened

NOON = datetime(2026, 5, 30, 9, tzinfo=UTC)


@pytest.fixture
def town(db):
    with time_machine.travel(NOON, tick=False):
        yield Town()


@pytest.fixture
def as_role(client, town):
    load_roles()

    def sign_in(role):
        who = make_account(f"{role}@staff.example.com", town.market)
        who.is_staff = True
        who.save(update_fields=["is_staff"])
        who.groups.set(Group.objects.filter(name=role))
        return sign_in_at_the_desk(client, who)

    return sign_in


def customer_url(account):
    return reverse("admin:accounts_account_change", args=[account.pk])


def sections(desk, account):
    """The text of each section, by its heading."""
    page = desk.get(customer_url(account)).content.decode()
    parts = re.findall(r'<h2 id="panel-\d+">([^<]+)</h2>(.*?)</section>', page, re.DOTALL)
    return {heading: re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", body)) for heading, body in parts}


def test_K2_a_customer_is_seen_whole_in_words(as_role, town):
    account = town.live("anna", CANCELLED)
    shown = sections(as_role("agent"), account)
    assert list(shown) == [
        *("Cars", "Subscriptions", "Payments", "Refunds", "Documents", "Cards", "Cases", "Notices"),
        *("Consents", "Devices and apps", "Caller"),
    ]
    assert "active account this account" in shown["Cars"]
    assert "Paid, ends on 10 June 2026: cancelled €99.00" in shown["Subscriptions"]
    assert "paid back" in shown["Refunds"]
    assert "credit note" in shown["Documents"]


def test_K2_a_payment_that_failed_says_why_in_the_customers_words(as_role, town):
    account = town.live("petros", BROKE)
    assert "declined. Your bank has blocked this card for good." in sections(as_role("agent"), account)["Payments"]


def test_K1_finance_sees_cases_of_billing_only(as_role, town):
    account = town.live("anna")
    centre(town.market)
    other, billing = (opened(account, category=code, now=NOON).number for code in ("other", "billing"))
    assert other in sections(as_role("agent"), account)["Cases"]
    seen = sections(as_role("finance"), account)["Cases"]
    assert (billing in seen, other in seen) == (True, False)


def test_N2_a_notice_says_how_far_it_got(as_role, town):
    account = town.live("anna")
    sent, bounced, *_others = account.notices.order_by("-created_at", "-pk")
    OutboxMessage.objects.filter(dedup_key=mail_key(sent)).update(done_at=NOON)
    parked = OutboxMessage.objects.filter(dedup_key=mail_key(bounced))
    parked.update(parked_at=NOON)
    UndeliveredMail.objects.create(
        message=parked.get(), account=account, address=account.email, is_refused=True, reason="550", failed_at=NOON
    )
    shown = sections(as_role("agent"), account)["Notices"]
    assert "mailed 30 May 2026, 12:00 not read" in shown
    assert "bounced: the address refused it" in shown


def test_D1_the_state_of_each_consent_is_shown(as_role, town):
    account = town.live("anna")
    wording = make.consent_wordings(town.market)[Purpose.MARKETING]
    change_consent(
        account=account, wording=wording, is_given=True, channel="portal", language="en", now=NOON, by=account
    )
    shown = sections(as_role("agent"), account)["Consents"]
    assert "given 30 May 2026, 12:00" in shown
    assert shown.count("never given") == 4


def test_K2_the_page_takes_the_same_queries_for_one_row_and_for_many(as_role, town):
    account = town.live("anna", CANCELLED)
    desk, url = as_role("agent"), customer_url(account)
    centre(town.market)
    opened(account, category="billing", now=NOON)
    desk.get(url)
    with CaptureQueriesContext(connection) as few:
        desk.get(url)
    fresh = Account.objects.get(pk=account.pk)
    add(fresh, 5)
    add(fresh, 6)
    opened(account, category="other", now=NOON)
    for number in range(3):
        account.notices.create(kind="card_expired", subject_key=str(number), event_on=NOON.date(), created_at=NOON)
    with CaptureQueriesContext(connection) as many:
        desk.get(url)
    assert len(many) == len(few)
