"""Tasks that no journey goes, by keyboard alone, and how the frame answers keys. Only `make proof` runs it."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from portal.roles import load_roles
from subscriptions.models import PaymentCard, Subscription
from support.models import Case
from tests import make
from tests.browser.keyboard import KeyboardVisitor
from tests.browser.test_journey import CARD
from tests.support.cases import centre, opened, staff

DESK = {"width": 1440, "height": 900}


@pytest.fixture
def visitor(pages_of, owner):
    found = pages_of(owner, hands=KeyboardVisitor)
    found.page.set_viewport_size(DESK)
    yield found
    assert found.complaints == []


def press(visitor: KeyboardVisitor, *keys: str) -> None:
    for key in keys:
        visitor.page.keyboard.press(key)


def test_the_skip_link_is_the_first_stop_and_leads_past_the_frame(visitor):
    visitor.open(reverse("garage"), heading="My Garage")
    press(visitor, "Tab")
    expect(visitor.page.get_by_role("link", name="Skip to the content")).to_be_focused()
    press(visitor, "Enter")
    expect(visitor.page.locator("main")).to_be_focused()
    press(visitor, "Tab")
    assert visitor.page.evaluate("() => document.activeElement.closest('main') !== null")


def test_a_menu_opens_by_space_closes_by_escape_and_gives_the_focus_back(visitor):
    visitor.open(reverse("garage"), heading="My Garage")
    menu = visitor.page.locator("details.menu").first
    visitor.click(menu.locator("summary"))
    expect(menu).to_have_attribute("open", "")
    press(visitor, "Tab")
    expect(menu.locator("a").first).to_be_focused()
    press(visitor, "Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()
    press(visitor, "Space", "Tab", "Enter")
    visitor.page.wait_for_url(lambda url: "garage/" not in url or "new" in url)


def test_after_an_error_the_focus_is_on_what_went_wrong_and_leads_to_the_field(visitor):
    visitor.open(reverse("add_vehicle"), heading="Add a car")
    visitor.press("Add", heading="Add a car")
    expect(visitor.page.locator(".error-summary")).to_be_focused()
    press(visitor, "Tab", "Enter")
    expect(visitor.page.locator("[name=vin]")).to_be_focused()


def test_W4_another_card_becomes_the_one_that_is_charged(with_provider, visitor, owner, card):
    visitor.open(reverse("wallet"), heading="Payments")
    visitor.press("Add a card", heading="card")
    for field, text in CARD.items():
        visitor.write(visitor.page.locator(f"#{field}"), text)
    visitor.click(visitor.page.locator("button.primary"))
    visitor.look("")
    visitor.press("Confirm", heading="Payments")
    visitor.press("Make primary", heading="Payments")
    assert not PaymentCard.objects.get(pk=card.pk).is_primary
    visitor.follow(f"Remove {card.last4}", heading="")
    visitor.press("Remove", heading="Payments")
    assert [each.last4 for each in PaymentCard.objects.in_wallet().filter(account=owner)] == ["4242"]


def test_X9_a_contract_is_withdrawn_from_within_its_days(visitor, car, card, digital_key, gateway):
    row = make.subscription(car, package=digital_key, gateway=gateway, now=timezone.now())
    visitor.open(reverse("subscription", args=[row.public_id]), heading="Digital-Key")
    visitor.follow("Withdraw", heading="Withdraw from Digital-Key")
    visitor.press("Confirm withdrawal", heading="Digital-Key")
    assert Subscription.objects.get().end_reason == "withdrawn"


def test_K2_K4_an_agent_finds_a_customer_and_answers_a_case(pages_of, live_server, visitor, owner, car, market):
    centre(market)
    opened(owner, category="other", now=timezone.now())
    load_roles()
    client = Client()
    staff(client, market, "agent")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    visitor.page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    # Not looked at by axe here, which at the desk draws with styles of its own.
    visitor.page.goto(reverse("admin:index"))
    visitor.write(visitor.page.locator("#looking-q"), owner.email)
    press(visitor, "Enter")
    visitor.reads("View account", owner.email)
    visitor.page.goto(reverse("admin:index"))
    for link in ("Cases", "CY-", "Answer"):
        visitor.click(visitor.page.locator("main").get_by_role("link", name=link).first)
    visitor.type(text="Please close the doors once more.")
    visitor.click(visitor.page.get_by_role("button", name="Answer", exact=True))
    visitor.reads("The answer is with the customer.")
    assert Case.objects.get().state == "waiting_customer"
