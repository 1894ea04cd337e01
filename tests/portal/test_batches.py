"""Rows that are inserted and saved together by one statement are those that Django would have written."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from garage.models import DrivingDay, RegistryEntry
from portal.batches import add_all, insert_all, insert_new, put_all, save_all
from portal.files.columns import Columns, rows_of
from portal.models import AuditRecord, LegalEntity, Market, OutboxMessage, VatRate
from tests import make

AT = datetime(2026, 3, 29, 0, 59, 59, 123456, tzinfo=UTC)
# What JSON, quoting and PostgreSQL's arrays each have words of their own for.
WORDS = "Ωραία {\"a\", \\ NULL} 'quoted' \n %s"


def test_each_kind_of_value_comes_back_as_it_was(db):
    data = {"words": WORDS, "none": None, "list": [1, "2", True, 0.5], "empty": {}}
    written = AuditRecord(at=AT, on=date(2026, 3, 29), what=WORDS[:40], subject_id=2**40, data=data)
    insert_all([written])
    read = AuditRecord.objects.get(pk=written.pk)
    names = [field.attname for field in AuditRecord._meta.concrete_fields]
    assert [getattr(read, name) for name in names] == [getattr(written, name) for name in names]


def test_rows_get_their_keys_in_their_order(db, django_assert_num_queries):
    rows = [VatRate(country="CY", valid_from=date(2000 + year, 1, 1), rate=Decimal("19.25")) for year in range(20)]
    with django_assert_num_queries(1):
        insert_all(rows)
    for row in rows:
        assert VatRate.objects.get(pk=row.pk) == row
        assert VatRate.objects.get(pk=row.pk).valid_from == row.valid_from


def test_constraints_hold(db):
    row = {"country": "CY", "valid_from": date(2026, 1, 1), "category": "E"}
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_all([VatRate(rate=Decimal("0.00"), **row)])
    assert not VatRate.objects.exists()


def test_what_is_known_is_passed_over_if_so_wished(db):
    messages = [OutboxMessage(handler="none", dedup_key=key, created_at=AT, due_at=AT) for key in ("one", "two")]
    insert_all(messages[:1], passes_over_known=True)
    insert_all(messages, passes_over_known=True)
    assert sorted(OutboxMessage.objects.values_list("dedup_key", flat=True)) == ["one", "two"]


def test_new_rows_are_told_from_known_ones(db):
    rows = [VatRate(country="CY", valid_from=date(2000 + year, 1, 1), rate=Decimal(9)) for year in (0, 1, 1, 2)]
    assert insert_new(rows[:2], known_by=("country", "valid_from")) == rows[:2]
    new = insert_new(rows, known_by=("country", "valid_from"))
    assert [id(row) for row in new] == [id(rows[3])]
    assert VatRate.objects.count() == 3
    assert insert_new([], known_by=("country",)) == []


def test_numbers_are_added_to_those_that_are_there(market):
    def a_day(on: int, trips: int, product: str) -> DrivingDay:
        return DrivingDay(control=control, on=date(2026, 6, on), trips=trips, score_product=Decimal(product))

    control = make.active_car(make.account(market=market)).vehicle.control_periods.get()
    add_all([a_day(1, 2, "10.50")], known_by=("control", "on"))
    add_all([a_day(1, 3, "0.25"), a_day(2, 1, "7.00")], known_by=("control", "on"))
    add_all([], known_by=("control", "on"))
    read = DrivingDay.objects.order_by("on").values_list("trips", "score_product", "distance_m")
    assert list(read) == [(5, Decimal("10.75"), 0), (1, Decimal("7.00"), 0)]


def test_rows_are_put_over_those_that_are_there(market, django_assert_num_queries):
    def entry(number: int, **facts: object) -> RegistryEntry:
        whole = {"vin": f"JTJSAMPLECY9{number:05d}", "model": "NX", "capabilities": ["a", "b"], "updated_at": AT}
        return RegistryEntry(**whole | facts)

    put_all([entry(1, plate="KAA001", odometer_km=7, odometer_at=AT)], known_by=["vin"])
    with django_assert_num_queries(1):
        put_all([entry(1, capabilities=[]), entry(2)], known_by=["vin"])
    put_all([], known_by=["vin"])
    read = RegistryEntry.objects.order_by("vin").values_list("plate", "capabilities", "odometer_km", "updated_at")
    assert list(read) == [("", [], None, AT), ("", ["a", "b"], None, AT)]


def test_what_no_column_takes_is_refused(db):
    with pytest.raises(TypeError):
        insert_all([AuditRecord(at=AT, on=AT.date(), what="x", data={"what": object()})])


@pytest.mark.parametrize("count", [1, 3])
def test_fields_are_saved_in_one_statement(db, django_assert_num_queries, count):
    rows = [VatRate(country="CY", valid_from=date(2000 + year, 1, 1), rate=Decimal("19.00")) for year in range(count)]
    insert_all(rows)
    for number, row in enumerate(rows):
        row.rate, row.source, row.country = Decimal(number + 1), WORDS, "EL"
    with django_assert_num_queries(1):
        save_all(rows, ["rate", "source"])
    read = VatRate.objects.order_by("valid_from").values_list("rate", "source", "country")
    assert list(read) == [(Decimal(number + 1), WORDS, "CY") for number in range(count)]


def test_nothing_needs_no_statement(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        insert_all([])
        save_all([], ["rate"])


def test_a_statement_reads_rows_of_several_models(market, django_assert_num_queries):
    entity, place = Columns(LegalEntity, "e"), Columns(Market, "m", "code", "contact")
    statement = f"""
        SELECT {entity}, {place}, 7 FROM portal_legalentity e JOIN portal_market m ON m.legal_entity_id = e.id,
            generate_series(1, %s)
    """
    (read, there, number), (again, _, _) = rows_of(statement, [2], entity, place)
    assert (read, there, number) == (market.legal_entity, market, 7)
    assert read is again
    with django_assert_num_queries(0):
        assert (read.address_lines, there.contact) == (market.legal_entity.address_lines, market.contact)
    # What was not read comes when it is asked for.
    with django_assert_num_queries(1):
        assert there.currency == market.currency


def test_an_outer_join_that_finds_nothing_gives_none(market):
    rate = Columns(VatRate, "r")
    statement = f"SELECT {rate} FROM portal_market m LEFT JOIN portal_vatrate r ON r.country = 'nowhere'"
    assert list(rows_of(statement, [], rate)) == [[None]]
