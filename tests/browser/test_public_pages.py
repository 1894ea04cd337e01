"""What nobody needs an account for: checking a VIN (G7), and services and prices (C8)."""

import pytest
from playwright.sync_api import Browser

from tests.browser.visitor import Visitor
from tests.chromium import STILL

VIN = "JTHSAMPLECY900007"
PAGES = (
    "/",
    "/developers/orders/",
    "/connectivity/",
    "/connectivity/?vin=jtjo",
    f"/connectivity/?vin={VIN}",
    "/prices/",
)


def test_G7_a_vin_is_checked_from_the_start_page_and_mended_when_it_is_bad(visitor: Visitor):
    visitor.open("/en/", heading="Your car, its services")
    visitor.type(vin="jth-sample-cy9o0007")
    visitor.press("Check this VIN", heading="Which services can this car have?")
    visitor.reads("Character 13 is the letter O. A VIN has no I, O or Q: use 0 instead.")
    visitor.type(vin="jth-sample-cy900007")
    visitor.press("Check this VIN", heading="Which services can this car have?")
    visitor.reads("LC 500", "MM17", "This car can have it", "This car does not have the equipment that it needs.")
    visitor.follow("Services and prices", heading="Services and prices: Cyprus")
    visitor.reads("€299.00", "€6.23", "4 years with MM21")
    assert visitor.page.context.cookies() == []


def test_C8_prices_lead_to_the_match(visitor: Visitor):
    visitor.open("/en/support/", heading="Support")
    visitor.click(visitor.page.locator("footer").get_by_role("link", name="Services and prices"))
    visitor.look("Services and prices: Cyprus")
    visitor.type(vin=VIN)
    visitor.press("Check this VIN", heading="Which services can this car have?")
    visitor.reads("LC 500")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_public_pages_are_fit_for_everybody(browser: Browser, site: str, scheme: str):
    context = browser.new_context(base_url=site, color_scheme=scheme, reduced_motion=STILL)
    visitor = Visitor(context.new_page(), has_script=True)
    for language in ("en", "el"):
        for address in PAGES:
            visitor.page.goto(f"/{language}{address}")
            visitor.look_on_both()
    context.close()
    assert visitor.complaints == []
