"""C8: services and prices by market, for everybody."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from portal.models import Market
from subscriptions.models import Discontinuation, Package, Plan
from subscriptions.words.packages import free_years_of
from tests import make
from tests.journeys.conftest import words


@pytest.fixture
def page(client, market):
    return lambda name="prices", *arguments: client.get(reverse(name, args=arguments))


def card_of(answer, package: Package) -> str:
    """The words of one package's card."""
    card = answer.content.decode().split(f'id="{package.code}"')[1].split("</article>")[0]
    return re.sub(r"\s+", " ", strip_tags(card.replace("<", " <")))


def test_C8_each_package_has_its_services_and_what_it_needs(page, market):
    package = make.package("remote", market=market, capabilities=["remote"], powertrains=["hybrid", "electric"])
    card = card_of(page(), package)
    assert "remote service" in card
    assert "Equipment of the car Remote functions" in card
    assert "Powertrain Full hybrid, battery electric" in card


def test_C8_each_term_has_its_total_and_what_that_is_per_month(page, navigation):
    card = card_of(page(), navigation)
    for row in ("Monthly €9.90 €9.90", "Yearly €99.00 €8.25", "Four-yearly €299.00 €6.23"):
        assert row in card
    assert card.index("Monthly") < card.index("Yearly") < card.index("Four-yearly")


def test_C8_S3_the_free_month_is_told_where_there_is_one(page, navigation, digital_key):
    answer = page()
    assert "The first month is free. Once for an account" in card_of(answer, navigation)
    assert "The first month is free." not in card_of(answer, digital_key)


def test_C8_C4_the_free_years_are_told_by_generation_and_the_price_after_them(page, market):
    package = make.package("remote", market=market, complimentary_months={"MM21": 48, "default": 36})
    card = card_of(page(), package)
    assert "4 years with MM21 3 years with any other multimedia generation" in card
    assert "It ends by itself. After the free years it costs:" in card


def test_C8_C4_what_is_free_and_not_sold_afterwards_says_so(page, market):
    package = make.package("remote", market=market, complimentary_months={"default": 36})
    package.plans.update(is_offered=False)
    assert "After the free years it is not sold." in card_of(page(), package)


@pytest.mark.parametrize(
    ("months", "said"),
    [
        ({}, []),
        ({"default": 12}, ["1 year"]),
        ({"default": 0}, []),
        ({"MM19": 18, "MM17": 36}, ["3 years with MM17", "18 months with MM19"]),
        ({"MM21": 48, "MM17": 0, "default": 0}, ["4 years with MM21"]),
    ],
)
def test_C4_free_years_in_words(months, said):
    assert free_years_of(Package(complimentary_months=months), Market(code="CY")) == said
    assert free_years_of(Package(complimentary_months_in={"CY": months}), Market(code="CY")) == said


def test_C8_S12_a_base_names_its_add_ons_and_an_add_on_its_base(page, market):
    base = make.package("remote", market=market)
    add_on = make.package("remote-plus", market=market, base=base)
    answer = page()
    assert "Can be extended by: Remote-Plus" in card_of(answer, base)
    assert "Package Remote" in card_of(answer, add_on)


def test_C8_what_is_free_with_the_terms_says_so(page, market):
    standard = make.package("standard", market=market, is_standard=True)
    standard.plans.update(is_offered=False)
    assert "Free. It comes with accepting the Terms of Use." in card_of(page(), standard)


def test_C8_S10_what_is_discontinued_or_not_sold_is_left_out(page, market, navigation, digital_key, owner):
    Discontinuation.objects.create(
        package=navigation, market=market, ends_on=make.NOW.date(), decided_at=make.NOW, decided_by=owner
    )
    digital_key.plans.update(is_offered=False)
    answer = page()
    assert "Nothing is offered here yet" in words(answer)
    assert "Navigation" not in words(answer)


def test_C8_each_market_has_its_own_prices(page, market, navigation):
    facts = {name: getattr(market, name) for name in ("brand", "legal_entity", "vat_rate", "time_zone")}
    facts |= {name: getattr(market, name) for name in ("languages", "card_brands", "card_funding", "card_processor")}
    there = Market.objects.create(code="GB", names={"en": "Britain"}, currency="GBP", **facts)
    Plan.objects.create(package=navigation, market=there, term="yearly", price="80.00")
    answer = page("prices_in_market", "gb")
    assert "Services and prices: Britain" in words(answer)
    assert "Yearly £80.00 £6.67" in card_of(answer, navigation)
    assert "€" not in card_of(answer, navigation)
    assert 'action="/en/connectivity/gb/"' in answer.content.decode()
    assert page("prices_in_market", "xx").status_code == 404
    assert "Yearly €99.00 €8.25" in card_of(page("prices_in_market", "cy"), navigation)


def test_C8_with_a_vin_the_page_leads_to_the_match(page, navigation):
    main = page().content.decode().split("<main")[1]
    assert f'method="get" action="{reverse("match")}"' in main
    assert 'name="vin"' in main


def test_C8_the_page_is_kept_by_a_proxy_for_visitors_and_leaves_no_trace(page, client, owner, navigation):
    answer = page()
    assert (answer["Cache-Control"], answer["Vary"]) == ("public, max-age=300", "Cookie")
    assert not answer.cookies
    assert not Session.objects.exists()
    assert client.get(reverse("prices"), headers={"If-None-Match": answer["ETag"]}).status_code == 304
    client.force_login(owner)
    assert "no-store" in page()["Cache-Control"]


def test_C8_as_many_queries_for_twenty_packages_as_for_one(page, market):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert page().status_code == 200
        return len(captured)

    make.package("first", market=market, complimentary_months={"default": 36}, capabilities=["remote"])
    one = queries()
    for number in range(10):
        make.package(f"package-{number}", market=market, base=make.package(f"base-{number}", market=market))
    assert queries() == one
    assert one <= 9


def test_C8_home_and_footer_lead_there(client, market):
    page = client.get(reverse("home")).content.decode()
    assert page.count(f'href="{reverse("prices")}"') == 2
