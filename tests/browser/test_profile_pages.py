"""Profile, dealers and Terms, on a phone and on a desk, in both languages: axe finds nothing, none is too wide."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.actions.registration import create_from_head_unit
from accounts.actions.terms import accept_terms
from accounts.models import Account, Dealer, TermsVersion
from portal.models import Market
from tests.browser.conftest import SAMPLES
from tests.browser.visitor import LANGUAGES, Visitor


@pytest.fixture
def market(live_server) -> Market:
    for command in ("brand", "terms", "catalogue", "dealers"):
        call_command(f"load_{command}", str(SAMPLES / f"{command}.yaml"), verbosity=0)
    return Market.objects.get()


@pytest.fixture
def context(market, chrome: Browser, live_server) -> BrowserContext:
    return chrome.new_context(base_url=live_server.url)


def signed_in(context: BrowserContext, account: Account, origin: str) -> Page:
    client = Client()
    client.force_login(account)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
    context.add_cookies([cookie | {"url": origin}])
    return context.new_page()


def look_at(page: Page, addresses: dict[str, str]) -> None:
    """Each address with its query, in each language and width."""
    visitor = Visitor(page, has_script=True)
    for language in LANGUAGES:
        for address, query in addresses.items():
            with translation.override(language):
                page.goto(_path(address) + query)
            visitor.look_on_both()
    assert visitor.complaints == []


def _path(address: str) -> str:
    name, _, argument = address.partition(" ")
    return reverse(name, args=[argument] if argument else [])


def member(market: Market) -> Account:
    account = Account.objects.create_user("eleni@example.com", None, market=market, first_name="Eleni")
    EmailAddress.objects.create(user=account, email=account.email, primary=True, verified=True)
    terms = TermsVersion.objects.get()
    accept_terms(account=account, version=terms, channel="portal", now=timezone.now(), by=account)
    return account


def test_a_member_finds_a_dealer_and_prefers_it(context, market, live_server):
    page = signed_in(context, member(market), live_server.url)
    visitor = Visitor(page, has_script=True)
    page.set_viewport_size({"width": 390, "height": 844})
    visitor.open(reverse("account"), heading="Account")
    visitor.follow("Find a dealer", heading="Find a dealer")
    visitor.type(q="λεμεσός")
    visitor.press("Search", heading="Find a dealer")
    expect(page.locator("main ol.places > li")).to_have_count(1)
    visitor.follow("Sample Motors Limassol", heading="Sample Motors Limassol")
    visitor.press("Make it my preferred dealer", heading="Account")
    visitor.reads("Sample Motors Limassol is your preferred dealer now.", "+357 25 000133")
    visitor.open(reverse("dealers") + "?q=Frankfurt", heading="Find a dealer")
    visitor.follow("Tell the customer centre", heading="Write to us")
    visitor.reads("I looked for “Frankfurt” and did not find my dealer.")
    assert visitor.complaints == []


def test_profile_and_dealers_are_fit_for_everybody(context, market, live_server):
    other = Market.objects.get()
    other.pk, other.code, other.is_default, other.names = None, "GR", False, {"en": "Greece", "el": "Ελλάδα"}
    other.save()
    row = Dealer.objects.get(code="sample-paralimni")
    account = member(market)
    account.preferred_dealer = row
    account.save(update_fields=["preferred_dealer"])
    pages = {"account": "", "profile": "", "dealers": "?near=paphos", f"dealer {row.public_id}": ""}
    look_at(signed_in(context, account, live_server.url), pages | {"legal_page terms": ""})


def test_terms_and_the_banner_are_fit_for_everybody(context, market, live_server):
    created_at = timezone.now() - timedelta(days=9)
    account = create_from_head_unit(
        email="loukia@example.com", password=None, generation="MM19", market=market, now=created_at
    )
    EmailAddress.objects.filter(user=account).update(verified=True)
    page = signed_in(context, account, live_server.url)
    look_at(page, {"home": "", "terms_acceptance": "", "garage": ""})
    visitor = Visitor(page, has_script=True)
    visitor.open(reverse("garage"), heading="Garage")
    visitor.reads("5 days left to accept the Terms of Use")
    visitor.follow("Read and accept the Terms", heading="Terms of Use")
    visitor.press("I accept the Terms of Use", heading="")
    expect(page.locator("body")).not_to_contain_text("days left to accept")
