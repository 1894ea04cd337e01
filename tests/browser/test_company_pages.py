"""The pages of company customers, on a phone and on a desk, in both languages: axe finds nothing, none is too wide."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Page, sync_playwright

from accounts.actions.billing import save_billing_profile
from accounts.actions.copies import confirm_copies
from accounts.models import CopyAddress
from subscriptions.actions.accountants import accept_invitation
from subscriptions.models import AccountantAccess
from tests import make
from tests.browser.visitor import Visitor
from tests.chromium import STILL, chromium
from tests.meta.conftest import estate, invited  # noqa: F401

PAGES = {
    "billing_profile": (),
    "invoice_references": (),
    "copy_addresses": (),
    "accountants": (),
    "documents_of_others": (),
    "documents_of_other": ("access",),
    "accountant_invitation": ("invitation",),
    "corrections": (),
    "document_correction": ("document",),
    "copy_confirmation": ("copy_token",),
    "copy_leaving": ("key",),
}


@pytest.fixture
def company(live_server, estate):  # noqa: F811
    """With a new name since the invoice, one reader who agreed, and an accountant who reads."""
    owner = estate.owner
    address = {"address_line_1": "Makariou III 12", "postcode": "1065", "town": "Nicosia", "country": "CY"}
    number = {"name": "Georgiou Fleet Services Ltd", "vat_number": "CY10123456A"}
    save_billing_profile(account=owner, now=make.NOW, by=owner, is_company=True, **address, **number)
    address = CopyAddress.objects.create(
        account=owner, slot=2, email="a.very.long.name.of.a.bookkeeper@accounts.example.com", asked_at=make.NOW
    )
    confirm_copies(address=address, now=make.NOW)
    reader = make.account("reader@example.com", market=owner.market)
    accept_invitation(access=invited(owner, reader.email), now=make.NOW, by=reader)
    assert AccountantAccess.objects.filter(owner=owner).count() == 2
    return estate


@pytest.fixture
def page(company, live_server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    client = Client()
    client.force_login(company.owner)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(base_url=live_server.url, reduced_motion=STILL)
        context.add_cookies([cookie | {"url": live_server.url}])
        yield context.new_page()
        browser.close()
        connections.close_all()


@pytest.mark.parametrize("language", ["en", "el"])
def test_the_pages_of_company_customers_are_fit_for_everybody(page, company, language):
    visitor = Visitor(page, has_script=True)
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        for name, arguments in PAGES.items():
            with translation.override(language):
                page.goto(reverse(name, args=[getattr(company, argument) for argument in arguments]))
            visitor.look("")
