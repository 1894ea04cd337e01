"""Inbox, choices and calendar in a browser, on a phone and on a desk, in both languages: axe finds nothing."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from playwright.sync_api import Browser, BrowserContext, expect

from accounts.models import Account, CalendarFeed, Notice, NoticeChoice, UndeliveredMail
from accounts.notices.kinds import KINDS, tell
from accounts.notices.links import leave_token
from portal.models import OutboxMessage
from tests import make
from tests.accounts.notice_facts import FACTS
from tests.browser.visitor import LANGUAGES, Visitor
from tests.chromium import STILL


@pytest.fixture
def reader(live_server, market, navigation, gateway, clock) -> Account:
    """Somebody with a free month, told of one of everything, whose address has refused a mail."""
    now = clock.now = timezone.now()
    account = make.account("reader@example.com", market=market, now=now)
    make.card(account, gateway=gateway, now=now)
    make.subscription(make.active_car(account, now=now), package=navigation, gateway=gateway, now=now)
    for n, kind in enumerate(KINDS):
        on = date(2026, 3, 17)
        tell(account=account, kind=kind, subject_key="s", event_on=on, now=now + timedelta(minutes=n), **FACTS[kind])
    message = OutboxMessage.objects.filter(handler="notice_mail").first()
    UndeliveredMail.objects.create(
        message=message, account=account, address=account.email, is_refused=True, reason="550", failed_at=now
    )
    return account


@pytest.fixture
def window(reader, live_server, chrome: Browser) -> BrowserContext:
    client = Client()
    client.force_login(reader)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
    may = ["clipboard-read", "clipboard-write"]
    context = chrome.new_context(base_url=live_server.url, permissions=may, reduced_motion=STILL)
    context.add_cookies([cookie | {"url": live_server.url}])
    return context


def pages(reader: Account) -> dict[str, str]:
    return {
        "inbox": reverse("notices"),
        "filtered": reverse("notices") + "?show=unread&about=cards",
        "nothing found": reverse("notices") + "?about=early_charges&page=2&show=unread",
        "notice": reverse("notice", args=[Notice.objects.filter(account=reader).last().public_id]),
        "choices": reverse("notice_choices"),
        "leaving": reverse("notice_leaving", args=[leave_token(reader, NoticeChoice.EARLY)]),
        "account": reverse("account"),
        "calendar": reverse("calendar"),
    }


def test_the_pages_of_notices_are_fit_for_everybody(window, reader):
    visitor = Visitor(window.new_page(), has_script=True)
    for language in LANGUAGES:
        with translation.override(language):
            addresses = pages(reader)
        for address in addresses.values():
            visitor.page.goto(address)
            visitor.look_bright_and_dark()


def test_a_reader_filters_reads_and_marks(window, reader):
    visitor = Visitor(window.new_page(), has_script=True)
    visitor.open("/en/account/notices/", heading="Notices")
    visitor.reads("We could not reach your address")
    visitor.page.select_option("[name=about]", "cards")
    visitor.press("Filter", heading="Notices")
    expect(visitor.page.locator(".checklist > li")).to_have_count(2)
    visitor.press("Mark all as read", heading="Notices")
    assert "about=cards" in visitor.page.url
    expect(visitor.page.get_by_role("button", name="Mark as unread")).to_have_count(2)
    visitor.press("Mark as unread", heading="Notices")
    expect(visitor.page.get_by_role("button", name="Mark as unread")).to_have_count(1)
    assert visitor.complaints == []


def test_a_reader_chooses_what_is_mailed(window, reader):
    visitor = Visitor(window.new_page(), has_script=True)
    visitor.open("/en/account/notices/choices/", heading="Notices and choices")
    visitor.page.get_by_label("Your cards: E-mail").uncheck()
    visitor.page.get_by_label("Charges, told early: E-mail").check()
    visitor.press("Save choice", heading="Notices and choices")
    visitor.reads("Your choice is saved.")
    expect(visitor.page.get_by_label("Your cards: E-mail")).not_to_be_checked()
    expect(visitor.page.get_by_label("Charges, told early: Portal")).to_be_checked()
    assert visitor.complaints == []


def test_a_reader_makes_a_calendars_address_copies_it_renews_it_and_ends_it(window, reader):
    visitor = Visitor(window.new_page(), has_script=True)
    visitor.open("/en/account/calendar/", heading="Your dates in your calendar")
    visitor.press("Make the address", heading="Your dates")
    address = visitor.page.locator("#calendar-address").inner_text()
    visitor.page.get_by_role("button", name="Copy the address").click()
    visitor.reads("The address is copied.")
    assert visitor.page.evaluate("navigator.clipboard.readText()") == address
    feed = visitor.page.request.get(address.replace(settings.SITE_URL, ""))
    assert (feed.status, "BEGIN:VCALENDAR" in feed.text(), "Navigation" in feed.text()) == (200, True, True)
    visitor.press("Make a new address", heading="Your dates")
    assert visitor.page.locator("#calendar-address").inner_text() != address
    assert visitor.page.request.get(address.replace(settings.SITE_URL, "")).status == 404
    visitor.press("End the address", heading="Your dates")
    visitor.reads("There is no address yet")
    assert not CalendarFeed.objects.exists()
