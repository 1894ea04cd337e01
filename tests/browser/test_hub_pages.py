"""Guides, videos, status, votes and one's own figures: fit for everybody, on a phone and on a desk (H1, H3, H4)."""

import os
from pathlib import Path

from django.urls import reverse
from django.utils import timezone, translation
from playwright.sync_api import expect

from support.actions.articles import load_articles
from support.files.content import CONTENT
from tests import make
from tests.subscriptions.incidents import incident

PAGES = {
    "support": (),
    "support_howtos": (),
    "support_guide": ("reading-the-centre",),
    "support_video": ("digital-key-owner",),
    "support_status": (),
    "support_feedback": ("how-to-cancel",),
    "support_own_figures": ("when-free-years-start",),
    "support_article": ("trials", "when-free-years-start"),
}
SIZES = {"en": (390, 844, "light"), "el": (1440, 900, "dark")}


def test_the_pages_of_the_hub_are_fit_for_everybody_and_bring_the_own_figures(pages_of, owner, car, market):
    make.package("navigation", market=market, complimentary_months={"MM21": 48, "default": 36})
    load_articles(CONTENT, now=make.NOW)
    incident(began_at=timezone.now())
    visitor = pages_of(owner)
    for language, (width, height, scheme) in SIZES.items():
        visitor.page.set_viewport_size({"width": width, "height": height})
        visitor.page.emulate_media(color_scheme=scheme)
        for name, arguments in PAGES.items():
            with translation.override(language):
                visitor.page.goto(reverse(name, args=arguments))
            visitor.look("")
            keep(visitor.page, f"{name}-{language}")
        expect(visitor.page.locator("[hx-trigger=load] dl")).to_contain_text("15")
    assert visitor.complaints == []


def keep(page, name: str) -> None:
    """For who looks at them: a folder for the pictures in HUB_PICTURES."""
    folder = os.environ.get("HUB_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
