"""The dealer's side of a booking, at the desk (G8, K1)."""

import re
from datetime import date, time, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import transaction
from django.urls import reverse

from accounts.models import Account, Notice
from garage.actions.leave import end_membership
from garage.actions.workshop import complete_booking, move_booking, note_arrival, refuse_booking
from garage.maintenance import open_recalls
from garage.models import Booking, Membership, RecallDone, RegistryEntry, ServiceRecord, Vehicle, WorkshopStaff
from garage.naming import known_plate, with_known_plate
from garage.notices.maintenance import remind_of_bookings
from garage.registry import get_registry
from garage.rules.bookings import State
from garage.rules.verification import OdometerReading
from portal.models import AuditRecord, StaffRead
from portal.roles import load_roles
from tests import make
from tests.refusing import refused
from tests.staff import sign_in_at_the_desk

NOW = make.NOW
AT_8 = make.TOMORROW_AT_8
THERE = AT_8 + timedelta(minutes=5)


@pytest.fixture
def shop(market):
    return make.workshop(market)


@pytest.fixture
def booking(car, shop):
    make.maintenance_plan(car.account.market)
    return make.booking(car, shop, words="It rattles.")


def employee(market, email, role, shop=None):
    load_roles()
    made = Account.objects.create_user(email, make.PASSWORD, market=market, is_staff=True)
    made.groups.add(Group.objects.get(name=role))
    if shop:
        WorkshopStaff.objects.create(account=made, workshop=shop)
    return made


@pytest.fixture
def mechanic(market, shop):
    return employee(market, "dealer@staff.example.com", "dealer", shop)


def told(change):
    return Notice.objects.filter(kind="service_booking", facts__change=change).count()


# What the dealer does


def test_G8_the_dealer_moves_a_booking_and_the_customer_is_told(booking, mechanic):
    moved = move_booking(booking=booking, starts_at=AT_8 + timedelta(hours=2), now=NOW, by=mechanic)
    assert (moved.starts_at, moved.revision, told("moved")) == (AT_8 + timedelta(hours=2), 1, 1)
    for starts_at in (AT_8 - timedelta(hours=1), NOW, AT_8 + timedelta(hours=3)):
        with refused("slot_taken"):
            move_booking(booking=booking, starts_at=starts_at, now=NOW, by=mechanic)


def test_G8_what_is_booked_is_moved_also_where_no_more_bookings_are_taken(desk, booking, shop):
    shop.takes_bookings = False
    shop.save(update_fields=["takes_bookings"])
    later = AT_8 + timedelta(days=1)
    assert desk.post(url(booking, "moving"), {"starts_at": later.isoformat()}).status_code == 302
    booking.refresh_from_db()
    assert booking.starts_at == later


def test_a_booking_is_not_moved_onto_another(booking, mechanic, shop):
    make.booking(make.active_car(booking.account, 2), shop, starts_at=AT_8 + timedelta(minutes=90))
    with refused("slot_taken"):
        move_booking(booking=booking, starts_at=AT_8 + timedelta(hours=1), now=NOW, by=mechanic)


def test_G8_refused_with_a_reason_the_bay_is_free(booking, mechanic, shop):
    assert refuse_booking(booking=booking, reason="No lift.", now=NOW, by=mechanic).state == State.REFUSED
    assert Notice.objects.get(facts__change="refused").facts["dealer_reason"] == "No lift."
    assert make.booking(make.active_car(booking.account, 2), shop).starts_at == AT_8
    with refused("booking_over"):
        note_arrival(booking=booking, now=THERE, by=mechanic)


def test_a_car_arrives_on_its_day_and_not_before(booking, mechanic):
    with refused("not_its_day"):
        note_arrival(booking=booking, now=NOW, by=mechanic)
    assert note_arrival(booking=booking, now=THERE, by=mechanic).arrived_at == THERE
    with refused("booking_over"):
        refuse_booking(booking=booking, reason="x", now=THERE, by=mechanic)


def complete(booking, by, now=THERE, **facts):
    wanted = {"odometer_km": 24_600, "items": ["service"], "works": ["Wipers"], "recalls": []}
    return complete_booking(booking=booking, now=now, by=by, **wanted | facts)


def test_G8_done_becomes_service_history_and_closes_recalls(booking, mechanic, car):
    recall = make.recall(car.account.market)
    note_arrival(booking=booking, now=THERE, by=mechanic)
    record = complete(booking, mechanic, recalls=[recall])
    booking.refresh_from_db()
    assert (record.is_own, record.dealer, record.works) == (False, booking.workshop.dealer, ["Wipers"])
    assert (booking.state, booking.record, told("done")) == (State.DONE, record, 1)
    assert RecallDone.objects.get().recall == recall
    assert not open_recalls(car.vehicle).exists()
    with refused("booking_over"):
        complete(booking, mechanic)


