"""The history of documents in a browser: filtered, opened, downloaded; with JavaScript, and without it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from portal.models import Market
from tests import make
from tests.browser.visitor import Visitor, deliver
from tests.subscriptions.histories import invoice_more

pytestmark = pytest.mark.browser
EMAIL = "fleet@example.com"


@pytest.fixture
def fleet(site, gateway, files):
    """Of last year one invoice, of this year sixty."""
    now = timezone.now()
    market = Market.objects.get()
    owner = make.account(EMAIL, market=market, now=now)
    car = make.active_car(owner, 999, now=now)
    make.card(owner, gateway=gateway, now=now)
    package = make.package("radio", market=market, prices={"yearly": "24.00"})
    paid = make.subscription(car, package=package, gateway=gateway, now=now - timedelta(days=366))
    invoice_more(paid, 60, now=now)
    return now.year


def test_from_the_filter_to_the_zip(fleet, visitor):
    visitor.page.goto("/en/payments/documents/")
    visitor.type(login=EMAIL, password=make.PASSWORD)
    visitor.press("Sign in", heading="Invoices and credit notes")
    visitor.reads("61 documents", "€1,464.00")
    choose_year(visitor, fleet - 1)
    visitor.reads("1 document", "€24.00")
    expect(visitor.page.locator("#history tbody tr")).to_have_count(1)
    visitor.follow(f"CY-{fleet - 1}-000001", heading="Invoice", exact=True)
    take(visitor, "Download the PDF", f"CY-{fleet - 1}-000001.pdf")
    visitor.open(f"/en/payments/documents/?year={fleet}", heading="Invoices and credit notes")
    take(visitor, "List as CSV", f"documents-{fleet}.csv")
    visitor.press("Prepare the ZIP", heading=f"Documents of {fleet}")
    visitor.reads("0 of 60 documents")
    deliver()
    if not visitor.has_script:
        visitor.follow("Look again", heading=f"Documents of {fleet}")
    visitor.reads("60 documents are ready")
    take(visitor, "Download the ZIP", f"documents-{fleet}.zip")


def choose_year(visitor: Visitor, year: int) -> None:
    """Choosing is enough where there is a script; else the button shows it."""
    visitor.choose(visitor.page.locator("[name=year]"), str(year))
    if not visitor.has_script:
        visitor.press("Show", heading="Invoices and credit notes")
    visitor.page.wait_for_url(f"**/documents/?*year={year}*")
    visitor.look("Invoices and credit notes")


def take(visitor: Visitor, link: str, name: str) -> None:
    with visitor.page.expect_download() as download:
        visitor.click(visitor.page.get_by_role("link", name=link))
    assert download.value.suggested_filename == name
    # The browser calls a page's request that became a download broken off.
    visitor.complaints = [said for said in visitor.complaints if "ERR_ABORTED" not in said]
