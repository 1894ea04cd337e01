"""The support hub, as people use it: search as one types or with a form, and pages fit for everybody (H1, H2)."""

import pytest
from playwright.sync_api import Browser, expect

from support.actions.articles import load_articles
from support.files.content import CONTENT
from tests import make
from tests.browser.visitor import Visitor
from tests.chromium import STILL

PAGES = (
    "/support/",
    "/support/payment-methods/",
    "/support/cancelling/refund-yearly-and-four-yearly/",
    "/support/getting-started/app-or-portal/",
    "/support/search/?q=withdrawl",
    "/support/search/?q=zeppelinfahrt",
)


@pytest.fixture
def hub(site: str) -> None:
    load_articles(CONTENT, now=make.NOW)


def test_H2_an_answer_is_found_with_and_without_javascript(visitor: Visitor, hub: None):
    visitor.open("/en/support/", heading="Support")
    visitor.type(q="how long does a refund take")
    if visitor.has_script:
        expect(visitor.page.locator("#results")).to_contain_text("When does the refund arrive?")
        visitor.look("Support")
    else:
        visitor.press("Search", heading="Search in support")
    visitor.follow("When does the refund arrive?", heading="When does the refund arrive?")
    visitor.reads("Others ask too", "Updated on", "Customer centre")
    assert visitor.page.context.cookies() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_hub_is_fit_for_everybody(browser: Browser, site: str, hub: None, scheme: str):
    context = browser.new_context(base_url=site, color_scheme=scheme, reduced_motion=STILL)
    visitor = Visitor(context.new_page(), has_script=True)
    for width in (390, 1440):
        visitor.page.set_viewport_size({"width": width, "height": 900})
        for address in PAGES:
            visitor.open(f"/en{address}", heading="")
        visitor.open("/el/support/payment-methods/", heading="")
    context.close()
    assert visitor.complaints == []