def test_the_registry_learns_the_reading_by_its_rules(booking, mechanic, car, deliver, clock):
    note_arrival(booking=booking, now=THERE, by=mechanic)
    complete(booking, mechanic)
    clock.now = THERE
    deliver()
    entry = RegistryEntry.objects.get(vin=car.vehicle.vin)
    assert (entry.odometer_km, entry.odometer_at) == (24_600, THERE)
    for km, later in ((24_599, 1), (30_000, -1)):
        reading = OdometerReading(km=km, taken_at=THERE + timedelta(hours=later))
        get_registry().take_readings({car.vehicle.vin: reading}, are_typed=True)
    entry.refresh_from_db()
    assert entry.odometer_km == 24_600


def test_a_reading_below_an_earlier_service_and_nothing_done_are_refused(booking, mechanic, car):
    make.dealers_record(car.vehicle, booking.workshop.dealer, odometer_km=30_000)
    note_arrival(booking=booking, now=THERE, by=mechanic)
    with refused("reading_does_not_fit"):
        complete(booking, mechanic)
    with refused("nothing_done"):
        complete(booking, mechanic, odometer_km=31_000, items=[], works=[])
    assert ServiceRecord.objects.count() == 1


def test_what_has_not_arrived_is_not_done(booking, mechanic):
    with refused("booking_over"), transaction.atomic():
        complete(booking, mechanic)


def test_the_day_before_whoever_booked_is_reminded_once(booking):
    for hours in (0, 1, 20):
        remind_of_bookings(now=NOW + timedelta(hours=hours))
    assert told("reminded") == 1


# At the desk


@pytest.fixture
def desk(client, mechanic):
    with time_machine.travel(NOW, tick=True):
        yield sign_in_at_the_desk(client, mechanic)


def url(booking, noun="change"):
    return reverse(f"admin:garage_booking_{noun}", args=[booking.pk])


def test_K1_a_dealer_sees_its_own_bookings_by_day_and_week(desk, booking, market):
    other = make.workshop(market, dealer=make.dealer(market, "elsewhere", name="Elsewhere Motors"))
    elsewhere = make.booking(make.active_car(make.account("b@example.com", market=market), 5), other)
    lists = reverse("admin:garage_booking_changelist")
    shown = {day: desk.get(lists, {"day": day}).content.decode() for day in ("today", "tomorrow", "week", "next")}
    assert {day: "KAA001" in text for day, text in shown.items()} == {
        "today": False,
        "tomorrow": True,
        "week": True,
        "next": False,
    }
    assert "KAA005" not in desk.get(lists).content.decode()
    assert desk.get(url(elsewhere)).status_code == 302
    assert desk.get(url(elsewhere, "refusal")).status_code == 404


def test_K1_a_dealers_role_without_a_dealer_sees_nothing_and_an_agent_reads_all(client, market, booking):
    with time_machine.travel(NOW, tick=True):
        lists = reverse("admin:garage_booking_changelist")
        for email, role, sees in (("a@s.example.com", "dealer", False), ("b@s.example.com", "agent", True)):
            desk = sign_in_at_the_desk(client, employee(market, email, role))
            assert ("KAA001" in desk.get(lists).content.decode()) is sees
        assert desk.get(url(booking, "refusal")).status_code == 403


def test_D4_a_booking_of_a_car_that_was_sold_shows_no_plate_of_the_next_owners(desk, booking, stranger):
    booked = booking.vehicle
    end_membership(Membership.objects.get(vehicle=booked), now=make.NOW, by=booking.account)
    Vehicle.objects.filter(pk=booked.pk).update(plate="NEW007")
    make.verified(stranger, booked)
    [row] = with_known_plate(Booking.objects.all())
    assert row.known_plate == known_plate(row.vehicle, row.account) == "KAA001"
    pages = desk.get(reverse("admin:garage_booking_changelist")).text + desk.get(url(booking)).text
    assert "KAA001" in pages
    assert "NEW007" not in pages


def test_the_desk_says_each_time_by_the_dealers_own_clock(desk, booking):
    pages = [desk.get(reverse("admin:garage_booking_changelist"))]
    pages += [desk.get(url(booking, noun)) for noun in ("change", "moving", "arrival", "refusal")]
    for page in pages:
        text = re.sub(r"<[^>]+>", " ", page.content.decode())
        assert "08:00" in text
        assert "05:00" not in text
    # The next day's first and last: the workshop opens at eight and takes nothing before.
    times = re.findall(r"<option[^>]*>[^<]*, (\d\d:\d\d)</option>", pages[2].content.decode())
    assert min(times) == "08:00"


def test_the_dealer_works_through_a_booking_at_the_desk(desk, booking, mechanic):
    page = desk.get(url(booking)).content.decode()
    assert all(words in page for words in ("It rattles.", "Arrived", "Move", "Refuse"))
    assert StaffRead.objects.filter(account=booking.account, by=mechanic).exists()
    assert "08:00" in desk.get(url(booking, "moving")).content.decode()
    later = AT_8 + timedelta(hours=1)
    assert desk.post(url(booking, "moving"), {"starts_at": later.isoformat()}).status_code == 302
    with time_machine.travel(later, tick=True):
        sign_in_at_the_desk(desk, mechanic)
        assert desk.post(url(booking, "arrival"), {"x": ""}).status_code == 302
        form = desk.get(url(booking, "completion")).content.decode()
        assert 'value="service"' in form
        assert "checked" in form
        bad = desk.post(url(booking, "completion"), {"reading": "many"}).content.decode()
        assert "whole kilometres" in bad
        desk.post(url(booking, "completion"), {"reading": "24600", "items": ["service"], "works": "Wipers"})
    assert Booking.objects.get().state == State.DONE
    assert ServiceRecord.objects.get().works == ["Wipers"]


