"""The pages of driving and service as a screen reader meets them: names, tables, order (WCAG 1.3.1, 2.4.6, 4.1.2)."""

from datetime import timedelta
from itertools import pairwise

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from lxml import html

from tests import make
from tests.garage.driving import agree, driving_package, season

NOW = make.NOW


@pytest.fixture
def driven(market, files):
    """Forty days of trips, a service history, something due, a recall, a manual, an order."""
    begun = NOW - timedelta(days=41)
    driving_package(market)
    make.maintenance_plan(market)
    make.recall(market)
    owner = make.account("driver@example.com", market=market, now=begun)
    agree(owner, now=begun)
    car = make.active_car(owner, now=begun)
    season(car, now=NOW, days=40)
    make.dealers_record(car.vehicle, make.dealer(market))
    make.service_entry(car)
    make.manual(car.vehicle)
    return car


def read(client, url):
    response = client.get(url)
    assert response.status_code == 200, url
    return html.fromstring(response.content.decode())


def words(element):
    return " ".join(element.text_content().split())


def complaints(page):
    """What a reader would stumble over; empty on a page that reads well."""
    yield from headings(page)
    yield from tables(page)
    yield from (f"names nothing: {ref}" for ref in unnamed(page))
    yield from (f"a control without a label: {control.get('name')}" for control in unlabelled(page))
    yield from (f"a link without words to {link.get('href')}" for link in page.iter("a") if not name_of(link))
    yield from (f"two {each.get('id')}" for each in page.iter() if many(page, each))


def headings(page):
    levels = [int(each.tag[1]) for each in page.xpath("//main//*[self::h1 or self::h2 or self::h3 or self::h4]")]
    if levels[:1] != [1] or levels.count(1) != 1:
        yield f"headings begin {levels[:2]}"
    yield from (f"h{before} is followed by h{after}" for before, after in pairwise(levels) if after > before + 1)


def tables(page):
    for table in page.iter("table"):
        caption = table.find("caption")
        if caption is None or not words(caption):
            yield "a table without a caption"
        if not all(head.get("scope") for head in table.iter("th")):
            yield "a heading of a table without a scope"
        if not all(row.find("th") is not None for row in table.xpath("./tbody/tr")):
            yield "a row that is called nothing"


def unnamed(page):
    ids = {each.get("id") for each in page.iter()}
    for each in page.xpath("//*[@aria-labelledby or @aria-describedby]"):
        named = f"{each.get('aria-labelledby', '')} {each.get('aria-describedby', '')}".split()
        yield from (ref for ref in named if ref not in ids)


def unlabelled(page):
    labelled = {label.get("for") for label in page.iter("label")}
    for control in page.xpath("//main//input[not(@type='hidden')] | //main//select | //main//textarea"):
        if control.get("id") not in labelled and not control.get("aria-label") and not control.xpath("ancestor::label"):
            yield control


def name_of(link):
    return words(link) or link.get("aria-label")


def many(page, element):
    return element.get("id") and len(page.xpath("//*[@id=$id]", id=element.get("id"))) > 1


def test_the_pages_of_driving_and_service_read_well(driven):
    client = Client()
    client.force_login(driven.account)
    car, trip = driven.public_id, driven.account.control_periods.get().trips.latest("started_at").reported_id
    addresses = [
        *(reverse(name, args=[car]) for name in ("driving", "driving_trips", "driving_missing", "service", "manuals")),
        *(reverse(name, args=[car]) for name in ("vehicle_report", "booking_new", "service_entry_new", "vehicle")),
        reverse("driving_month", args=[car, "2026-05"]),
        reverse("driving_trip", args=[car, trip]),
        f"{reverse('driving_missing', args=[car])}?on=2026-06-08",
        reverse("delivery", args=[make.ordered_vehicle(driven.account).public_id]),
    ]
    with time_machine.travel(NOW, tick=False):
        found = {url: list(complaints(read(client, url))) for url in addresses}
    assert {url: said for url, said in found.items() if said} == {}


def test_the_graph_is_followed_by_the_table_that_says_the_same(driven):
    client = Client()
    client.force_login(driven.account)
    with time_machine.travel(NOW, tick=False):
        page = read(client, reverse("driving_month", args=[driven.public_id, "2026-05"]))
    (graph,) = page.xpath("//*[local-name()='svg'][@role='group']")
    bars = [words(bar) for bar in graph.xpath(".//*[local-name()='title']")]
    table = graph.xpath("following::table")[0]
    rows = [f"{words(row.find('th'))}: {words(row.find('td'))}" for row in table.xpath("./tbody/tr")]
    assert bars == rows
    assert words(table.find("caption")) == "Driving by day: May 2026"


def test_a_page_that_reads_badly_is_found():
    bad = (
        "<main><h2>x</h2><h4>y</h4><table><tbody><tr><td>1</td></tr></tbody></table><input name=q><a href=/></a></main>"
    )
    assert len(list(complaints(html.fromstring(bad)))) == 6
