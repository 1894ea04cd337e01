"""The history page: all cars, also sold ones; filter, search, pages and sums (I1)."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from itertools import chain

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import sessions
from garage.models import Vehicle
from subscriptions.access import documents_of
from subscriptions.actions.cancel import cancel
from subscriptions.actions.leave import remove_vehicle
from subscriptions.actions.refund import send_refund
from subscriptions.models import Document, Refund
from subscriptions.papers.history import PAGE_SIZE, Wanted, cars_of, page_of, totals_of, years_of
from tests import make
from tests.subscriptions.histories import invoice_more

NEXT_YEAR = datetime(2027, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def paid(car, card, digital_key, gateway):
    """A year of 60.00 on the owner's car, from 10 June 2026."""
    return make.subscription(car, package=digital_key, gateway=gateway)


@pytest.fixture
def estate(paid, owner, market, gateway, now):
    """Of two cars: an invoice of 60.00 and a credit note of 40.00 in 2026, and an invoice of 24.00 in 2027."""
    cancel(subscription=paid, confirmed=None, now=now + make.days(100), by=owner)
    send_refund(refund_id=Refund.objects.get().pk, now=now + make.days(100), gateway=gateway)
    other = make.active_car(owner, 2, now=NEXT_YEAR, model="UX 300e")
    make.subscription(
        other, package=make.package("music", market=market, prices={"yearly": "24.00"}), gateway=gateway, now=NEXT_YEAR
    )
    return owner


@pytest.fixture
def page(client, owner, monkeypatch):
    # However long a test takes, the device is not written down once more amid what is counted.
    monkeypatch.setattr(sessions, "WRITTEN_DOWN_EVERY", 3600)
    client.force_login(owner)

    def ask(query: str = "", **headers: str) -> str:
        answer = client.get(f"{reverse('documents')}?{query}", headers=headers)
        assert answer.status_code == 200
        return answer.content.decode()

    return ask


def numbers(page: str) -> list[str]:
    """Of the documents in the list, as they stand in it."""
    return re.findall(r'<th scope="row"><a class="nowrap" href="[^"]+">([^<]+)</a>', page)


def test_I1_newest_first_of_all_cars(estate, page):
    assert numbers(page()) == ["CY-2027-000001", "CN-CY-2026-000001", "CY-2026-000001"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("year=2026", ["CN-CY-2026-000001", "CY-2026-000001"]),
        ("kind=credit_note", ["CN-CY-2026-000001"]),
        ("kind=invoice&year=2027", ["CY-2027-000001"]),
        ("number=cn-cy", ["CN-CY-2026-000001"]),
        ("number=cy+2026+000001", ["CN-CY-2026-000001", "CY-2026-000001"]),
        ("number=+2027%E2%80%930000+", ["CY-2027-000001"]),
        ("number=cy2027", ["CY-2027-000001"]),
        ("number=%25", []),
        ("number=nothing", []),
    ],
)
def test_I1_filtered_by_year_and_kind_and_searched_by_number(estate, page, query, found):
    assert numbers(page(query)) == found


def test_I1_filtered_by_car_also_one_that_was_sold(estate, page, car, now):
    remove_vehicle(membership=car, confirmed=None, now=NEXT_YEAR, by=estate)
    sold, kept = (car_id(number) for number in (1, 2))
    assert numbers(page(f"car={sold}")) == ["CN-CY-2026-000001", "CY-2026-000001"]
    assert numbers(page(f"car={kept}")) == ["CY-2027-000001"]
    labels = [(each.label, each.is_in_garage) for each in cars_of(estate)]
    assert labels == [("UX 300e KAA002", True), ("NX 350h KAA001", False)]
    assert "No longer in my garage" in page()


def test_the_plate_of_a_sold_car_is_the_documents_own(estate, page, car):
    remove_vehicle(membership=car, confirmed=None, now=NEXT_YEAR, by=estate)
    Vehicle.objects.filter(vin__endswith="1").update(plate="NEW999")
    assert "KAA001" in page()
    assert "NEW999" not in page()


def test_years_are_those_of_the_documents(estate):
    assert years_of(estate) == [2027, 2026]


@pytest.mark.parametrize(
    "query", ["year=1999", "car=12345678-1234-1234-1234-123456789012", "kind=x", "year=x", "car=x"]
)
def test_a_filter_that_makes_no_sense_is_said_and_filters_nothing(estate, page, query):
    assert "Please correct this" in page(query)
    assert len(numbers(page(query))) == 3


def test_strange_signs_are_answered(estate, page):
    for query in ("number=%00", f"number={'9' * 300}", "before=%00", "after=nothing", f"before={'9' * 300}"):
        page(query)


def test_a_strangers_car_and_documents_are_not_found(estate, stranger, client):
    client.force_login(stranger)
    answer = client.get(reverse("documents"), {"car": car_id(1), "before": "CY-2027-000001"}).content.decode()
    assert numbers(answer) == []
    assert "No documents yet" in answer


