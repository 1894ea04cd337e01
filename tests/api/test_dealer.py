"""A dealer's own system: its bookings, its workshop, its service records, a customer's car by the code (G8, K1)."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import resolve

from garage.actions.bookings import cancel_booking
from garage.actions.dealer_code import issue_dealer_code, open_dealer_access
from garage.api.dealer import DealerView
from garage.models import AccessCheck, Booking, DealerAccess, DealerSystem, RecallDone, ServiceRecord
from garage.rules.bookings import State
from garage.rules.dealer_desk import Paper
from portal.models import AuditRecord, OutboxMessage
from subscriptions.models import Subscription
from tests import make, oidc
from tests.api.answers import keyed, refused
from tests.dealers import like_it, mechanic_of, system_of
from tests.garage.cars import vin
from tests.meta.routes import ROUTES
from tests.meta.test_layout import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
AT = "/api/v1/dealer/"
BOOKINGS, RECORDS, CARS = f"{AT}bookings/", f"{AT}service-records/", f"{AT}verifications/"
AT_8 = make.TOMORROW_AT_8
SEEN = {
    "paper": "passport",
    "is_same_person": True,
    "has_car_papers": True,
    "has_key": True,
    "note": "Came with the car.",
}


@pytest.fixture
def shop(market):
    oidc.clients()
    return make.workshop(market)


@pytest.fixture
def system(shop):
    return system_of(shop)


@pytest.fixture
def others(shop, system):
    other = make.workshop(shop.dealer.market, dealer=make.dealer(shop.dealer.market, "sample-limassol"))
    return system_of(other, "other-dealer-system")


@pytest.fixture
def booking(car, shop):
    make.maintenance_plan(car.account.market)
    return make.booking(car, shop, words="It rattles.")


def of(booking, noun=""):
    return f"{BOOKINGS}{booking.public_id}/{noun}"


def opened(system, car, staff):
    code = issue_dealer_code(membership=car, now=make.NOW, by=car.account).code
    answer = keyed(system, CARS, {"code": code.lower(), "staff": staff.email.upper()})
    assert answer.status_code == 201, answer.json()
    return answer.json()


# Whose


def test_K1_a_client_of_no_dealer_calls_for_none(shop):
    client = oidc.machine(oidc.DEALER_SYSTEM)
    assert refused(client.get(BOOKINGS)) == (403, "dealer_missing")


def test_K1_the_file_says_which_client_speaks_for_which_dealer(shop, capsys, tmp_path):
    file = ROOT / "portal" / "data" / "lexus_cy" / "dealer_systems.yaml"
    call_command("load_dealer_systems", str(file))
    call_command("load_dealer_systems", str(file))
    assert "0 created, 0 changed, 1 unchanged, 0 inactive" in capsys.readouterr().out
    wrong = tmp_path / "dealer_systems.yaml"
    lines = ["market: CY", "dealer_systems:", "  - {client: lexus-registry, dealer: nowhere}"]
    wrong.write_text("\n".join(lines))
    with pytest.raises(CommandError, match="no machine with the scope dealer"):
        call_command("load_dealer_systems", str(wrong))
    like_it("other-dealer-system")
    wrong.write_text("\n".join([*lines[:2], "  - {client: other-dealer-system, dealer: sample-nicosia}"]))
    call_command("load_dealer_systems", str(wrong))
    active = dict(DealerSystem.objects.values_list("client", "is_active"))
    assert active == {oidc.DEALER_SYSTEM: False, "other-dealer-system": True}


def test_K1_a_dealer_finds_nothing_of_another_by_any_method(system, others, booking, shop):
    access = opened(system, booking.account.memberships.get(), mechanic_of(shop))
    owned = SimpleNamespace(booking=booking.public_id, dealer_access=access["id"])
    urls = [r.url(name, owned) for name, r in ROUTES.items() if name.startswith("api_dealer") and r.arguments]
    found, mine = {}, {}
    for url in urls:
        view = resolve(url).func.cls
        assert issubclass(view, DealerView)
        for method in {"GET", "POST", "DELETE"} & set(view.scopes):
            headers = {"Idempotency-Key": f"{method}-{url}"}
            found[url, method] = others.request(method, url, json={}, headers=headers).status_code
            if method == "GET":
                mine[url] = system.get(url).status_code
    assert len(found) >= 10
    assert set(found.values()) == {404}
    assert set(mine.values()) == {200}
    assert others.get(BOOKINGS).json()["results"] == []
    assert others.get(RECORDS).json()["results"] == []


# Bookings


def test_G8_what_has_changed_since_comes_oldest_first(system, booking, car, shop):
    first = system.get(BOOKINGS).json()
    [row] = first["results"]
    assert (row["vin"], row["words"], row["state"], first["next"]) == (car.vehicle.vin, "It rattles.", "booked", None)
    assert (row["customer"], row["may"]) == (car.account.get_full_name(), ["moving", "refusal", "arrival"])
    later = make.NOW + timedelta(hours=1)
    with time_machine.travel(later, tick=False):
        token = oidc.machine(oidc.DEALER_SYSTEM)
        make.booking(make.active_car(car.account, 2), shop, starts_at=AT_8 + timedelta(days=1), now=later)
        [new] = token.get(BOOKINGS, params={"after": token.get(BOOKINGS).json()["after"]}).json()["results"]
        cancel_booking(booking=booking, now=later, by=car.account)
        page = token.get(BOOKINGS, params={"limit": "1"}).json()
        following = token.get(page["next"]).json()
        assert refused(token.get(BOOKINGS, params={"after": "yesterday"})) == (404, "page_unknown")
    assert new["starts_at"] == "2026-06-12T05:00:00Z"
    assert len(page["results"]) == len(following["results"]) == 1
    states = {row["id"]: row["state"] for row in page["results"] + following["results"]}
    assert states[str(booking.public_id)] == "cancelled"


def test_G8_it_is_moved_to_a_free_time_and_refused_with_a_reason(system, booking):
    days = system.get(of(booking, "free-times/")).json()["results"]
    assert days[0]["starts"][0] == "2026-06-11T05:00:00Z"
    moved = system.post(of(booking, "moving/"), json={"starts_at": "2026-06-11T10:00:00+03:00"}).json()
    assert (moved["starts_at"], moved["revision"]) == ("2026-06-11T07:00:00Z", 1)
    taken = system.post(of(booking, "moving/"), json={"starts_at": "2026-06-11T23:00:00+03:00"})
    assert refused(taken) == (409, "slot_taken")
    no = system.post(of(booking, "refusal/"), json={"reason": "No lift."}).json()
    assert (no["state"], no["reason"], no["may"]) == ("refused", "No lift.", [])
    assert refused(system.post(of(booking, "arrival/"))) == (409, "booking_over")
    record = AuditRecord.objects.get(what="booking refused")
    assert (record.by, record.data["through"]) == (None, oidc.DEALER_SYSTEM)


def test_G8_what_was_done_becomes_history_once(system, booking, car):
    recall = make.recall(car.account.market)
    assert refused(system.post(of(booking, "arrival/"))) == (409, "not_its_day")
    with time_machine.travel(AT_8, tick=False):
        token = oidc.machine(oidc.DEALER_SYSTEM)
        assert token.post(of(booking, "arrival/")).json()["state"] == "arrived"
        detail = token.get(of(booking)).json()
        assert [each["code"] for each in detail["open_recalls"]] == [recall.code]
        done = {"odometer_km": 30_000, "items": [detail["plan_works"][0]["code"]], "recalls": [recall.code]}
        wrong = keyed(token, of(booking, "completion/"), done | {"items": ["magic"]})
        assert refused(wrong) == (400, "invalid")
        answers = [keyed(token, of(booking, "completion/"), done, key="completion-1") for _call in range(2)]
    assert [answer.json()["state"] for answer in answers] == ["done", "done"]
    record = ServiceRecord.objects.get()
    assert (record.odometer_km, record.entered_by, record.dealer) == (30_000, None, booking.workshop.dealer)
    assert RecallDone.objects.count() == 1


def test_K1_hours_and_closed_days_are_kept_and_what_is_booked_stays(system, booking):
    openings = [
        {"weekday": 0, "opens": "09:00", "closes": "13:00"},
        {"weekday": 0, "opens": "08:00", "closes": "09:00"},
    ]
    shown = system.put(f"{AT}workshop/hours/", json={"openings": openings, "takes_bookings": False}).json()
    assert shown == system.get(f"{AT}workshop/").json()
    assert [row["opens"] for row in shown["openings"]] == ["08:00", "09:00"]
    assert not shown["takes_bookings"]
    overlapping = [openings[0], {"weekday": 0, "opens": "12:00", "closes": "14:00"}]
    wrong = system.put(f"{AT}workshop/hours/", json={"openings": overlapping, "takes_bookings": True})
    assert refused(wrong) == (400, "invalid")
    closed = system.put(f"{AT}workshop/closed-days/", json={"days": ["2026-12-24", "2020-01-01"]}).json()
    assert closed["closed_days"] == ["2026-12-24"]
    assert Booking.objects.get().state == State.BOOKED


# Service records


def told(number=1, **facts):
    row = {"id": f"WO-{number}", "vin": vin(1), "done_on": "2026-06-01", "odometer_km": 20_000, "works": ["Wipers"]}
    return row | facts


def test_G8_the_good_are_kept_once_and_the_bad_answered_one_by_one(system, car):
    rows = [
        told(vin=car.vehicle.vin),
        told(2, vin=car.vehicle.vin, odometer_km=10_000, done_on="2026-06-02"),
        told(3, vin="no vin"),
        told(4, vin=vin(77)),
        told(5, vin=car.vehicle.vin, done_on="2027-01-01"),
        told(6, vin=car.vehicle.vin, works=[]),
        told(7, vin=car.vehicle.vin, works=["4111 1111 1111 1111"]),
        None,
        told(8, vin=car.vehicle.vin, items=["magic"]),
        told(9, vin=car.vehicle.vin, recalls=["none"]),
    ]
    answer = keyed(system, RECORDS, {"records": rows}).json()
    assert (answer["kept"], answer["known"]) == (1, 0)
    assert {each["index"]: (each["field"], each["code"]) for each in answer["refused"]} == {
        1: ("", "reading_does_not_fit"),
        2: ("vin", "vin_malformed"),
        3: ("", "unknown_vin"),
        4: ("", "in_future"),
        5: ("", "nothing_done"),
        6: ("works", "card_number"),
        7: ("", "null"),
        8: ("", "works_unknown"),
        9: ("", "recall_unknown"),
    }
    again = [rows[0], rows[0] | {"odometer_km": 20_001}]
    answer = keyed(system, RECORDS, {"records": again}).json()
    assert (answer["kept"], answer["known"]) == (0, 1)
    assert [each["code"] for each in answer["refused"]] == ["told_otherwise"]
    [row] = system.get(RECORDS).json()["results"]
    assert (row["reference"], row["vin"], row["odometer_km"]) == ("WO-1", car.vehicle.vin, 20_000)
    assert OutboxMessage.objects.filter(handler="registry_reading").count() == 1
    assert AuditRecord.objects.get(what="service record taken").data["through"] == oidc.DEALER_SYSTEM


def test_G8_a_car_that_nobody_has_added_yet_has_its_history(system, market):
    make.registry_entry(5)
    assert keyed(system, RECORDS, {"records": [told(vin=vin(5))]}).json()["kept"] == 1
    assert ServiceRecord.objects.get().vehicle.vin == vin(5)


# At a customer's car


def test_V3_a_blocked_car_is_unblocked_after_identity_by_a_member_of_staff(system, car, shop):
    anna = mechanic_of(shop)
    blocked = {"wrong_tries": 3, "blocked_at": make.NOW}
    AccessCheck.objects.update_or_create(account=car.account, vehicle=car.vehicle, defaults=blocked)
    access = opened(system, car, anna)
    assert (access["vin"], access["access"], access["may"]) == (car.vehicle.vin, "blocked", ["identity"])
    here = f"{CARS}{access['id']}/"
    assert refused(system.post(f"{here}unblocking/")) == (409, "identity_not_seen")
    assert refused(system.post(f"{here}identity/", json=SEEN | {"has_key": False})) == (400, "invalid")
    assert refused(system.post(f"{here}identity/", json=SEEN | {"note": "AB 123456"})) == (400, "invalid")
    seen = system.post(f"{here}identity/", json=SEEN).json()
    assert (seen["paper"], "unblocking" in seen["may"]) == (Paper.PASSPORT, True)
    assert system.post(f"{here}unblocking/").json()["access"] == "in_control"
    acted = AuditRecord.objects.get(what="dealer acted")
    assert (acted.by, acted.data["through"]) == (anna, oidc.DEALER_SYSTEM)
    assert system.delete(here).status_code == 204
    assert refused(system.get(here)) == (409, "access_over")


def test_C3_free_services_are_activated_by_the_terms_that_the_customer_accepted(system, owner, shop):
    remote = make.package("standard", market=owner.market, complimentary_months={"MM21": 48})
    car = make.active_car(owner, 3, warranty_start=date(2025, 6, 1))
    access = opened(system, car, mechanic_of(shop))
    here = f"{CARS}{access['id']}/"
    assert [(row["package"], row["standing"]) for row in access["services"]] == [(remote.code, "not_activated")]
    system.post(f"{here}identity/", json=SEEN)
    assert refused(system.post(f"{here}activation/", json={"package": "nothing"})) == (409, "nothing_free")
    active = system.post(f"{here}activation/", json={"package": remote.code}).json()
    assert [row["standing"] for row in active["services"]] == ["free"]
    assert Subscription.objects.get().is_complimentary


def test_K1_only_staff_of_this_dealer_and_only_what_was_opened_here(system, others, car, shop, stranger):
    anna = mechanic_of(shop)
    code = issue_dealer_code(membership=car, now=make.NOW, by=car.account).code
    assert refused(keyed(system, CARS, {"code": code, "staff": stranger.email})) == (409, "staff_unknown")
    assert refused(keyed(others, CARS, {"code": code, "staff": anna.email})) == (409, "staff_unknown")
    assert refused(keyed(system, CARS, {"code": "22222222", "staff": anna.email})) == (409, "code_unknown")
    at_desk = open_dealer_access(code=code, now=make.NOW, by=anna)
    assert refused(system.get(f"{CARS}{at_desk.public_id}/")) == (404, "not_found")
    assert not DealerAccess.objects.filter(system__isnull=False).exists()
