import io
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from accounts.models import Notice
from garage.actions.leave import end_membership
from garage.actions.orders import deliver_ordered_vehicle
from garage.files.orders import COLUMNS, load_order_rows, load_orders
from garage.models import Membership, OrderedVehicle, OrderStage
from garage.registry.local import LocalRegistry
from garage.tasks import deliver_ordered_vehicles
from portal.models import AuditRecord
from portal.refusals import Refusal
from tests import make
from tests.garage.cars import NOW, add, make_account, make_entry, prove, vin

HEADER = ",".join(COLUMNS)


@pytest.fixture(autouse=True)
def shown(cyprus):
    cyprus.shows_ordered_cars = True
    cyprus.save(update_fields=["shows_ordered_cars"])


def line(number=1, **cells):
    row = {
        "order_number": f"LX-{number}",
        "market": "CY",
        "email": "Anna@example.com",
        "model": "NX 450h+",
        "body": "suv",
        "colour_hex": "#8a1c2b",
        "stage": "ordered",
        "stage_on": "2026-05-02",
        "expected_on": "2026-09-01",
        "vin": "",
        "dealer": "",
    }
    return ",".join((row | cells).values())


def load(tmp_path, *lines, **options):
    file = tmp_path / "orders.csv"
    file.write_text("\n".join([HEADER, *lines]))
    out, err = io.StringIO(), io.StringIO()
    call_command("import_orders", file, stdout=out, stderr=err, **options)
    return out.getvalue().strip(), err.getvalue().splitlines()


def delivered(number=1, **cells):
    return line(number, stage="delivered", stage_on="2026-06-10", vin=vin(number), **cells)


def garage_of(client, account):
    client.force_login(account)
    return client.get(reverse("garage")).content.decode()


def change_address(account, email):
    account.emailaddress_set.update(email=email)
    account.email = email
    account.save(update_fields=["email"])


def kinds(account):
    rows = Notice.objects.filter(account=account, kind__startswith="order_").order_by("pk")
    return list(rows.values_list("kind", flat=True))


def test_G4_an_order_is_shown_in_my_garage_and_counts_no_car(client, anna, tmp_path):
    assert load(tmp_path, line())[0] == "1 new, 0 changed, 0 unchanged, 0 bad; 0 put into garages"
    page = garage_of(client, anna)
    assert "LX-1" in page
    assert "1 September 2026" in page
    assert not Membership.objects.exists()


def test_G4_nobody_else_sees_it_and_no_market_that_does_not_support_it(client, anna, petros, cyprus, tmp_path):
    load(tmp_path, line())
    assert "LX-1" not in garage_of(client, petros)
    cyprus.shows_ordered_cars = False
    cyprus.save(update_fields=["shows_ordered_cars"])
    assert "LX-1" not in garage_of(client, anna)


def test_the_same_file_twice_changes_nothing(anna, tmp_path):
    load(tmp_path, line(1), line(2))
    before = list(OrderedVehicle.objects.values())
    assert load(tmp_path, line(1), line(2))[0] == "0 new, 0 changed, 2 unchanged, 0 bad; 0 put into garages"
    assert list(OrderedVehicle.objects.values()) == before
    assert Notice.objects.filter(kind="order_stage").count() == 2


def test_G4_each_stage_is_told_once_and_kept_with_its_day(anna, tmp_path):
    load(tmp_path, line())
    for _ in range(2):
        load(tmp_path, line(stage="shipped", stage_on="2026-06-01"))
    load(tmp_path, line(stage="shipped", stage_on="2026-06-01", expected_on="2026-10-01"))
    assert [(one.stage, str(one.on)) for one in OrderStage.objects.order_by("pk")] == [
        ("ordered", "2026-05-02"),
        ("shipped", "2026-06-01"),
    ]
    assert kinds(anna) == ["order_stage"] * 2


def test_G4_on_delivery_the_order_becomes_a_car_of_the_garage_with_access_and_control(client, anna, tmp_path):
    make_entry(1)
    load(tmp_path, line())
    assert load(tmp_path, delivered())[0].endswith("1 put into garages")
    membership = Membership.objects.get(account=anna)
    assert (membership.is_verified, membership.is_active, membership.is_selected) == (True, True, True)
    assert "LX-1" not in garage_of(client, anna)
    assert kinds(anna) == ["order_stage", "order_delivered"]
    assert AuditRecord.objects.filter(what="order_delivered", account=anna).count() == 1


