"""The customer's pages at the desk, and the page on which a customer lets the desk look: axe finds nothing."""

from datetime import date

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account
from portal.roles import load_roles
from subscriptions.models import Payment, Subscription
from support.actions.sight import give_leave
from tests.browser.visitor import Visitor
from tests.garage.cars import make_account
from tests.staff import sign_in_at_the_desk
from tests.subscriptions.customers import CANCELLED, Town
from tests.support.cases import centre, opened


@pytest.fixture
def customer(live_server) -> Account:
    town = Town()
    account = town.live("anna", CANCELLED)
    centre(town.market)
    case = opened(account, category="other", now=timezone.now())
    give_leave(case=case, membership=account.memberships.get(), hours=24, now=timezone.now(), by=account)
    return account


def at_the_desk(visitor: Visitor, address: str, customer: Account) -> None:
    load_roles()
    agent = make_account("agent@staff.example.com", customer.market)
    agent.is_staff = agent.is_superuser = True
    agent.save()
    cookie = sign_in_at_the_desk(Client(), agent).cookies[settings.SESSION_COOKIE_NAME].value
    visitor.page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": address}])


def test_the_customers_pages_are_fit_for_everybody(pages_of, live_server, customer):
    visitor = pages_of(customer)
    case, subscription = customer.cases.get(), Subscription.objects.get()
    visitor.page.set_viewport_size({"width": 390, "height": 900})
    visitor.open(reverse("case", args=[case.public_id]), heading="")
    visitor.follow("Look or take it back", heading="Let us see your trips")
    at_the_desk(visitor, live_server.url, customer)
    visitor.page.set_viewport_size({"width": 1440, "height": 900})
    for name, row in (
        ("accounts_account_change", customer),
        ("accounts_account_timeline", customer),
        ("subscriptions_subscription_explanation", subscription),
        ("subscriptions_payment_change", Payment.objects.get()),
        ("support_case_trips", case),
        ("subscriptions_subscription_rehearsal", subscription),
    ):
        visitor.open(reverse(f"admin:{name}", args=[row.pk]), heading="")
    visitor.page.get_by_label("the car is removed").check()
    visitor.press("Play it", heading="What happens if?")
    visitor.reads("Car removed")
    assert subscription.ends_on == date(2026, 6, 10)
    assert visitor.complaints == []
