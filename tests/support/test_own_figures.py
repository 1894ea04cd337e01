"""What an answer means for one's own car: a fragment beside an article that is the same for everybody (H3)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from support.articles.own_figures import DEPENDING
from support.files.content import CONTENT
from tests import make
from tests.support.small import article, page


@pytest.fixture
def at_home(client, owner):
    client.force_login(owner)
    return client


def figures(client, slug, **headers) -> str:
    answer = page(client, "support_own_figures", slug, **headers)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return answer.content.decode()


def test_every_answer_that_depends_on_the_car_is_there():
    assert {path.stem for path in (CONTENT / "en").glob("*/*.md")} >= DEPENDING


def test_H3_the_free_period_of_the_own_car_has_its_date(at_home, car, market):
    article("when-free-years-start", category="trials")
    make.package("navigation", market=market, complimentary_months={"MM21": 48, "default": 36})
    text = figures(at_home, "when-free-years-start")
    assert "Your free period end" in text
    assert "/services/" in text or "services" in text


def test_X1_cancelling_today_is_reckoned_by_the_code_that_cancels(at_home, car, navigation, card, gateway):
    article("how-to-cancel")
    make.subscription(car, package=navigation, gateway=gateway)
    text = figures(at_home, "how-to-cancel", hx_request="true")
    assert "<html" not in text
    assert "Cancelled today it ends on" in text
    assert "€0.00" in text


def test_X5_the_right_of_withdrawal_is_reckoned_by_the_code_that_withdraws(at_home, car, digital_key, card, gateway):
    article("withdrawal-right")
    make.subscription(car, package=digital_key, gateway=gateway, now=timezone.now())
    assert "You can withdraw today, and €60.00 comes back." in figures(at_home, "withdrawal-right")


def test_X1_several_of_a_car_are_reckoned_with_as_many_queries_as_one(
    at_home, car, market, navigation, card, gateway, django_assert_num_queries
):
    article("how-to-cancel")
    make.subscription(car, package=navigation, gateway=gateway)
    figures(at_home, "how-to-cancel")
    with CaptureQueriesContext(connection) as one:
        figures(at_home, "how-to-cancel")
    for code in ("parking", "weather"):
        make.subscription(car, package=make.package(code, market=market), gateway=gateway)
    with django_assert_num_queries(len(one)):
        text = figures(at_home, "how-to-cancel")
    assert text.count("Cancelled today it ends on") == 3


def test_H3_charges_cars_and_card_are_the_accounts_own(at_home, car, navigation, card, gateway):
    for slug in ("when-charged", "how-many-cars", "which-card-is-charged"):
        article(slug, category="account")
    make.subscription(car, package=navigation, gateway=gateway)
    assert "First charge on" in figures(at_home, "when-charged")
    assert "1 of 10 cars" in figures(at_home, "how-many-cars")
    assert card.last4 in figures(at_home, "which-card-is-charged")


def test_without_a_car_or_card_the_page_says_so(at_home, market):
    for slug in ("when-charged", "which-card-is-charged", "when-free-years-start"):
        article(slug, category="account")
        assert "You have no car in your garage yet." in figures(at_home, slug)


def test_G11_dates_of_a_car_that_another_controls_are_not_shown(client, car, stranger, market):
    article("when-free-years-start", category="trials")
    make.package("navigation", market=market, complimentary_months={"MM21": 48, "default": 36})
    make.verified(stranger, car.vehicle)
    client.force_login(stranger)
    text = figures(client, "when-free-years-start")
    assert "for the account that controls it" in text
    assert "free period" not in text


def test_an_answer_that_depends_on_no_car_has_no_such_page(at_home, market):
    article("five-icons", category="getting-started")
    assert page(at_home, "support_own_figures", "five-icons").status_code == 404


def test_H3_the_article_is_the_same_for_everybody_and_loads_the_figures_of_who_is_signed_in(client, owner):
    article("how-to-cancel")
    visitor = page(client, "support_article", "cancelling", "how-to-cancel").content.decode()
    client.force_login(owner)
    member = page(client, "support_article", "cancelling", "how-to-cancel").content.decode()
    link = 'href="/en/support/for-my-car/how-to-cancel/"'
    assert (link in visitor, link in member) == (True, True)
    assert ('hx-get="/en/support/for-my-car' in visitor, 'hx-get="/en/support/for-my-car' in member) == (False, True)
    assert owner.email not in member.split("<main")[1].split("</main>")[0]