def car_id(number: int) -> str:
    return str(Vehicle.objects.get(vin__endswith=f"0{number}").public_id)


# Sums


def test_I1_sums_are_those_of_what_is_filtered(estate):
    (all_of_it,) = totals_of(estate, Wanted())
    assert (all_of_it.count, all_of_it.currency) == (3, "EUR")
    assert (all_of_it.invoiced, all_of_it.credited, all_of_it.balance) == tuple(
        map(Decimal, ("84.00", "40.00", "44.00"))
    )
    assert all_of_it.vat == sum_of_vat(documents_of(estate))
    (year,) = totals_of(estate, Wanted(year=2026))
    assert (year.invoiced, year.credited, year.vat) == tuple(map(Decimal, ("60.00", "40.00", "3.19")))
    assert totals_of(estate, Wanted(number="x")) == []


def sum_of_vat(documents) -> Decimal:
    return sum(-each.vat if each.is_credit_note else each.vat for each in documents)


def test_sums_are_kept_apart_by_currency(paid, owner):
    paid.account.payments.update(currency="SEK")
    invoice_more(paid, 2)
    assert {(each.currency, each.invoiced) for each in totals_of(owner, Wanted())} == {
        ("EUR", Decimal("60.00")),
        ("SEK", Decimal("120.00")),
    }


# Pages


def walk(page, query: str, direction: str) -> list[list[str]]:
    """The pages, each by the link of the one before."""
    found = []
    while query is not None:
        shown = page(query)
        found.append(numbers(shown))
        link = re.search(rf'href="\?([^"]+)" rel="{direction}"', shown)
        query = link[1].replace("&amp;", "&") if link else None
    return found


def test_pages_hold_each_document_once_whatever_was_issued_at_one_moment(paid, page):
    invoice_more(paid, 30)
    invoice_more(paid, 29, now=make.NOW + make.days(1))
    forth = walk(page, "kind=invoice", "next")
    assert [len(each) for each in forth] == [PAGE_SIZE] * 3
    assert list(chain(*forth)) == [f"CY-2026-{number:06d}" for number in range(60, 0, -1)]
    back = walk(page, f"kind=invoice&before={forth[1][-1]}", "prev")
    assert back == [forth[2], forth[1], forth[0]]


def test_a_page_stays_where_it_is_when_something_new_is_issued(paid, page):
    invoice_more(paid, 2 * PAGE_SIZE)
    second = walk(page, "", "next")[1]
    invoice_more(paid, 5, now=make.NOW + make.days(1))
    assert numbers(page(f"before=CY-2026-{2 * PAGE_SIZE + 2 - PAGE_SIZE:06d}")) == second


def test_before_the_first_page_there_is_nothing_but_the_first_page(paid, owner):
    invoice_more(paid, 2 * PAGE_SIZE)
    newest = page_of(owner, Wanted())
    assert newest.newer == ""
    assert page_of(owner, Wanted(), after=newest.documents[3].number) == newest


def test_I1_the_page_of_two_thousand_costs_the_queries_of_twenty(paid, page):
    invoice_more(paid, 19)
    queries = {
        query: count(page, query) for query in ("", "year=2026&kind=invoice", "number=0001", "before=CY-2026-000020")
    }
    invoice_more(paid, 1980)
    assert Document.objects.count() == 2000
    assert {query: count(page, query) for query in queries} == queries


def test_I1_a_list_with_credit_notes_costs_the_same_queries(estate, page):
    assert "CN-CY-2026-000001" in page("")
    assert count(page, "") == 6
    assert count(page, "before=CY-2027-000001") <= 8


def count(page, query: str) -> int:
    page(query)
    with CaptureQueriesContext(connection) as captured:
        page(query)
    return len(captured)


# With and without JavaScript


def test_a_filter_changes_list_and_sums_and_leaves_a_short_address(estate, page, client):
    headers = {"HX-Request": "true"}
    fragment = page("year=2026&car=&kind=&number=", **headers)
    assert numbers(fragment) == ["CN-CY-2026-000001", "CY-2026-000001"]
    assert "€20.00" in fragment
    assert "<html" not in fragment
    answer = client.get(f"{reverse('documents')}?year=2026&car=", headers=headers)
    assert answer["HX-Push-Url"] == f"{reverse('documents')}?year=2026"


def test_a_page_of_the_browsers_history_comes_whole(estate, page):
    assert "<html" in page("", **{"HX-Request": "true", "HX-History-Restore-Request": "true"})


def test_the_filter_keeps_what_was_chosen(estate, page):
    shown = page("year=2026&number=cy")
    assert '<option value="2026" selected>' in shown
    assert 'value="cy"' in shown


def test_nothing_fits_and_nothing_yet_are_two_answers(estate, stranger, page, client):
    assert "No document fits" in page("number=nothing")
    client.force_login(stranger)
    empty = client.get(reverse("documents")).content.decode()
    assert "After the first charge your invoice stands here." in empty
    assert "hx-get" not in empty
