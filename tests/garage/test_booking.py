"""Booking a service at a dealer: free times, changes until the day before, mail with calendar file (G8)."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from icalendar import Calendar
from psycopg.types.range import TimestamptzRange

from accounts.actions.dealers import prefer_dealer
from accounts.calendar import days_of
from accounts.models import Notice
from accounts.notices import texts as notice_texts
from garage.actions.bookings import cancel_booking, change_booking
from garage.actions.drivers import accept_driving, invite_driver
from garage.actions.leave import end_membership
from garage.models import Bay, Booking, ClosedDay, OfferedWork, Workshop
from garage.notices.bookings import calendar_of, calendar_of_notice
from garage.rules.bookings import State
from garage.rules.membership import Standing
from garage.workshops import free_days
from subscriptions.actions.closing import close, closing_quote
from tests import make
from tests.meta.test_layout import ROOT
from tests.refusing import refused

NOW = make.NOW
# A Thursday; it opens at 8 in Nicosia.
AT_8 = make.TOMORROW_AT_8
HALF_HOUR = timedelta(minutes=30)
THE_DAY_BEFORE = datetime(2026, 6, 10, 20, 59, tzinfo=UTC)
FILE = ROOT / "portal" / "data" / "lexus_cy" / "workshops.yaml"
DEALERS = ROOT / "portal" / "data" / "lexus_cy" / "dealers.yaml"


@pytest.fixture
def shop(market):
    return make.workshop(market)


def another_car(car, number=2):
    return make.active_car(car.account, number)


def starts(shop, *, minutes=90, now=NOW, first=date.min):
    days = free_days(shop, length=timedelta(minutes=minutes), first=first, now=now)
    return {day.on: [start.astimezone(shop.dealer.zone).strftime("%H:%M") for start in day.starts] for day in days}


# Free times


def test_G8_free_times_are_those_in_which_the_works_fit(shop):
    free = starts(shop)
    assert list(free)[:2] == [date(2026, 6, 11), date(2026, 6, 12)]
    assert free[date(2026, 6, 11)] == ["08:00", "08:30", "09:00", "09:30", "10:00", "10:30"]


def test_a_booked_time_is_free_no_more_and_a_cancelled_one_again(car, shop):
    booking = make.booking(car, shop)
    assert starts(shop)[date(2026, 6, 11)] == ["09:30", "10:00", "10:30"]
    cancel_booking(booking=booking, now=NOW, by=car.account)
    assert "08:00" in starts(shop)[date(2026, 6, 11)]


def test_closed_days_and_weekends_are_left_out_and_the_days_have_an_end(shop):
    ClosedDay.objects.create(workshop=shop, on=date(2026, 6, 11))
    assert list(starts(shop))[:2] == [date(2026, 6, 12), date(2026, 6, 15)]
    assert max(starts(shop, first=date(2026, 8, 7))) == date(2026, 8, 7)
    assert starts(shop, first=date(2026, 9, 1)) == {}


def test_a_workshop_without_bays_has_no_time(shop):
    Bay.objects.update(is_active=False)
    assert set(map(tuple, starts(shop).values())) == {()}


# Booking


@pytest.mark.parametrize(
    "starts_at",
    [
        AT_8 + timedelta(minutes=10),
        AT_8 - HALF_HOUR,
        # It would not be ready before closing.
        AT_8 + timedelta(hours=3),
        # Today, a Saturday, and too far ahead.
        NOW,
        AT_8 + timedelta(days=2),
        AT_8 + timedelta(days=63),
    ],
)
def test_what_is_not_offered_cannot_be_booked(car, shop, starts_at):
    with refused("slot_taken"):
        make.booking(car, shop, starts_at=starts_at)


def test_G8_never_two_cars_in_one_bay_and_a_second_bay_takes_a_second_car(car, shop):
    make.booking(car, shop)
    with refused("slot_taken"):
        make.booking(another_car(car), shop, starts_at=AT_8 + HALF_HOUR)
    Bay.objects.create(workshop=shop, name="Another")
    assert make.booking(another_car(car, 3), shop).bay.name == "Another"


def test_G8_the_database_itself_refuses_two_bookings_of_one_bay(car, shop):
    first, second = make.booking(car, shop), make.booking(another_car(car), shop, starts_at=AT_8 + 3 * HALF_HOUR)
    overlapping = TimestamptzRange(first.starts_at + HALF_HOUR, second.ends_at)
    with pytest.raises(IntegrityError, match="booking_one_car_in_a_bay"), transaction.atomic():
        Booking.objects.filter(pk=second.pk).update(period=overlapping)


def test_a_car_is_not_at_two_dealers_at_once(car, shop, market):
    make.booking(car, shop)
    elsewhere = make.workshop(market, dealer=make.dealer(market, "elsewhere"))
    with refused("slot_taken"):
        make.booking(car, elsewhere, starts_at=AT_8 + HALF_HOUR)


def test_works_that_are_not_offered_any_more_and_a_fourth_booking_are_refused(car, shop):
    OfferedWork.objects.filter(code="tyres").update(is_active=False)
    for codes in ([], ["tyres"], ["service", "unknown"]):
        with refused("works_unknown"):
            make.booking(car, shop, codes=codes)
    for day in range(4, 7):
        make.booking(car, shop, starts_at=AT_8 + timedelta(days=day))
    with refused("too_many_bookings"):
        make.booking(car, shop)


def test_a_workshop_that_takes_no_bookings_refuses(car, shop):
    Workshop.objects.update(takes_bookings=False)
    with refused("workshop_closed"):
        make.booking(car, shop)


def test_what_was_booked_stands_as_it_was_offered(car, shop):
    booking = make.booking(car, shop, words="It rattles.")
    OfferedWork.objects.update(minutes=600, names={"en": "Other"})
    booking.refresh_from_db()
    assert (booking.work_names("en"), booking.words) == (["Yearly service"], "It rattles.")
    assert booking.ends_at - booking.starts_at == timedelta(minutes=90)


# Changing and cancelling


def change(booking, by, **facts):
    wanted = {"codes": ["tyres"], "starts_at": AT_8 + timedelta(days=1), "words": "Later.", "now": NOW}
    return change_booking(booking=booking, by=by, **wanted | facts)


def test_G8_a_booking_is_changed_and_its_old_time_is_free(car, shop):
    changed = change(make.booking(car, shop), car.account)
    assert (changed.starts_at, changed.words, changed.work_names("en")) == (
        AT_8 + timedelta(days=1),
        "Later.",
        ["Tyres"],
    )
    assert make.booking(another_car(car), shop).starts_at == AT_8


def test_a_change_may_overlap_the_time_that_it_gives_up(car, shop):
    booking = make.booking(car, shop)
    assert change(booking, car.account, starts_at=AT_8 + HALF_HOUR).starts_at == AT_8 + HALF_HOUR


def test_a_change_to_a_taken_time_loses_nothing(car, shop):
    booking = make.booking(car, shop)
    make.booking(another_car(car), shop, starts_at=AT_8 + timedelta(days=1))
    with refused("slot_taken"):
        change(booking, car.account)
    booking.refresh_from_db()
    assert (booking.starts_at, booking.is_booked) == (AT_8, True)


def test_G8_until_the_day_before_and_not_on_the_day_itself(car, shop):
    booking = make.booking(car, shop)
    on_the_day = THE_DAY_BEFORE + timedelta(minutes=1)
    with refused("too_late"):
        cancel_booking(booking=booking, now=on_the_day, by=car.account)
    with refused("too_late"):
        change(booking, car.account, now=on_the_day)
    assert cancel_booking(booking=booking, now=THE_DAY_BEFORE, by=car.account).state == State.CANCELLED
    with refused("booking_over"):
        cancel_booking(booking=booking, now=THE_DAY_BEFORE, by=car.account)


def test_only_who_booked_changes_and_cancels(car, shop, stranger):
    booking = make.booking(car, shop)
    with refused("booking_over"):
        cancel_booking(booking=booking, now=NOW, by=stranger)


def test_a_car_that_leaves_the_garage_takes_its_bookings_along(car, shop):
    booking = make.booking(car, shop)
    end_membership(car, now=NOW, by=car.account)
    booking.refresh_from_db()
    assert booking.state == State.CANCELLED
    assert Notice.objects.filter(kind="service_booking", facts__change="cancelled").exists()


def test_G8_what_is_booked_is_cancelled_also_where_the_dealer_takes_no_more_bookings(car, shop):
    booking = make.booking(car, shop)
    Workshop.objects.update(takes_bookings=False)
    assert cancel_booking(booking=booking, now=NOW, by=car.account).state == State.CANCELLED


def test_A6_what_was_written_to_the_dealer_goes_with_the_account(car, shop, owner):
    booking = make.booking(car, shop, words="Please call 99 000000.")
    close(account=owner, confirmed=closing_quote(owner, now=NOW), now=NOW, by=owner)
    booking.refresh_from_db()
    assert (booking.state, booking.words) == (State.CANCELLED, "")


# Told


def test_G8_a_mail_with_a_calendar_file_goes_out_and_later_ones_overwrite_it(car, shop, deliver):
    booking = make.booking(car, shop, words="It rattles.")
    change(booking, car.account)
    cancel_booking(booking=booking, now=NOW, by=car.account)
    deliver()
    booked, changed, cancelled = [message for message in mail.outbox if message.attachments]
    assert "Thursday" not in booked.body
    assert "11 June 2026, 08:00" in booked.body
    events = [Calendar.from_ical(message.attachments[0][1]) for message in (booked, changed, cancelled)]
    read = [(str(each["METHOD"]), int(each.walk("VEVENT")[0]["SEQUENCE"])) for each in events]
    assert read == [("PUBLISH", 0), ("PUBLISH", 1), ("CANCEL", 2)]
    assert len({str(each.walk("VEVENT")[0]["UID"]) for each in events}) == 1
    first, second = (each.walk("VEVENT")[0].decoded("DTSTART") for each in events[:2])
    assert (first, second) == (AT_8, AT_8 + timedelta(days=1))


def test_neither_plate_nor_vin_is_in_the_calendar_file(car, shop):
    booking = make.booking(car, shop)
    told = Notice.objects.get(kind="service_booking")
    for content in (calendar_of(booking), calendar_of_notice(told)[0][1]):
        assert car.vehicle.vin not in content.decode()
        assert car.vehicle.plate not in content.decode()


def test_a_booking_stands_in_the_calendar_feed(car, shop):
    make.booking(car, shop)
    [day] = [day for day in days_of(car.account, now=NOW) if day.key.startswith("booking-")]
    assert (day.on, day.title) == (date(2026, 6, 11), "08:00 service at Sample Motors Nicosia")


@pytest.mark.parametrize("language", ["en", "el"])
def test_each_change_is_told_in_its_own_words(car, shop, language):
    make.booking(car, shop)
    notice = Notice.objects.get(kind="service_booking")
    said = set()
    with translation.override(language):
        for change_ in ("booked", "changed", "moved", "refused", "cancelled", "reminded", "done"):
            notice.facts["change"] = change_
            said.add(notice_texts.subject(notice) + notice_texts.body(notice))
    assert len(said) == 7


# The pages


def ask(client, account, url, **typed):
    client.force_login(account)
    with time_machine.travel(NOW, tick=False):
        return client.post(url, typed) if typed else client.get(url)


def new(car, query=""):
    return reverse("booking_new", args=[car.public_id]) + query


def test_the_way_through_the_pages(client, car, shop):
    prefer_dealer(account=car.account, dealer=shop.dealer, now=NOW, by=car.account)
    assert "Nicosia: Sample Motors Nicosia" in ask(client, car.account, new(car)).content.decode()
    chosen = f"?dealer={shop.public_id}"
    works = ask(client, car.account, new(car, chosen)).content.decode()
    assert "Yearly service (1 h 30 min)" in works
    assert "Tyres (1 hour)" in works
    assert "Please choose at least one work" in ask(client, car.account, new(car, f"{chosen}&since=")).content.decode()
    times = ask(client, car.account, new(car, f"{chosen}&works=service&since=2026-06-11")).content.decode()
    assert '<optgroup label="11 June 2026">' in times
    assert "Later days" in times
    answer = ask(
        client, car.account, new(car, f"{chosen}&works=service"), starts_at=AT_8.isoformat(), words="It rattles."
    )
    booking = Booking.objects.get()
    assert answer["Location"] == reverse("booking", args=[booking.public_id])
    page = ask(client, car.account, answer["Location"]).content.decode()
    assert "11 June 2026, 08:00" in page
    assert "It rattles." in page
    assert (
        "Sample Motors Nicosia" in ask(client, car.account, reverse("service", args=[car.public_id])).content.decode()
    )


def test_a_time_that_is_gone_is_refused_and_the_words_stay(client, car, shop):
    make.booking(another_car(car), shop)
    url = new(car, f"?dealer={shop.public_id}&works=service")
    said = ask(client, car.account, url, starts_at=AT_8.isoformat(), words="It rattles.").content.decode()
    assert "This time is not free any more." in said
    assert "It rattles." in said
    assert "Please choose a time." in ask(client, car.account, url, words="x").content.decode()


def test_looking_at_later_days_takes_the_words_along(client, car, shop):
    query = f"?dealer={shop.public_id}&works=service"
    typed = {"look": "later", "words": "It rattles."}
    later = ask(client, car.account, new(car, f"{query}&since=2026-06-19"), **typed).content.decode()
    assert '<optgroup label="19 June 2026">' in later
    assert "It rattles.</textarea>" in later
    assert "Please choose a time." not in later
    Bay.objects.update(is_active=False)
    none = ask(client, car.account, new(car, f"{query}&since=2026-06-19"), **typed).content.decode()
    assert '<input type="hidden" name="words" value="It rattles.">' in none
    assert not Booking.objects.exists()


def test_choosing_other_works_takes_the_words_along_but_not_to_another_car(client, car, shop):
    chosen, other = f"?dealer={shop.public_id}", another_car(car)
    client.force_login(car.account)
    with time_machine.travel(NOW, tick=False):
        typed = {"look": "works", "words": "It rattles. 4242424242424242"}
        answer = client.post(new(car, f"{chosen}&works=service"), typed)
        assert answer["Location"] == new(car, chosen)
        times = client.get(new(car, f"{chosen}&works=tyres")).text
        assert "It rattles." not in client.get(new(other, f"{chosen}&works=tyres")).text
    assert "It rattles." in times
    assert "4242424242424242" not in times


def test_changing_and_cancelling_on_the_pages(client, car, shop):
    booking = make.booking(car, shop)
    url = reverse("booking_change", args=[booking.public_id])
    works = ask(client, car.account, url).content.decode()
    assert "checked" in works
    assert 'value="2026-06-11"' in works
    times = ask(client, car.account, f"{url}?works=service&since=2026-06-11").content.decode()
    assert f'<option value="{AT_8.isoformat()}" selected>Thu 11 June, 08:00</option>' in times
    later = AT_8 + timedelta(days=1)
    assert ask(client, car.account, f"{url}?works=tyres", starts_at=later.isoformat(), words="").status_code == 302
    booking.refresh_from_db()
    assert booking.starts_at == later
    client.force_login(car.account)
    with time_machine.travel(NOW, tick=False):
        client.post(reverse("booking_cancellation", args=[booking.public_id]))
        client.post(reverse("booking_cancellation", args=[booking.public_id]))
        # What is over leads on to a new one.
        over = client.get(reverse("booking", args=[booking.public_id])).content.decode()
        assert reverse("booking_new", args=[car.public_id]) in over
    booking.refresh_from_db()
    assert booking.state == State.CANCELLED
    assert ask(client, car.account, url)["Location"] == reverse("booking", args=[booking.public_id])


def test_where_no_dealer_takes_bookings_the_page_says_so(client, car):
    assert "No dealer takes bookings here yet" in ask(client, car.account, new(car)).content.decode()


def test_where_no_time_is_free_the_page_says_so(client, car, shop):
    Bay.objects.update(is_active=False)
    query = f"?dealer={shop.public_id}&works=service"
    assert "No time is free in these days" in ask(client, car.account, new(car, query)).content.decode()
    last = ask(client, car.account, new(car, f"{query}&since=2026-08-07")).content.decode()
    assert "Please choose an earlier day" in last


def test_the_twenty_first_try_of_an_hour_is_too_many(client, car, shop):
    make.booking(another_car(car), shop)
    url = new(car, f"?dealer={shop.public_id}&works=tyres")
    for _ in range(21):
        said = ask(client, car.account, url, starts_at=(AT_8 + 3 * HALF_HOUR).isoformat(), words="").content.decode()
        Booking.objects.filter(vehicle=car.vehicle).delete()
    assert "Too many tries within an hour" in said


def test_the_calendar_file_is_there_for_who_booked(client, car, shop, stranger):
    url = reverse("booking_calendar", args=[make.booking(car, shop).public_id])
    answer = ask(client, car.account, url)
    assert answer["Content-Type"].startswith("text/calendar")
    assert b"DTSTART:20260611T050000Z" in answer.content
    assert ask(client, stranger, url).status_code == 404


def test_G11_drivers_and_verified_accounts_book_and_see_that_another_account_has(client, car, shop, market):
    driver, proved, unproved = (make.account(f"{n}@example.com", market=market) for n in "abc")
    access = invite_driver(membership=car, email=driver.email, last_on=None, now=NOW, by=car.account)
    link = accept_driving(access=access, now=NOW, by=driver)
    assert link.standing is Standing.INVITED
    make.booking(link, shop, words="Private.")
    beside = make.verified(proved, car.vehicle)
    for each in (car, beside):
        said = ask(client, each.account, reverse("service", args=[each.public_id])).content.decode()
        assert "booked by another account" in said
        assert "Private." not in said
    locked_out = make.linked(unproved, car.vehicle)
    assert ask(client, unproved, new(locked_out)).status_code == 302
    with refused("no_access"):
        make.booking(locked_out, shop, starts_at=AT_8 + timedelta(days=1))


# The file


def test_the_file_begins_workshops_and_then_leaves_them_to_their_dealers(market, capsys):
    call_command("load_dealers", str(DEALERS), verbosity=0)
    call_command("load_workshops", str(FILE))
    OfferedWork.objects.filter(code="tyres").update(minutes=45)
    call_command("load_workshops", str(FILE))
    assert "3 begun, 0 kept" in (said := capsys.readouterr().out)
    assert "0 begun, 3 kept" in said
    assert set(OfferedWork.objects.filter(code="tyres").values_list("minutes", flat=True)) == {45}
    assert Workshop.objects.get(dealer__code="sample-nicosia").spans_on(date(2026, 12, 25)) == []


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("market: CY", "market: XX", "there is no such market"),
        ("dealer: sample-limassol", "dealer: nobody", "which is no dealer of this market"),
        ("dealer: sample-limassol", "dealer: sample-nicosia", "sample-nicosia stands there twice"),
        ('minutes: "90"', 'minutes: "9"', "whole number from 30"),
    ],
)
def test_what_is_wrong_in_the_file_is_said(market, tmp_path, old, new, sentence):
    call_command("load_dealers", str(DEALERS), verbosity=0)
    broken = tmp_path / "broken.yaml"
    broken.write_text(FILE.read_text().replace(old, new, 1))
    with pytest.raises(CommandError, match=sentence):
        call_command("load_workshops", str(broken))
    assert not Workshop.objects.exists()
