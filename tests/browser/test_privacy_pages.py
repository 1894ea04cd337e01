"""The privacy portal on a phone and on a desk, in both languages: axe finds nothing, none is too wide, all works."""

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Browser, Page, expect

from accounts.actions.consents import change_consent
from accounts.actions.export import ask_for_export, write_export
from accounts.consents import has_consent
from accounts.models import Closing, ConsentWording, DataExport
from accounts.rules.consents import Purpose
from portal.desk.reads import note_read
from portal.roles import load_roles
from subscriptions.actions.cancel import cancel
from subscriptions.models import Subscription
from tests import make
from tests.browser.visitor import LANGUAGES, Visitor
from tests.chromium import STILL
from tests.meta.estate import estate  # noqa: F401

PAGES = {
    "privacy": (),
    "consent_history": (),
    "accesses": (),
    "exports": (),
    "export": ("export",),
    "account_closing": (),
    "account_closed": (),
    "account": (),
}


@pytest.fixture
def person(live_server, estate, files):  # noqa: F811
    """With a consent given and withdrawn, staff who looked, an export that is ready, a refund on its way."""
    owner, wording = estate.owner, ConsentWording.objects.get(purpose=Purpose.DRIVING)
    for is_given in (True, False):
        change_consent(
            account=owner, wording=wording, is_given=is_given, channel="portal", language="en", now=make.NOW, by=owner
        )
    load_roles()
    agent = make.account("agent@staff.example.com", market=owner.market, is_staff=True)
    agent.groups.set(Group.objects.filter(name="finance"))
    subscription = Subscription.objects.get(account=owner)
    note_read(subject=subscription, accounts=[owner.pk], by=agent, now=make.NOW)
    write_export(export_id=DataExport.objects.get(account=owner).pk, clock=lambda: make.NOW)
    return estate


@pytest.fixture
def page(person, live_server, chrome: Browser) -> Page:
    client = Client()
    client.force_login(person.owner)
    client.post(reverse("account_reauthenticate"), {"password": make.PASSWORD})
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
    context = chrome.new_context(base_url=live_server.url, reduced_motion=STILL)
    context.add_cookies([cookie | {"url": live_server.url}])
    return context.new_page()


def test_the_pages_of_the_privacy_portal_are_fit_for_everybody(page, person):
    visitor = Visitor(page, has_script=True)
    for language in LANGUAGES:
        for name, arguments in PAGES.items():
            with translation.override(language):
                page.goto(reverse(name, args=[getattr(person, argument) for argument in arguments]))
            visitor.look_on_both()


def test_D1_A6_a_person_agrees_withdraws_takes_the_data_and_leaves(page, person, hands):
    visitor = hands(page, has_script=True)
    page.set_viewport_size({"width": 390, "height": 844})
    cancel(subscription=Subscription.objects.get(account=person.owner), confirmed=None, now=make.NOW, by=person.owner)
    visitor.open(reverse("privacy"), heading="Data and privacy")
    visitor.press("I agree (About marketing)", heading="Data and privacy")
    visitor.reads("You agree to: About marketing.")
    assert has_consent(person.owner, Purpose.MARKETING)
    visitor.press("Withdraw consent (About marketing)", heading="Data and privacy")
    visitor.follow("Ask for my data", heading="Take my data with me")
    asked = ask_for_export(account=person.owner, now=make.NOW, by=person.owner)
    page.goto(reverse("export", args=[asked.public_id]))
    visitor.reads("kinds of records")
    write_export(export_id=asked.pk, clock=lambda: make.NOW)
    # The page finds out by itself.
    expect(page.get_by_role("link", name="Download the ZIP")).to_be_visible()
    with page.expect_download() as download:
        visitor.click(page.get_by_role("link", name="Download the ZIP"))
    assert download.value.suggested_filename == "my-data-2026-06-10.zip"
    visitor.open(reverse("account_closing"), heading="Close your account?")
    visitor.press("Close my account now", heading="Your account is closed")
    assert Closing.objects.get().account == person.owner
    page.goto(reverse("account"))
    assert "/account/login/" in page.url