def test_K1_the_dealers_pages_lead_to_none_that_it_may_not_open(desk, booking, mechanic, shop):
    note_arrival(booking=booking, now=THERE, by=mechanic)
    complete(booking, mechanic)
    pages = [desk.get(url(booking)), desk.get(reverse("admin:garage_workshop_change", args=[shop.pk]))]
    led = {path for page in pages for path in re.findall(r'href="(/admin/[^"?#]+)"', page.text)}
    assert len(led) > 5
    assert {path for path in led if desk.get(path).status_code != 200} == set()


def test_a_refusal_needs_a_reason_and_a_second_one_is_told_so(desk, booking):
    assert "This field is required" in desk.post(url(booking, "refusal"), {"reason": ""}).content.decode()
    desk.post(url(booking, "refusal"), {"reason": "No lift."})
    again = desk.post(url(booking, "refusal"), {"reason": "No lift."}, follow=True).content.decode()
    assert "does not stand any more" in again


def keep(desk, shop, noun, query="", **typed):
    page = reverse(f"admin:garage_workshop_{noun}", args=[shop.pk]) + query
    assert desk.get(page).status_code == 200
    answer = desk.post(page, typed)
    return "" if answer.status_code == 302 else answer.content.decode()


def test_G8_the_dealer_keeps_hours_and_closed_days(desk, shop):
    assert keep(desk, shop, "hours", day_0="08:00-12:00, 13:00-17:00", day_5="09:00 – 12:00", takes_bookings="on") == ""
    assert list(shop.openings.order_by("weekday", "opens").values_list("weekday", "opens")) == [
        (0, time(8)),
        (0, time(13)),
        (5, time(9)),
    ]
    for wrong in ("12:00-08:00", "8 to 12", "08:00-12:00, 11:00-13:00", "08:00Z-12:00"):
        assert "Like 08:00-12:00" in keep(desk, shop, "hours", day_0=wrong)
    assert keep(desk, shop, "closing", days="2026-12-24\n2026-12-25") == ""
    assert keep(desk, shop, "closing", days="2026-12-26") == ""
    assert list(shop.closed_days.values_list("on", flat=True)) == [date(2026, 12, 26)]
    assert "One day a line" in keep(desk, shop, "closing", days="Christmas")
    assert AuditRecord.objects.filter(what="workshop hours kept").exists()


def test_G8_the_dealer_keeps_bays_and_works_and_what_is_booked_stays(desk, shop, booking):
    assert keep(desk, shop, "bays", names="Left\nRight\n") == ""
    assert set(shop.bays.filter(is_active=True).values_list("name", flat=True)) == {"Left", "Right"}
    assert "At most 50 bays" in keep(desk, shop, "bays", names="x" * 41)
    typed = {"name_en": "Tyres and balance", "name_el": "Ελαστικά", "minutes": 75}
    assert keep(desk, shop, "work", "?code=tyres", **typed, is_active="on") == ""
    assert keep(desk, shop, "work", code="wash", **typed | {"minutes": 30}, is_active="on") == ""
    assert "30" in keep(desk, shop, "work", code="wash", **typed | {"minutes": 5})
    works = shop.works.order_by("position").values_list("code", "minutes", "is_active")
    assert list(works) == [("service", 90, True), ("tyres", 75, True), ("wash", 30, True)]
    booking.refresh_from_db()
    assert (booking.is_booked, booking.bay.is_active) == (True, False)
    page = desk.get(reverse("admin:garage_workshop_change", args=[shop.pk])).content.decode()
    assert "?code=wash" in page


def test_K1_a_dealer_does_not_reach_another_workshop(desk, market):
    other = make.workshop(market, dealer=make.dealer(market, "elsewhere"))
    assert desk.get(reverse("admin:garage_workshop_change", args=[other.pk])).status_code == 302


def test_the_customer_centre_reads_histories_plans_and_recalls_and_no_reading(client, market, booking, car):
    record = make.service_entry(car, odometer_km=23_456)
    recall = make.recall(market)
    pages = [("servicerecord", record.pk), ("recall", recall.pk), ("maintenanceplan", market.pk and None)]
    with time_machine.travel(NOW, tick=True):
        desk = sign_in_at_the_desk(client, employee(market, "agent@s.example.com", "agent"))
        for name, pk in pages:
            assert desk.get(reverse(f"admin:garage_{name}_changelist")).status_code == 200
            if pk:
                text = desk.get(reverse(f"admin:garage_{name}_change", args=[pk])).content.decode()
                assert not [figure for figure in ("23456", "23,456") if figure in text]
