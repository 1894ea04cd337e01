"""D3 over the API: a third party reads what owners have granted it, nothing else, and each time is on record."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.identity.clients import find_client
from garage.actions.grant_ends import end_grant
from garage.actions.leave import end_membership
from garage.actions.service_history import enter_service
from garage.data import vehicle_data
from garage.models import DataAccess, RegistryEntry, ThirdParty
from garage.own_time import own_time
from tests import make, oidc
from tests.garage.grants import INSURER, REPORTS, give, report, third_party

pytestmark = pytest.mark.django_db
NOW, DAY, HOUR = make.NOW, timedelta(days=1), timedelta(hours=1)
LATER = NOW + 30 * DAY
LIST = "/api/v1/granted-vehicles/"


@pytest.fixture(autouse=True)
def _reports(monkeypatch):
    """One kind more, registered as an app would."""
    monkeypatch.setattr(vehicle_data, "_KINDS", dict(vehicle_data._KINDS))
    vehicle_data.register(REPORTS)


@pytest.fixture
def insurer(market) -> ThirdParty:
    return third_party(market)


@pytest.fixture
def grant(car, insurer):
    return give(car, insurer, kinds=["reports"])


def call(address, *, at=LATER, client_id=INSURER, **params):
    with time_machine.travel(at, tick=False):
        return oidc.machine(client_id).get(address, params=params)


def rows_of(grant, kind="reports", **asked):
    return call(f"{LIST}{grant.public_id}/{kind}/", **asked)


def let_registry_read() -> None:
    """A second machine with the scope of third parties."""
    client = find_client("lexus-registry")
    client.set_scopes(["vehicle_data.read"])
    client.set_default_scopes(["vehicle_data.read"])
    client.save()


def days(answer) -> list[int]:
    """Of June, or of July, the days of the rows."""
    assert answer.status_code == 200, answer.json()
    return [int(row["at"][8:10]) for row in answer.json()["results"]]


def test_D3_a_third_party_sees_what_it_may_read_and_nobodys_name(owner, grant):
    [row] = call(LIST).json()["results"]
    assert row == {
        "grant": str(grant.public_id),
        "reference": "P-4711",
        "kinds": ["reports"],
        "has_history": False,
        "granted_at": "2026-06-10T09:00:00Z",
        "ends_on": "2026-12-31",
    }


def test_D3_rows_come_with_unit_and_columns_and_the_reading_is_on_record(car, owner, grant):
    report(car.vehicle, by=owner, at=NOW + DAY, count=3, every=DAY)
    body = rows_of(grant).json()
    assert (body["kind"], body["unit"], body["columns"]) == ("reports", "km", ["at", "is_right"])
    assert body["results"][0] == {"at": "2026-06-11T09:00:00Z", "is_right": False}
    access = DataAccess.objects.get()
    assert (access.grant, access.at, access.kinds, access.rows) == (grant, LATER, ["reports"], 3)


def test_D3_what_is_older_than_the_grant_leaves_only_if_the_owner_ticked_it(car, owner, market, insurer):
    report(car.vehicle, by=owner, at=NOW + HOUR, count=20, every=DAY)
    other = third_party(market, "other", client_id="lexus-registry")
    let_registry_read()
    new = give(car, insurer, kinds=["reports"], now=NOW + 10 * DAY)
    whole = give(car, other, kinds=["reports"], now=NOW + 10 * DAY, has_history=True)
    assert days(rows_of(new)) == list(range(20, 30))
    assert days(rows_of(whole, client_id="lexus-registry")) == list(range(10, 30))


def test_D4_two_owners_in_sequence_and_a_third_party_of_each(car, owner, stranger, insurer):
    """The seller's grant ends with its control; the buyer's gives nothing of the seller's time, history or not."""
    first = give(car, insurer, kinds=["reports", "specification"], has_history=True)
    report(car.vehicle, by=owner, at=NOW + HOUR, count=3, every=DAY)
    assert days(rows_of(first, at=NOW + 5 * DAY)) == [10, 11, 12]
    end_membership(car, now=NOW + 10 * DAY, by=owner)
    assert rows_of(first).status_code == 404
    buyers = make.verified(stranger, car.vehicle, now=NOW + 11 * DAY)
    report(car.vehicle, by=owner, at=NOW + 3 * DAY + HOUR, count=17, every=DAY)
    second = give(buyers, insurer, kinds=["reports", "specification"], has_history=True, now=NOW + 12 * DAY)
    assert days(rows_of(second)) == list(range(21, 30))
    RegistryEntry.objects.update(odometer_at=NOW + 5 * DAY)
    [facts] = rows_of(second, "specification").json()["results"]
    assert (facts["vin"], facts["odometer_km"]) == (car.vehicle.vin, None)
    assert [row["grant"] for row in call(LIST).json()["results"]] == [str(second.public_id)]


def test_D4_of_the_service_history_only_ones_own_time_is_passed_on(car, owner, insurer):
    """The owner sees the whole of it, which stays with the car."""
    for done_on in (date(2026, 6, 9), date(2026, 6, 10), date(2026, 6, 12)):
        enter_service(
            membership=car, done_on=done_on, odometer_km=24_000, items=[], works=["Wipers"], now=LATER, by=owner
        )
    assert len(list(vehicle_data.find("service_records").rows(own_time(owner, car.vehicle)))) == 3
    whole = give(car, insurer, kinds=["service_records"], now=NOW + DAY, has_history=True)
    assert [row["done_on"] for row in rows_of(whole, "service_records").json()["results"]] == [
        "2026-06-10",
        "2026-06-12",
    ]


