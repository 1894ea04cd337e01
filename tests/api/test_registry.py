"""Machines bring cars and orders in batches, and get pairing codes for the screens of cars (G2, G4, V1)."""

from datetime import timedelta

import pytest

from garage.models import Membership, OrderedVehicle, PairingCode, RegistryEntry
from garage.registry.rows import COLUMNS
from portal.models import IdempotentCall
from tests import make, oidc
from tests.api.answers import keyed, refused
from tests.garage.cars import make_entry, vin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
CARS, ORDERS, CODES = "/api/v1/registry/vehicles/", "/api/v1/registry/orders/", "/api/v1/pairing-codes/"


@pytest.fixture
def registry(market) -> oidc.PortalClient:
    oidc.clients()
    return oidc.machine(oidc.REGISTRY)


@pytest.fixture
def backend(market) -> oidc.PortalClient:
    oidc.clients()
    return oidc.machine(oidc.VEHICLE_BACKEND)


def car(number: int = 1, **cells: object) -> dict[str, object]:
    row = {
        "vin": vin(number),
        "plate": f"KAA{number:03d}",
        "model": "NX 350h",
        "body": "suv",
        "colour": "Red Mica",
        "colour_hex": "#8a1c2b",
        "powertrain": "hybrid",
        "multimedia": "MM21",
        "market": "CY",
        "warranty_start": "2024-03-15",
        "odometer_km": 24_500,
        "odometer_at": "2026-06-10T09:00:00+03:00",
        "capabilities": ["remote", "navigation"],
    }
    return row | cells


def order(number: int = 1, **cells: object) -> dict[str, object]:
    row = {
        "order_number": f"LX-{number}",
        "market": "CY",
        "email": "owner@example.com",
        "model": "RX 450h+",
        "body": "suv",
        "colour_hex": "#3b4a5c",
        "stage": "ordered",
        "stage_on": "2026-06-01",
        "expected_on": "2026-09-01",
    }
    return row | cells


def counts(answer) -> tuple[int, int, int, int]:
    told = answer.json()
    return told["new"], told["changed"], told["unchanged"], told["bad"]


# Cars


def test_the_rows_become_entries_and_what_is_left_out_is_empty(registry):
    assert counts(keyed(registry, CARS, {"rows": [car(1), car(2)]})) == (2, 0, 0, 0)
    entry = RegistryEntry.objects.get(vin=vin(1))
    assert (entry.plate, entry.capabilities, entry.purchased_on) == ("KAA001", ["navigation", "remote"], None)
    assert (entry.odometer_km, entry.odometer_at.isoformat()) == (24_500, "2026-06-10T06:00:00+00:00")


def test_a_batch_sent_again_changes_nothing_and_a_changed_row_is_written_alone(registry):
    keyed(registry, CARS, {"rows": [car(1), car(2)]})
    assert counts(keyed(registry, CARS, {"rows": [car(1), car(2)]})) == (0, 0, 2, 0)
    assert counts(keyed(registry, CARS, {"rows": [car(1), car(2, plate=None)]})) == (0, 1, 1, 0)


def test_good_rows_are_kept_and_each_bad_one_is_answered_with_index_code_and_reason(registry):
    rows = [car(1), car(2, body="boat", market="?"), 17, car(1, plate="KBB222"), car(3, wheels=4), car(4)]
    answer = keyed(registry, CARS, {"rows": [*rows, car(5, plate=True), {}]})
    assert counts(answer) == (2, 0, 0, 6)
    told = [(row["index"], row["column"], row["code"]) for row in answer.json()["errors"]]
    assert told[:6] == [
        (1, "body", "invalid"),
        (1, "market", "invalid"),
        (2, "", "invalid"),
        (3, "vin", "twice"),
        (4, "wheels", "invalid"),
        (6, "plate", "invalid"),
    ]
    assert all(row["detail"] for row in answer.json()["errors"])
    assert RegistryEntry.objects.get(vin=vin(1)).plate == "KAA001"


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"vin": "JTJSAMPLECY9O0001"}, "vin"),
        ({"odometer_km": -1}, "odometer_km"),
        ({"odometer_km": 24.5}, "odometer_km"),
        ({"odometer_at": None}, "odometer_at"),
        ({"odometer_at": "2026-06-12T09:00:00+03:00"}, "odometer_at"),
        ({"capabilities": ["=1+1"]}, "capabilities"),
        ({"capabilities": ["remote;navigation"]}, "capabilities"),
        ({"capabilities": [["remote"]]}, "capabilities"),
        ({"colour": "Red\x00"}, "colour"),
        ({"colour": "\ud800"}, "colour"),
        ({"model": {"name": "NX"}}, "model"),
        ({"half\ud800": "x"}, "half?"),
    ],
)
def test_a_cell_is_read_by_the_rules_of_the_file(registry, cells, column):
    answer = keyed(registry, CARS, {"rows": [car(1, **cells)]})
    assert (answer.status_code, counts(answer)) == (200, (0, 0, 0, 1))
    assert answer.json()["errors"][0]["column"] == column
    assert not RegistryEntry.objects.exists()