def test_G3_a_delivered_car_that_somebody_controls_is_verified_alone(anna, petros, tmp_path):
    prove(add(petros, 1))
    load(tmp_path, delivered())
    assert not Membership.objects.get(account=anna).is_active
    assert Membership.objects.get(account=anna).is_verified


def test_a_delivered_car_that_its_customer_has_added_already_is_verified(anna, tmp_path):
    membership = add(anna, 1)
    load(tmp_path, delivered())
    membership.refresh_from_db()
    assert membership.is_active
    assert Membership.objects.count() == 1


def test_V2_delivery_does_not_unblock(anna, tmp_path):
    membership = add(anna, 1)
    for km in (1, 2, 3):
        with pytest.raises(Refusal):
            prove(membership, km)
    load(tmp_path, delivered())
    membership.refresh_from_db()
    assert not membership.is_verified


def test_G1_a_delivered_car_waits_until_there_is_room_and_this_is_told_once(client, anna, tmp_path):
    cars = [add(anna, number) for number in range(1, 11)]
    make_entry(11)
    load(tmp_path, line(11))
    for _ in range(2):
        load(tmp_path, delivered(11))
    assert kinds(anna) == ["order_stage", "order_waits"]
    assert "as soon as there is room" in garage_of(client, anna)
    with transaction.atomic():
        end_membership(cars[0], now=NOW, by=anna)
    deliver_ordered_vehicles()
    assert Membership.objects.current().filter(account=anna, vehicle__vin=vin(11)).get().is_active
    assert kinds(anna) == ["order_stage", "order_waits", "order_delivered"]


def test_a_delivered_car_waits_for_the_account_of_its_address_and_for_the_registry(cyprus, tmp_path):
    load(tmp_path, delivered(1, email="late@example.com"))
    late = make_account("late@example.com", cyprus)
    deliver_ordered_vehicles()
    assert not Membership.objects.exists()
    make_entry(1)
    deliver_ordered_vehicles()
    assert Membership.objects.get(account=late).is_active


def test_who_registers_later_finds_the_order_and_an_unconfirmed_address_finds_nothing(client, cyprus, tmp_path):
    load(tmp_path, line(email="late@example.com"))
    late = make_account("late@example.com", cyprus)
    assert "LX-1" in garage_of(client, late)
    late.emailaddress_set.update(verified=False)
    assert "LX-1" not in garage_of(client, late)


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"email": "nobody"}, "email", "not like name@example.com"),
        ({"email": f"{'a' * 293}@example.com"}, "email", "longer than 254"),
        ({"email": "anna\0@example.com"}, "email", "cannot be printed"),
        ({"market": "XX"}, "market", "no market of this portal"),
        ({"stage": "sunk"}, "stage", "none of ordered"),
        ({"stage_on": ""}, "stage_on", "is empty"),
        ({"stage": "delivered"}, "vin", "a delivered car has a VIN"),
        ({"vin": "JTJ"}, "vin", "has 3"),
        ({"order_number": ""}, "order_number", "is empty"),
        ({"body": "boat"}, "body", "none of saloon"),
        ({"expected_on": "soon"}, "expected_on", "not a date"),
        ({"dealer": "nobody"}, "dealer", "no dealer of this market"),
    ],
)
def test_a_bad_row_is_told_with_its_line_and_the_good_ones_are_kept(anna, tmp_path, cells, column, reason):
    said, wrong = load(tmp_path, line(1), line(2, **cells), line(3), errors=tmp_path / "wrong.csv")
    assert said.startswith("2 new, 0 changed, 0 unchanged, 1 bad")
    assert wrong[0].startswith(f"line 3, {column}: ")
    assert reason in wrong[0]
    assert (tmp_path / "wrong.csv").read_text().count("\n") == 2


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (line(stage="built", stage_on="2026-06-01"), "which built cannot follow"),
        (line(stage="shipped", email="petros@example.com"), "another customer"),
    ],
)
def test_an_order_goes_neither_back_nor_to_somebody_else(anna, tmp_path, row, reason):
    load(tmp_path, line(stage="shipped"))
    _said, wrong = load(tmp_path, row, line(2))
    assert reason in wrong[0]
    assert OrderedVehicle.objects.get(order_number="LX-1").stage == "shipped"