def test_D3_a_grant_that_has_ended_or_is_over_is_not_there(car, owner, grant):
    over = datetime(2026, 12, 31, 22, tzinfo=UTC)
    assert [rows_of(grant, at=at).status_code for at in (over - HOUR, over)] == [200, 404]
    assert call(LIST, at=over).json()["results"] == []
    end_grant(grant=grant, now=LATER, by=owner)
    assert rows_of(grant).status_code == 404
    assert call(LIST).json()["results"] == []
    # What was refused is no reading.
    assert DataAccess.objects.count() == 1


def test_D3_another_clients_grant_another_kind_and_one_offered_no_more_are_not_there(grant, insurer):
    assert rows_of(grant, "specification").status_code == 404
    assert rows_of(grant, "nothing").status_code == 404
    let_registry_read()
    assert rows_of(grant, client_id="lexus-registry").status_code == 404
    assert call(LIST, client_id="lexus-registry").json()["results"] == []
    ThirdParty.objects.update(is_active=False)
    assert rows_of(grant).status_code == 404
    assert not DataAccess.objects.exists()


def test_D3_neither_another_machine_nor_an_owners_app_may_call(owner, grant):
    assert call(LIST, client_id="lexus-vehicle-backend").json()["code"] == "scope_missing"
    assert rows_of(grant, client_id="lexus-vehicle-backend").status_code == 403
    assert oidc.sign_in_app(owner).get(LIST).status_code == 401


def pages_of(grant, **asked):
    """Each page of it, as `next` leads through them."""
    address, pages = f"{LIST}{grant.public_id}/reports/", []
    while address:
        body = call(address, **asked).json()
        pages.append([row["at"] for row in body["results"]])
        address, asked = body["next"], {}
    return pages


@pytest.mark.parametrize("every", [timedelta(), HOUR], ids=["all of one moment", "one an hour"])
def test_D3_pages_follow_each_other_and_none_is_left_out_or_comes_twice(car, owner, grant, every):
    report(car.vehicle, by=owner, at=NOW + DAY, count=7, every=every)
    pages = pages_of(grant, limit=3)
    assert [len(page) for page in pages] == [3, 3, 1]
    assert len({at for page in pages for at in page}) == (7 if every else 1)
    assert [access.rows for access in DataAccess.objects.order_by("pk")] == [3, 3, 1]


def test_D3_what_arises_meanwhile_shifts_no_page(car, owner, grant):
    report(car.vehicle, by=owner, at=NOW + DAY, count=4, every=DAY)
    first = rows_of(grant, limit=2)
    report(car.vehicle, by=owner, at=NOW + DAY, count=5)
    assert days(first) + days(call(first.json()["next"])) == [11, 12, 13, 14]


def test_D3_a_third_party_goes_on_from_a_moment(car, owner, grant):
    report(car.vehicle, by=owner, at=NOW + DAY, count=9, every=DAY)
    assert days(rows_of(grant, since="2026-06-17T12:00:00+03:00")) == [17, 18, 19]
    # Never from before the grant.
    assert len(days(rows_of(grant, since="2020-01-01T00:00:00Z"))) == 9
    assert rows_of(grant, since="yesterday").json()["code"] == "invalid"


@pytest.mark.parametrize("after", ["x", "1_", "1_2026-13-40", "999_2026-06-10T09:00:00+00:00_", "-1_", "٣_"])
def test_a_place_that_is_none_is_a_problem(grant, after):
    answer = rows_of(grant, after=after)
    assert answer.status_code in (200, 404)
    assert answer.status_code == 200 or answer.json()["code"] == "page_unknown"


def test_the_list_is_paged_too(car, owner, market, insurer, grant):
    give(make.active_car(owner, 2), insurer, kinds=["reports"])
    first = call(LIST, limit=1).json()
    second = call(first["next"]).json()
    assert [row["grant"] for row in first["results"]] == [str(grant.public_id)]
    assert (len(second["results"]), second["next"]) == (1, None)
    for after in ("x", "3f0c8f4e-0000-4000-8000-000000000000"):
        assert call(LIST, after=after).json()["code"] == "page_unknown"


def test_a_client_has_its_share(grant, settings):
    settings.API_CALLS_OF_CLIENT = 2
    assert [rows_of(grant).status_code for _ in range(3)] == [200, 200, 429]
    assert DataAccess.objects.count() == 2


def test_a_page_costs_the_same_however_many_rows(car, owner, grant):
    counts = []
    with time_machine.travel(LATER, tick=False):
        machine = oidc.machine(INSURER)
        for _ in range(2):
            report(car.vehicle, by=owner, at=NOW + DAY, count=400)
            with CaptureQueriesContext(connection) as captured:
                assert machine.get(f"{LIST}{grant.public_id}/reports/").status_code == 200
            counts.append(len(captured))
    assert counts[0] == counts[1] <= 9
