"""The contact page: the market's channels, and whether somebody answers just now (H5)."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from tests.garage.cars import make_account, make_market

# In winter Nicosia is two hours ahead of UTC, in summer three.
CONTACT = {
    "telephone": "+357 22 000000",
    "email": "care@example.com",
    "address": {"en": "1 Sample Avenue, Nicosia", "el": "Λεωφόρος Δείγματος 1, Λευκωσία"},
    "hours": {"en": "Some words"},
    "languages": ["en", "el"],
    "openings": [{"days": [0, 1, 2, 3, 4], "opens": "08:00", "closes": "17:00"}],
    "holidays": ["2026-12-25"],
}


@pytest.fixture
def market(db):
    market = make_market()
    market.contact = CONTACT
    market.save(update_fields=["contact"])
    return market


def support(client, at="2026-12-22T10:00", language="en", page="contact"):
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    with translation.override(language), time_machine.travel(moment, tick=False):
        answer = client.get(reverse(page))
    assert answer.status_code == 200
    return answer.content.decode()


def test_H5_it_is_public_and_shows_each_channel(client, market):
    page = support(client)
    assert 'href="tel:+35722000000"' in page
    assert 'href="mailto:care@example.com"' in page
    assert "1 Sample Avenue, Nicosia" in page
    assert "English, Ελληνικά" in page


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        ("2026-12-22T06:00", "Open now, until 17:00"),
        ("2026-12-22T05:59", "Closed now, opens today at 08:00"),
        ("2026-06-22T05:00", "Open now, until 17:00"),
        ("2026-12-22T15:00", "Closed now, opens tomorrow at 08:00"),
        ("2026-12-24T15:00", "Closed now, opens on Monday 28 December at 08:00"),
        ("2026-12-25T10:00", "Closed now, opens on Monday 28 December at 08:00"),
    ],
)
def test_H5_open_now_goes_by_the_markets_clock_and_holidays(client, market, at, sentence):
    assert sentence in support(client, at)


def test_H5_today_and_the_holidays_ahead_are_marked(client, market):
    page = support(client)
    assert "Tuesday (today)" in page
    assert "08:00 to 17:00" in page
    assert "25 December 2026" in page
    assert "Some words" not in page


def test_on_a_holiday_the_day_is_closed_in_the_table_too(client, market):
    page = support(client, "2026-12-25T10:00")
    assert "Closed, it is a holiday" in page
    assert page.count("08:00 to 17:00") == 4


def test_without_openings_the_hours_are_told_as_they_were_written(client, market):
    market.contact = {key: CONTACT[key] for key in ("telephone", "hours")}
    market.save(update_fields=["contact"])
    page = support(client)
    assert "Some words" in page
    assert "now" not in page.split('id="channels-title"')[1].split("</section>")[0]


def test_a_market_without_any_channel_still_has_the_page(client, db):
    make_market()
    assert "Write a message" in support(client)
    assert "tasks-title" in support(client, page="support")


def test_the_commonest_tasks_are_links_and_the_page_itself_is_none(client, market):
    page = support(client, page="support").split('id="tasks-title">')[1].split("</section>")[0]
    with translation.override("en"):
        assert f'href="{reverse("documents")}"' in page
        assert f'href="{reverse("support")}"' not in page


def test_only_who_is_signed_out_is_helped_to_sign_in(client, market):
    assert "I have forgotten my password" in support(client, page="support")
    with time_machine.travel(datetime(2026, 12, 22, tzinfo=UTC)):
        client.force_login(make_account("anna@example.com", market))
    assert "I have forgotten my password" not in support(client, page="support")


def test_the_address_is_in_the_readers_language(client, market):
    assert "Λεωφόρος Δείγματος 1" in support(client, language="el")


@pytest.mark.parametrize(
    ("at", "seconds"),
    [
        ("2026-12-22T10:00", 300),
        # Closes at 15:00 by this clock, opens at 6:00, and the day is over at 22:00.
        ("2026-12-22T14:58", 120),
        ("2026-12-22T05:59:30", 30),
        ("2026-12-22T21:59", 60),
        ("2026-12-25T10:00", 300),
    ],
)
@pytest.mark.parametrize("page", ["contact", "support"])
def test_H5_a_proxy_keeps_open_now_no_longer_than_it_is_so(client, market, page, at, seconds):
    with time_machine.travel(datetime.fromisoformat(at).replace(tzinfo=UTC), tick=False):
        answer = client.get(reverse(page))
    assert set(answer["Cache-Control"].split(", ")) == {"public", f"max-age={seconds}"}
    assert not answer.cookies
    assert "csrfmiddlewaretoken" not in answer.content.decode()


def test_H5_the_footer_of_every_page_names_the_channels(client, market):
    foot = support(client, page="prices").split("<footer")[1]
    assert 'href="tel:+35722000000"' in foot
    assert 'href="mailto:care@example.com"' in foot
    with translation.override("en"):
        assert reverse("contact") in foot
