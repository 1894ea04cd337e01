"""The customer's pages at the desk, and the page on which a customer lets the desk look: axe finds nothing."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth.models import Group
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
    agent.is_staff = True
    agent.save(update_fields=["is_staff"])
    agent.groups.set(Group.objects.filter(name="agent"))
    cookie = sign_in_at_the_desk(Client(), agent).cookies[settings.SESSION_COOKIE_NAME].value
    visitor.page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": address}])


def faults_of(visitor: Visitor) -> list[str]:
    found = Axe().run(visitor.page).response["violations"]
    return [f"{visitor.page.url} {fault['id']}: {node['html']}" for fault in found for node in fault["nodes"]]


def test_the_customers_pages_are_fit_for_everybody(pages_of, live_server, customer):
    visitor = pages_of(customer)
    case, subscription = customer.cases.get(), Subscription.objects.get()
    visitor.page.set_viewport_size({"width": 390, "height": 900})
    visitor.open(reverse("case", args=[case.public_id]), heading="")
    visitor.follow("Look or take it back", heading="Let us see your trips")
    at_the_desk(visitor, live_server.url, customer)
    visitor.page.set_viewport_size({"width": 1440, "height": 900})
    found = []
    for name, row in (
        ("accounts_account_change", customer),
        ("accounts_account_timeline", customer),
        ("subscriptions_subscription_explanation", subscription),
        ("subscriptions_payment_change", Payment.objects.get()),
        ("support_case_trips", case),
        ("garage_vehicle_change", subscription.vehicle),
        ("subscriptions_subscription_rehearsal", subscription),
    ):
        visitor.page.goto(reverse(f"admin:{name}", args=[row.pk]))
        visitor.reads(case.number if name == "support_case_trips" else "navigation")
        found += faults_of(visitor)
    evidence = f"{reverse('admin:support_evidence_new')}?of=garage.vehicle&row={subscription.vehicle_id}"
    for address in (reverse("admin:index"), f"{reverse('admin:search')}?q=example.com", evidence):
        visitor.page.goto(address)
        found += faults_of(visitor)
    visitor.page.goto(reverse("admin:subscriptions_subscription_rehearsal", args=[subscription.pk]))
    visitor.page.get_by_label("the car is removed").check()
    visitor.page.get_by_role("button", name="Play it").click()
    visitor.reads("What would happen", "Car removed")
    assert found + faults_of(visitor) == []