def test_a_batch_whose_answer_was_lost_is_answered_again(registry):
    first, again = (keyed(registry, CARS, {"rows": [car(1)]}, key="batch-1-of-100") for _ in range(2))
    assert (again.json(), again.headers["Idempotency-Replayed"]) == (first.json(), "true")
    assert refused(registry.post(CARS, json={"rows": [car(1)]})) == (400, "idempotency_key_missing")


@pytest.mark.parametrize("sent", [{}, {"rows": []}, {"rows": "x"}, {"rows": {}}, {"rows": [{}] * 1001}, []])
def test_what_is_no_batch_of_1_to_1000_rows_is_refused(registry, sent):
    headers = {"Idempotency-Key": "key-of-this-batch"}
    answer = registry.post(CARS, json=sent, headers=headers)
    assert refused(answer) == (400, "invalid")


def test_a_batch_of_a_thousand_is_within_the_size_and_a_megabyte_is_not(registry):
    assert counts(keyed(registry, CARS, {"rows": [car(n) for n in range(1000)]})) == (1000, 0, 0, 0)
    assert refused(keyed(registry, CARS, {"rows": ["x" * 1_000_000]})) == (413, "too_large")


def test_a_batch_costs_the_same_queries_whatever_its_size(registry, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        keyed(registry, CARS, {"rows": [car(n) for n in range(500)]})


def test_every_column_of_the_file_is_described_for_the_call():
    from garage.api.machine_serializers import OrderRowSerializer, VehicleRowSerializer
    from garage.files.orders import COLUMNS as ORDER_COLUMNS

    assert list(VehicleRowSerializer().fields) == list(COLUMNS)
    assert list(OrderRowSerializer().fields) == list(ORDER_COLUMNS)


# Orders


def test_G4_orders_come_with_their_stages_and_go_forward_only(registry, owner):
    assert counts(keyed(registry, ORDERS, {"rows": [order(1), order(2)]})) == (2, 0, 0, 0)
    rows = [order(1, stage="shipped"), order(2), order(3, stage="delivered"), order(4, market="XX")]
    answer = keyed(registry, ORDERS, {"rows": rows})
    assert counts(answer) == (0, 1, 1, 2)
    assert [(row["index"], row["column"]) for row in answer.json()["errors"]] == [(2, "vin"), (3, "market")]
    back = keyed(registry, ORDERS, {"rows": [order(1, stage="built")]}).json()["errors"]
    assert [(row["index"], row["code"]) for row in back] == [(0, "order_moved_on")]
    assert OrderedVehicle.objects.get(order_number="LX-1").stage == "shipped"


def test_G4_a_delivered_order_is_in_the_garage_at_once(registry, owner):
    make_entry(7)
    answer = keyed(registry, ORDERS, {"rows": [order(1, stage="delivered", vin=vin(7))]})
    assert (counts(answer), answer.json()["delivered"]) == ((1, 0, 0, 0), 1)
    assert Membership.objects.get(account=owner).is_active


# Pairing codes


def test_V1_a_code_for_the_cars_screen_proves_access_once(backend, owner, stranger):
    make_entry(1)
    answer = backend.post(CODES, json={"vin": "jtj-sample-cy-900001"})
    told = answer.json()
    assert answer.status_code == 201
    assert told["qr"] == f"{oidc.SITE}/en/garage/cars/new/code/#{told['code']}"
    assert told["expires_at"] == (make.NOW + timedelta(minutes=10)).isoformat().replace("+00:00", "Z")
    app = oidc.sign_in_app(owner)
    assert app.post("/api/v1/vehicles/", json={"code": told["code"]}).json()["standing"] == "active"
    again = oidc.sign_in_app(stranger).post("/api/v1/vehicles/", json={"code": told["code"]})
    assert refused(again) == (409, "code_wrong")


def test_V1_a_code_is_kept_nowhere_whatever_key_is_sent(backend):
    make_entry(1)
    codes = {keyed(backend, CODES, {"vin": vin(1)}, key="the-same-key").json()["code"] for _ in range(2)}
    assert len(codes) == 2
    assert not IdempotentCall.objects.exists()
    assert not codes & set(PairingCode.objects.values_list("digest", flat=True))


def test_V1_a_car_that_nobody_knows_gets_no_code(backend):
    assert refused(backend.post(CODES, json={"vin": vin(1)})) == (409, "vin_unknown")


def test_machines_do_what_their_scopes_name_and_people_none_of_it(registry, backend, owner):
    assert refused(keyed(backend, CARS, {"rows": [car(1)]})) == (403, "scope_missing")
    assert refused(registry.post(CODES, json={"vin": vin(1)})) == (403, "scope_missing")
    assert keyed(oidc.sign_in_app(owner), CARS, {"rows": [car(1)]}).status_code == 401
    assert oidc.browser_of(owner).post(CODES, {"vin": vin(1)}).status_code == 401
