"""The living page in a browser: each rule of the sheet is drawn on it, hover and focus included; axe finds nothing."""

import pytest

from tests.browser.visitor import EVERYTHING, Visitor
from tests.chromium import STILL

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.portal.styleguide_urls")]

# Selectors that name a class and match nothing; the skip link shows itself to the keyboard only.
UNDRAWN = """() => {
    const found = [], ELSEWHERE = /^\\.skip|^h1 |^\\[tabindex/;
    const parts = (text) => {
        let depth = 0;
        const marked = [...text].map((sign) => {
            depth += (sign === "(") - (sign === ")");
            return sign === "," && !depth ? "\\n" : sign;
        });
        return marked.join("").replaceAll(/::[a-z-]+/g, "").split("\\n").map((part) => part.trim());
    };
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


# Many specimens of one landmark are the point of the page.
SPECIMENS = EVERYTHING | {"rules": {"landmark-unique": {"enabled": False}}}


def test_each_rule_is_drawn_in_both_languages_and_axe_finds_nothing(chrome, live_server, market):
    context = chrome.new_context(
        base_url=live_server.url, reduced_motion=STILL, viewport={"width": 1440, "height": 900}
    )
    visitor = Visitor(context.new_page(), has_script=True)
    visitor.page.goto("/styleguide/?language=en")
    assert visitor.page.evaluate(UNDRAWN) == []
    visitor.judge(SPECIMENS)
    visitor.open("/styleguide/?language=el", heading="Σύστημα σχεδίασης")
    assert visitor.complaints == []
