"""Articles say what rules, market and catalogue say, and change with them (H1)."""

import pytest
from django.template.loader import render_to_string

from portal.files.brand_file import load_brand
from portal.markdown import blocks
from portal.models import Market
from support.articles import outline
from support.articles.facts import facts_of, fill
from support.articles.placeholders import PLACEHOLDER, PLACEHOLDERS
from support.files.content import CONTENT, read_articles
from support.files.howtos import read_howtos
from support.site_pages import pages_without_arguments
from tests import make

CHANGING = {
    *("app", "brand", "portal", "market", "card_kinds", "card_processor", "control_days", "notice_months"),
    *("refund_days", "terms_days", "services_site", "carplay_list", "free_years_mm21", "free_years_earlier"),
    *("refund_example_yearly", "refund_example_four_yearly"),
}


@pytest.fixture
def before(market):
    make.package("navigation", market=market, complimentary_months={"MM21": 48, "default": 36})
    return facts_of(market)


@pytest.fixture
def after(before, market):
    brand = market.brand
    brand.name, brand.app_name, brand.portal_name = "Other", "Other Link", "Other Owners"
    market.names = {"en": "Malta"}
    market.currency, market.card_brands, market.card_funding = "GBP", ["visa"], ["debit"]
    market.card_processor = {"en": "Somebody else keeps them."}
    market.control_request_days, market.refund_days, market.terms_days, market.notice_months = 5, 9, 21, 12
    market.contact = {"services_site": "https://brand.example", "carplay_list": "https://cars.example"}
    make.package("more", market=market, complimentary_months={"MM21": 60, "default": 72})
    return facts_of(market)


def test_each_placeholder_has_a_value_and_no_other(before):
    assert before.keys() == PLACEHOLDERS
    assert all(before.values())


def test_what_market_and_catalogue_decide_changes_with_them(before, after):
    assert {name for name in before if before[name] != after[name]} == CHANGING


@pytest.mark.parametrize("language", ["en", "el"])
def test_H1_every_article_is_rendered_anew_with_another_catalogue_and_market(before, after, language):
    """Each as its page renders it, by two sets of facts: it differs exactly if it names what differs."""
    for slug, text in texts(language).items():
        pages = [
            render_to_string("support/_blocks.html", {"blocks": blocks(fill(text, facts))}) for facts in (before, after)
        ]
        names = set(PLACEHOLDER.findall(text))
        assert (pages[0] != pages[1]) is bool(names & CHANGING), slug
        assert not [page for page in pages if "{{" in page or "<p></p>" in page], slug


def test_C4_the_catalogue_alone_changes_what_is_said_of_the_free_years(before, market):
    make.package("more", market=market, complimentary_months={"MM21": 60, "default": 72})
    after = facts_of(market)
    changed = {slug for slug, text in texts("en").items() if fill(text, before) != fill(text, after)}
    named = {
        slug
        for slug, text in texts("en").items()
        if {"free_years_mm21", "free_years_earlier"} & set(PLACEHOLDER.findall(text))
    }
    assert changed == named != set()


def texts(language):
    """Words of all answers, guides and videos."""
    pages = pages_without_arguments()
    answers = read_articles(CONTENT / language, language=language, pages=pages)
    howtos = read_howtos(CONTENT / language, language=language, pages=pages, answers=answers)
    return {slug: each.body for slug, each in answers.items()} | {
        slug: outline.words(each.body) for slug, each in howtos.items()
    }


def test_X4_the_examples_are_reckoned_by_the_code_that_pays(before):
    assert "4 months count as used, 8 of 12 come back, that is €66.00" in before["refund_example_yearly"]
    assert "16 months count as used, 32 of 48" in before["refund_example_four_yearly"]
    assert "10 June 2025" in before["refund_example_four_yearly"]


def test_S5_the_examples_of_charges_count_from_the_activation(before):
    assert before["charge_example_four_yearly"].endswith("10 February 2024, the next on 10 February 2028.")


def test_a_package_without_free_years_gives_none(market):
    assert facts_of(market)["free_years_mm21"] == "0"


def test_the_sample_market_names_the_pages_of_the_brand(db, settings):
    load_brand(settings.BASE_DIR / "portal/data/lexus_cy/brand.yaml")
    assert "lexus.com.cy" in facts_of(Market.objects.get())["services_site"]
