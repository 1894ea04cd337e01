"""The living page in a browser: each rule of the sheet is drawn on it, hover and focus included; axe finds nothing."""

import pytest

from tests.browser.visitor import Visitor
from tests.chromium import STILL

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.portal.styleguide_urls")]

# Selectors that name a class and match nothing; the skip link shows itself to the keyboard only.
UNDRAWN = """() => {
    const found = [], ELSEWHERE = /^\\.skip|^h1 /;
    const parts = (text) => text.replaceAll(/::[a-z-]+/g, "").split(/,(?![^(]*\\))/).map((part) => part.trim());
    const look = (rules) => {
        for (const rule of rules) {
            if (rule.selectorText?.includes(".") && !ELSEWHERE.test(rule.selectorText))
                found.push(...parts(rule.selectorText).filter((part) => part && !document.querySelector(part)));
            if (rule.cssRules) look(rule.cssRules);
        }
    };
    for (const sheet of document.styleSheets) if (sheet.href?.includes("components")) look(sheet.cssRules);
    return found;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_rule_is_drawn_in_both_languages_and_axe_finds_nothing(chrome, live_server, market, scheme):
    context = chrome.new_context(
        base_url=live_server.url, reduced_motion=STILL, color_scheme=scheme, viewport={"width": 1440, "height": 900}
    )
    visitor = Visitor(context.new_page(), has_script=True)
    visitor.open(f"/styleguide/?language=en&scheme={scheme}", heading="Design system")
    assert visitor.page.evaluate(UNDRAWN) == []
    visitor.open(f"/styleguide/?language=el&scheme={scheme}", heading="Σύστημα σχεδίασης")
    assert visitor.complaints == []