def test_G4_a_customer_who_changes_the_address_keeps_the_order(anna, tmp_path):
    load(tmp_path, line())
    change_address(anna, "anna.new@example.com")
    moved = line(stage="shipped", stage_on="2026-06-01", email="anna.new@example.com")
    assert load(tmp_path, moved, line(2)) == ("1 new, 1 changed, 0 unchanged, 0 bad; 0 put into garages", [])
    order = OrderedVehicle.objects.get(order_number="LX-1")
    assert (order.account, order.email, order.stage) == (anna, "anna.new@example.com", "shipped")
    assert kinds(anna).count("order_stage") == 2


def test_a_row_that_the_database_refuses_is_told_and_the_others_are_kept(anna, tmp_path):
    table = OrderedVehicle._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT not_this_one CHECK (order_number <> 'LX-2')")
    said, wrong = load(tmp_path, line(1), line(2), line(3))
    assert said.startswith("2 new, 0 changed, 0 unchanged, 1 bad")
    assert wrong[0] == "line 3, line: could not be kept (IntegrityError)"


def test_an_order_that_changed_after_it_was_read_delivers_no_car_of_before(anna, tmp_path):
    load(tmp_path, line(), delivered())
    stale = OrderedVehicle.objects.get()
    load(tmp_path, delivered().replace(vin(1), vin(2)))
    make_entry(1)
    assert deliver_ordered_vehicle(order=stale, now=NOW) is None
    assert not Membership.objects.exists()


def test_an_order_whose_car_is_in_a_garage_is_closed(anna, tmp_path):
    make_entry(1)
    load(tmp_path, delivered())
    assert "in a garage already" in load(tmp_path, line(2), delivered(expected_on=""))[1][0]


def test_a_file_without_a_good_row_or_of_another_kind_is_refused(cyprus, tmp_path):
    with pytest.raises(CommandError, match="No row of"):
        load(tmp_path, line(market="XX"))
    (tmp_path / "cars.csv").write_text("vin,plate\n")
    with pytest.raises(CommandError, match="not an order file"):
        call_command("import_orders", tmp_path / "cars.csv")
    assert not OrderedVehicle.objects.exists()


def test_one_delivery_that_fails_holds_no_other_up(anna, settings, tmp_path, caplog):
    make_entry(2)
    load(tmp_path, line(1), line(2))
    settings.VEHICLE_REGISTRY = "tests.garage.test_ordered_cars.HalfRegistry"
    file = tmp_path / "orders.csv"
    file.write_text("\n".join([HEADER, delivered(1), delivered(2)]))
    assert load_orders(file, now=NOW + timedelta(days=1), report=print).delivered == 1
    assert "could not be delivered" in caplog.text


class HalfRegistry:
    """One of whose cars cannot be asked for."""

    def by_vin(self, number):
        if number == vin(1):
            raise ConnectionError("registry down")
        return LocalRegistry().by_vin(number)


def test_the_sample_orders_are_good(cyprus, capsys):
    make.dealer(cyprus, "sample-nicosia")
    call_command("import_orders", settings.BASE_DIR / "portal" / "data" / "lexus_cy" / "orders.csv")
    assert capsys.readouterr().out.startswith("3 new, 0 changed, 0 unchanged, 0 bad")


def test_a_stage_is_never_changed(anna, tmp_path):
    load(tmp_path, line())
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        OrderStage.objects.update(stage="built")


def test_the_dealer_may_be_named_and_a_sender_who_does_not_know_it_changes_nothing(anna, tmp_path, cyprus):
    dealer = make.dealer(cyprus)
    load(tmp_path, line(dealer=dealer.code))
    assert OrderedVehicle.objects.get().dealer == dealer
    file = tmp_path / "old.csv"
    header, cells = HEADER.removesuffix(",dealer"), line(stage="built").removesuffix(",")
    file.write_text(f"{header}\n{cells}")
    load_orders(file, now=NOW, report=print)
    assert (OrderedVehicle.objects.get().stage, OrderedVehicle.objects.get().dealer) == ("built", dealer)
    bad = []
    rows = [dict(zip(header.split(","), line(stage="shipped").split(","), strict=False))]
    load_order_rows(rows, now=NOW, report=bad.append)
    assert (bad, OrderedVehicle.objects.get().dealer) == ([], dealer)
    load(tmp_path, line(stage="shipped"))
    assert OrderedVehicle.objects.get().dealer is None
