"""The calendar's private address: made, renewed, ended; and the feed that programs read there."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import get_language
from icalendar import Calendar

from accounts import calendar
from accounts.actions.calendar import make_address
from accounts.calendar import Day, address_of, hash_of, token_of
from accounts.models import CalendarFeed
from portal.models import AuditRecord

PAGE = "calendar"


@pytest.fixture
def dates(monkeypatch):
    """What an app above would register; a test fills it."""
    given: list[Day] = []
    monkeypatch.setattr(calendar, "EVENTS", [lambda account, now: given])
    return given


@pytest.fixture
def feed(member, moment, dates):
    with time_machine.travel(moment, tick=False):
        yield make_address(account=member, now=moment, by=member)


def path_of(feed):
    return address_of(feed).removeprefix("http://localhost:8000")


def read(client, feed):
    answer = client.get(path_of(feed))
    assert answer.status_code == 200
    return Calendar.from_ical(answer.content)


def test_the_address_is_made_on_its_page_and_shown_there(member_client, member, dates):
    assert "There is no address yet" in member_client.get(reverse(PAGE)).text
    member_client.post(reverse(PAGE))
    page = member_client.get(reverse(PAGE)).text
    address = address_of(CalendarFeed.objects.get(account=member))
    assert f">{address}</code>" in page
    assert f'href="webcal://{address.removeprefix("http://")}"' in page


def test_the_address_is_not_in_the_database(member, feed):
    token = token_of(feed.key)
    assert len(token) >= 43
    assert token not in str(CalendarFeed.objects.values())
    assert feed.token_hash == hash_of(token)
    assert token not in str(AuditRecord.objects.values())


def test_a_renewed_address_kills_the_old_one(member_client, client, feed):
    old = path_of(feed)
    assert client.get(old).status_code == 200
    member_client.post(reverse(PAGE))
    assert client.get(old).status_code == 404
    feed.refresh_from_db()
    assert client.get(path_of(feed)).status_code == 200


def test_an_ended_address_answers_as_one_that_never_was(member_client, client, feed):
    for _twice in range(2):
        assert member_client.post(reverse("calendar_end"))["Location"] == reverse(PAGE)
    assert client.get(path_of(feed)).status_code == client.get("/calendar/nonsense.ics").status_code == 404
    made = AuditRecord.objects.filter(what__startswith="calendar").order_by("pk")
    assert [record.what for record in made] == ["calendar made", "calendar ended"]


def test_the_address_of_a_closed_account_is_dead(client, member, feed):
    member.is_active = False
    member.save(update_fields=["is_active"])
    assert client.get(path_of(feed)).status_code == 404


def test_after_a_change_of_the_sites_secret_the_address_works_and_a_new_one_is_offered(member_client, feed, settings):
    path = path_of(feed)
    settings.SECRET_KEY = "another secret that is long enough for everything that is signed"
    feed.refresh_from_db()
    assert address_of(feed) == ""
    assert member_client.get(path).status_code == 200


def test_the_feed_has_whole_days_with_lasting_ids(client, dates, feed):
    dates.append(Day("charge-1-ab", date(2026, 4, 10), "Charge of €99.00: Navigation (Kitty)", "Words.", "/en/garage/"))
    made = read(client, feed)
    [event] = made.walk("VEVENT")
    assert made["VERSION"] == "2.0"
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (date(2026, 4, 10), date(2026, 4, 11))
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert event["SUMMARY"] == "Charge of €99.00: Navigation (Kitty)"
    assert event["UID"] == "charge-1-ab@localhost"
    assert "http://localhost:8000/en/garage/" in event["DESCRIPTION"]
    assert read(client, feed).walk("VEVENT")[0]["UID"] == event["UID"]


def test_words_of_a_customer_become_no_lines_of_the_feed(client, dates, feed):
    dates.append(Day("a", date(2026, 4, 10), "Kitty\r\nEND:VEVENT\r\nBEGIN:VALARM", "x;y,z\\", "/"))
    [event] = read(client, feed).walk("VEVENT")
    assert "END:VEVENT" in event["SUMMARY"]
    assert not read(client, feed).walk("VALARM")


def test_what_is_past_by_the_markets_clock_is_left_out(client, dates, feed, moment):
    dates += [Day("a", date(2026, 3, 9), "yesterday", "", "/"), Day("b", date(2026, 3, 10), "today", "", "/")]
    assert [event["SUMMARY"] for event in read(client, feed).walk("VEVENT")] == ["today"]
    # 22:30 in London is the next day in Nicosia.
    with time_machine.travel(datetime(2026, 3, 10, 22, 30, tzinfo=moment.tzinfo), tick=False):
        assert not read(client, feed).walk("VEVENT")


def test_the_feed_speaks_the_language_of_its_account(client, member, feed, monkeypatch):
    monkeypatch.setattr(
        calendar, "EVENTS", [lambda account, now: [Day("a", date(2026, 5, 1), get_language(), "", "/")]]
    )
    member.language = "el"
    member.save(update_fields=["language"])
    assert read(client, feed).walk("VEVENT")[0]["SUMMARY"] == "el"


def test_who_has_the_newest_is_told_so(client, dates, feed):
    first = client.get(path_of(feed))
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert first["Cache-Control"] == "private, max-age=3600"
    assert not first.cookies
    again = client.get(path_of(feed), headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["Cache-Control"]) == (304, b"", "private, max-age=3600")
    dates.append(Day("a", date(2026, 4, 1), "new", "", "/"))
    assert client.get(path_of(feed), headers={"if-none-match": first["ETag"]}).status_code == 200


def test_a_feed_is_read_sixty_times_an_hour_and_no_more(client, feed, moment):
    answers = [client.get(path_of(feed)).status_code for _ in range(61)]
    assert answers == [200] * 60 + [429]
    with time_machine.travel(moment + timedelta(hours=1), tick=False):
        assert client.get(path_of(feed)).status_code == 200


def test_whoever_guesses_addresses_is_stopped_and_nobody_else(client, feed):
    answers = [client.get(f"/calendar/guess{n}.ics").status_code for n in range(31)]
    assert answers == [404] * 30 + [429]
    assert client.get(path_of(feed)).status_code == 200
    cache.clear()


@pytest.mark.parametrize("proxies", [0, 1])
def test_a_forwarded_address_counts_only_as_far_as_a_proxy_of_ours_has_written_it(client, market, settings, proxies):
    """ASVS 4.1.3, 15.3.4: what a caller writes in front of it makes no other caller of it."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    answers = [
        client.get(f"/calendar/guess{n}.ics", headers={"X-Forwarded-For": f"198.51.100.{n}, 203.0.113.7"}).status_code
        for n in range(31)
    ]
    assert answers == [404] * 30 + [429]
