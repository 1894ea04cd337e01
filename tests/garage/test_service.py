"""A car's service page, its history and the owner's own entries (G8, G11, D4)."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse

from garage.actions.drivers import accept_driving, invite_driver
from garage.actions.leave import end_membership
from garage.actions.service_history import (
    change_service_entry,
    delete_service_entry,
    enter_service,
    forget_who_entered,
)
from garage.data import service as service_data
from garage.maintenance import histories_of, open_recalls
from garage.models import MaintenanceItem, MaintenancePlan, Recall, RecallDone, RegistryEntry, ServiceRecord
from garage.own_time import own_time
from tests import make
from tests.meta.test_layout import ROOT
from tests.refusing import assert_append_only, refused

NOW = make.NOW
TODAY = NOW.date()
FILE = ROOT / "portal" / "data" / "lexus_cy" / "maintenance.yaml"


@pytest.fixture
def plan(market):
    return make.maintenance_plan(market)


@pytest.fixture
def dealer(market):
    return make.dealer(market)


def page(client, link, name="service", *more):
    client.force_login(link.account)
    with time_machine.travel(NOW, tick=False):
        return client.get(reverse(name, args=[link.public_id, *more]))


def text(client, link):
    return page(client, link).content.decode()


def post(client, link, name, *more, **typed):
    client.force_login(link.account)
    with time_machine.travel(NOW, tick=False):
        return client.post(reverse(name, args=[link.public_id, *more]), typed)


# The page


def test_G8_the_page_says_what_is_due_by_date_and_by_distance(client, car, plan, dealer):
    make.dealers_record(car.vehicle, dealer)
    said = text(client, car)
    assert "2 March 2027 or at 35,000 km, whichever comes first" in said
    assert "Last done on 2 March 2026." in said
    # Two years from 15 March 2018, and never done since.
    assert "15 March 2020" in said
    assert "Last reading of the odometer: 24,500 km" in said


def test_G8_warranty_and_anniversary_stand_there(client, car, plan):
    said = text(client, car)
    assert "14 March 2021 or at 100,000 km, whichever comes first" in said
    assert "15 March 2027: 9 years" in said


def test_G8_a_dealers_record_has_its_name_and_an_own_entry_is_marked(client, car, plan, dealer):
    make.dealers_record(car.vehicle, dealer)
    make.service_entry(car, done_on=TODAY, odometer_km=24_000)
    said = text(client, car)
    assert "Sample Motors Nicosia" in said
    assert "Your own entry" in said
    assert "New tyres" in said


def test_G8_open_recalls_are_shown_until_they_are_done(client, car, market):
    for_model, of_vin = make.recall(market), make.recall(market, code="B", for_models=[], vins=[car.vehicle.vin])
    make.recall(market, code="C", for_models=["LC 500"])
    make.recall(market, code="D", is_active=False)
    assert set(open_recalls(car.vehicle)) == {for_model, of_vin}
    assert "Open recall: Bracket of the cable" in text(client, car)
    for recall in (for_model, of_vin):
        RecallDone.objects.create(recall=recall, vehicle=car.vehicle, done_on=TODAY)
    assert "No recall is open for this car." in text(client, car)


def test_G11_drivers_and_verified_accounts_see_the_page_and_no_reading_that_would_prove_access(
    client, car, market, plan, dealer
):
    make.dealers_record(car.vehicle, dealer, done_on=TODAY, odometer_km=24_490)
    driver, proved, unproved = (make.account(f"{n}@example.com", market=market) for n in "abc")
    access = invite_driver(membership=car, email=driver.email, last_on=None, now=NOW, by=car.account)
    for link in (accept_driving(access=access, now=NOW, by=driver), make.verified(proved, car.vehicle)):
        said = text(client, link)
        assert "about 24,000 km" in said
        assert not [figure for figure in ("24,490", "24,500", "39,490") if figure in said]
        assert "Add an entry" not in said
    assert page(client, make.linked(unproved, car.vehicle)).status_code == 302


def test_a_car_without_a_plan_or_a_start_says_so(client, owner):
    car = make.active_car(owner, warranty_start=None, powertrain="electric")
    said = text(client, car)
    assert "There is no maintenance plan for this model here." in said
    assert "The start of the warranty is not known." in said


def test_the_page_asks_the_database_as_often_for_a_long_history(
    client, car, plan, dealer, django_assert_max_num_queries
):
    for number in range(30):
        make.dealers_record(car.vehicle, dealer, odometer_km=20_000 + number)
    client.force_login(car.account)
    with time_machine.travel(NOW, tick=False), django_assert_max_num_queries(18):
        client.get(reverse("service", args=[car.public_id]))


# Own entries


TYPED = {"done_on": "2026-03-02", "reading": "21 000", "items": ["service"], "works": "Tyres\n\n  Wipers "}


def test_an_entry_is_added_changed_and_deleted(client, car, plan):
    assert post(client, car, "service_entry_new", **TYPED).status_code == 302
    record = ServiceRecord.objects.get()
    assert (record.odometer_km, record.items, record.works) == (21_000, ["service"], ["Tyres", "Wipers"])
    assert (record.is_own, record.entered_by, record.done_on) == (True, car.account, date(2026, 3, 2))
    shown = page(client, car, "service_entry", record.public_id).content.decode()
    assert 'value="21000"' in shown
    assert "Wipers" in shown
    post(client, car, "service_entry", record.public_id, **TYPED | {"reading": "22000", "items": []})
    record.refresh_from_db()
    assert (record.odometer_km, record.items) == (22_000, [])
    assert post(client, car, "service_entry_deletion", record.public_id).status_code == 302
    assert not ServiceRecord.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"done_on": "2026-06-11"}, "This day is still to come."),
        ({"done_on": "1026-03-02"}, "This day is too long ago."),
        ({"done_on": "soon"}, "This is no day of the calendar."),
        ({"reading": "many"}, "Please type whole kilometres"),
        ({"reading": "26000"}, "An odometer only goes up"),
        ({"items": [], "works": ""}, "Please say what was done."),
        ({"works": "x\n" * 11}, "Please write ten lines at most."),
        ({"works": "x" * 121}, "at most 120 characters in a line"),
        ({"items": ["unknown"]}, "Select a valid choice"),
        ({"works": "4242 4242 4242 4242"}, "This looks like a card number."),
    ],
)
def test_bad_input_is_answered_beside_the_field_and_nothing_is_kept(client, car, plan, dealer, wrong, sentence):
    make.dealers_record(car.vehicle, dealer, done_on=date(2026, 4, 1), odometer_km=25_000)
    answer = post(client, car, "service_entry_new", **TYPED | wrong)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not ServiceRecord.objects.filter(is_own=True).exists()


def test_without_a_plan_there_is_no_box_to_tick(client, car):
    said = page(client, car, "service_entry_new").content.decode()
    assert "What was done of the maintenance plan" not in said
    assert (
        "Please say what was done." in post(client, car, "service_entry_new", **TYPED | {"works": ""}).content.decode()
    )


def test_a_dealers_record_can_neither_be_changed_nor_deleted_by_anybody(client, car, dealer):
    record = make.dealers_record(car.vehicle, dealer)
    assert page(client, car, "service_entry", record.public_id).status_code == 404
    assert post(client, car, "service_entry_deletion", record.public_id).status_code == 404
    assert_append_only(record)


def test_D4_a_former_owners_entry_stays_with_the_car_marked_and_without_a_name(client, car, plan, stranger):
    record = make.service_entry(car)
    end_membership(car, now=NOW, by=car.account)
    buyer = make.verified(stranger, car.vehicle)
    said = text(client, buyer)
    assert "An earlier owner’s entry; no due date counts from it" in said
    assert car.account.last_name not in said
    assert car.account.email not in said
    assert page(client, buyer, "service_entry", record.public_id).status_code == 404
    assert post(client, buyer, "service_entry_deletion", record.public_id).status_code == 404
    with refused("entry_gone"):
        delete_service_entry(membership=buyer, record=record, now=NOW, by=stranger)


def test_G8_due_dates_count_from_dealers_records_and_the_present_owners_entries(client, car, plan, dealer, stranger):
    make.dealers_record(car.vehicle, dealer, done_on=date(2025, 9, 1), odometer_km=15_000)
    make.service_entry(car, done_on=date(2026, 6, 1))
    assert "Last done on 1 June 2026." in text(client, car)
    end_membership(car, now=NOW, by=car.account)
    assert [done.on for done in histories_of([car.vehicle])[car.vehicle_id]] == [date(2025, 9, 1)]
    said = text(client, make.verified(stranger, car.vehicle))
    assert "Last done on 1 September 2025." in said
    assert "Last done on 1 June 2026." not in said


def test_D4_the_last_reading_of_a_sellers_time_is_not_the_buyers(client, car, plan, stranger):
    sold_at = NOW + timedelta(minutes=1)
    assert "24,500 km" in text(client, car)
    end_membership(car, now=sold_at, by=car.account)
    buyer = make.verified(stranger, car.vehicle, now=sold_at)
    assert "24,500" not in text(client, buyer)
    RegistryEntry.objects.update(odometer_km=24_600, odometer_at=sold_at + timedelta(minutes=1))
    assert "24,600 km" in text(client, buyer)


def test_a_slip_of_a_former_owner_binds_nobody(car, stranger):
    facts = {"done_on": TODAY, "items": [], "works": ["Tyres"], "now": NOW}
    enter_service(membership=car, odometer_km=999_999, by=car.account, **facts | {"done_on": date(2026, 6, 9)})
    with refused("reading_does_not_fit"):
        enter_service(membership=car, odometer_km=24_600, by=car.account, **facts)
    end_membership(car, now=NOW, by=car.account)
    buyer = make.verified(stranger, car.vehicle)
    assert enter_service(membership=buyer, odometer_km=24_600, by=stranger, **facts).odometer_km == 24_600


def test_without_control_nothing_is_entered_changed_or_deleted(client, car, plan, stranger):
    record, beside = make.service_entry(car), make.verified(stranger, car.vehicle)
    assert post(client, beside, "service_entry_new", **TYPED).status_code == 302
    facts = {"done_on": TODAY, "odometer_km": 24_000, "items": [], "works": ["x"], "now": NOW}
    with refused("not_active"):
        enter_service(membership=beside, by=stranger, **facts)
    end_membership(car, now=NOW, by=car.account)
    with refused("not_active"):
        change_service_entry(membership=car, record=record, by=car.account, **facts)


def test_a_history_has_an_end(car, monkeypatch):
    monkeypatch.setattr("garage.actions.service_history.MOST_OWN_ENTRIES", 1)
    make.service_entry(car)
    with refused("history_full"):
        make.service_entry(car)


def test_D4_what_owners_before_entered_leaves_the_next_one_as_much_room(car, stranger, monkeypatch):
    monkeypatch.setattr("garage.actions.service_history.MOST_OWN_ENTRIES", 1)
    make.service_entry(car)
    end_membership(car, now=NOW, by=car.account)
    buyer = make.verified(stranger, car.vehicle)
    assert make.service_entry(buyer).entered_by == stranger


def test_A6_with_its_account_an_entry_forgets_whose_it_was(car):
    record = make.service_entry(car)
    forget_who_entered(car.account, NOW)
    record.refresh_from_db()
    assert (record.entered_by, record.is_own, record.works) == (None, True, ["New tyres"])


def test_D3_the_active_account_downloads_the_whole_history_a_former_one_its_own(car, plan, dealer, stranger):
    make.dealers_record(car.vehicle, dealer, odometer_km=19_000, done_on=date(2026, 1, 5))
    make.service_entry(car)
    rows = list(service_data.rows(own_time(car.account, car.vehicle)))
    assert [(row["odometer_km"], row["entered_by"]) for row in rows] == [(19_000, dealer.name), (20_000, "me")]
    assert all(tuple(row) == service_data.COLUMNS for row in rows)
    end_membership(car, now=NOW, by=car.account)
    make.verified(stranger, car.vehicle)
    rows = {who: service_data.rows(own_time(who, car.vehicle)) for who in (stranger, car.account)}
    assert [row["entered_by"] for row in rows[stranger]] == [dealer.name, "an owner"]
    assert [row["entered_by"] for row in rows[car.account]] == ["me"]


# The file


def test_the_file_is_loaded_and_a_second_time_changes_nothing(market, capsys):
    call_command("load_maintenance", str(FILE))
    call_command("load_maintenance", str(FILE))
    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith("0 changed, 0 unchanged")
    assert second.startswith("Maintenance: 0 created, 0 changed")


def test_what_the_file_names_no_more_is_inactive_and_comes_back(market, tmp_path):
    call_command("load_maintenance", str(FILE), verbosity=0)
    shorter = tmp_path / "shorter.yaml"
    shorter.write_text(FILE.read_text().split("  - code: lc")[0].replace("coolant", "coolant-2"))
    call_command("load_maintenance", str(shorter), verbosity=0)
    assert not MaintenancePlan.objects.get(code="lc").is_active
    assert not Recall.objects.filter(is_active=True).exists()
    assert not MaintenanceItem.objects.filter(code="coolant", is_active=True).exists()
    call_command("load_maintenance", str(FILE), verbosity=0)
    assert MaintenancePlan.objects.get(code="lc").is_active


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("market: CY", "market: XX", "there is no such market"),
        ("powertrain: petrol", "powertrain: steam", "known are petrol"),
        (', every_months: "24"}', "}", "must say when it comes again"),
        ("code: electric", "code: hybrid", "hybrid stands there twice"),
        ("models: [LC 500]", "", "has a plan already: every other petrol"),
        ('opened_on: "2026-02-02"', "opened_on: lately", "must be a day"),
        ("models: [NX 350h, NX 450h+]", "", "or vins must name the cars"),
        ("[JTHSAMPLECY900004", "[JTH", "which is no VIN"),
    ],
)
def test_what_is_wrong_in_the_file_is_said(market, tmp_path, old, new, sentence):
    assert old in FILE.read_text()
    broken = tmp_path / "broken.yaml"
    broken.write_text(FILE.read_text().replace(old, new, 1))
    with pytest.raises(CommandError, match=sentence):
        call_command("load_maintenance", str(broken))
    assert not MaintenancePlan.objects.exists()
