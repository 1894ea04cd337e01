"""A car's data for whoever's they are: listed, downloaded whole, and nothing of another's time (D3, D4)."""

import csv
import io
import json
import tracemalloc
from datetime import UTC, datetime, timedelta
from zipfile import ZipFile

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from garage.actions.leave import end_membership
from garage.data import vehicle_data
from garage.data.files import OwnData, pieces_of, write_json, write_zip
from garage.data.vehicle_data import Kind
from garage.models import RegistryEntry, Vehicle
from portal.models import AuditRecord
from tests import make
from tests.garage.grants import REPORTS, report

pytestmark = pytest.mark.django_db
NOW, DAY = make.NOW, timedelta(days=1)
LATER = NOW + 20 * DAY


@pytest.fixture(autouse=True)
def _reports(monkeypatch):
    """One kind more, registered as an app would."""
    monkeypatch.setattr(vehicle_data, "_KINDS", dict(vehicle_data._KINDS))
    vehicle_data.register(REPORTS)


@pytest.fixture
def sold(car, owner, stranger):
    """The owner had the car for ten days, then the stranger; it reported on each day."""
    end_membership(car, now=NOW + 10 * DAY, by=owner)
    make.verified(stranger, car.vehicle, now=NOW + 11 * DAY)
    report(car.vehicle, by=owner, at=NOW + timedelta(hours=1), count=20, every=DAY)
    return car


def get(client, account, url, *, at=LATER):
    with time_machine.travel(at, tick=False):
        client.force_login(account)
        return client.get(url)


def content(response) -> bytes:
    return b"".join(response.streaming_content)


def table(data: bytes) -> list[dict[str, str]]:
    text = data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def files_of(client, account, link, *, at=LATER):
    """All data of the car by name of its kind: rows of the CSV and of the JSON."""
    zipped = content(get(client, account, reverse("vehicle_data_file", args=[link.public_id, "zip"]), at=at))
    document = content(get(client, account, reverse("vehicle_data_file", args=[link.public_id, "json"]), at=at))
    archive = ZipFile(io.BytesIO(zipped))
    assert {entry.date_time for entry in archive.infolist()} == {at.timetuple()[:6]}
    names = [name for name in archive.namelist() if name.endswith(".csv")]
    tables = {name.removesuffix(".csv"): table(archive.read(name)) for name in names}
    return tables, {kind["name"]: kind for kind in json.loads(document)["kinds"]}


def test_D3_every_kind_is_there_as_csv_and_as_json_and_both_say_the_same(client, car, owner):
    report(car.vehicle, by=owner, at=NOW + DAY, count=3, every=DAY)
    tables, kinds = files_of(client, owner, car)
    assert tables.keys() == kinds.keys() == {kind.name for kind in vehicle_data.kinds()}
    for name, kind in kinds.items():
        assert len(tables[name]) == len(kind["rows"]), name
        assert all(list(row) == kind["columns"] for row in [*tables[name], *kind["rows"]]), name
    assert [row["at"] for row in tables["reports"]] == [row["at"] for row in kinds["reports"]["rows"]]
    assert kinds["reports"]["rows"][-1] == {"at": "2026-06-13T09:00:00Z", "is_right": False}
    assert (kinds["reports"]["unit"], kinds["reports"]["retention_months"]) == ("km", 12)


def test_D4_the_seller_keeps_its_days_and_the_buyer_has_its_own(client, sold, owner, stranger):
    buyers = stranger.memberships.get()
    for account, link, days in ((owner, sold, range(10, 20)), (stranger, buyers, range(21, 30))):
        tables, kinds = files_of(client, account, link, at=NOW + 30 * DAY)
        assert [int(row["at"][8:10]) for row in tables["reports"]] == list(days), account
        assert [row["at"] for row in kinds["reports"]["rows"]] == [row["at"] for row in tables["reports"]]


def test_D4_the_seller_has_no_plate_and_no_reading_of_the_buyers(client, sold, owner, stranger):
    Vehicle.objects.update(plate="NEW001")
    RegistryEntry.objects.update(odometer_km=31_000, odometer_at=NOW + 15 * DAY)
    [sellers] = files_of(client, owner, sold)[0]["specification"]
    assert (sellers["vin"], sellers["plate"], sellers["odometer_km"]) == (sold.vehicle.vin, "", "")
    [buyers] = files_of(client, stranger, stranger.memberships.get())[0]["specification"]
    assert (buyers["plate"], buyers["odometer_km"], buyers["capabilities"]) == (
        "NEW001",
        "31000",
        '["navigation", "remote"]',
    )


def test_D4_what_is_older_than_its_retention_is_in_no_download(client, car, owner):
    report(car.vehicle, by=owner, at=NOW + DAY, count=1)
    after = NOW + 366 * DAY + DAY
    assert len(files_of(client, owner, car, at=NOW + 300 * DAY)[0]["reports"]) == 1
    assert files_of(client, owner, car, at=after)[0]["reports"] == []
    assert "none yet" in get(client, owner, reverse("vehicle_data", args=[car.public_id]), at=after).content.decode()


def test_D3_the_page_lists_unit_retention_rows_and_last_value(client, car, owner):
    report(car.vehicle, by=owner, at=NOW + DAY, count=1200, every=timedelta(minutes=1))
    page = get(client, owner, reverse("vehicle_data", args=[car.public_id])).content.decode()
    for words in ("Reports", "km", "Kept for 1 year.", "1,200", "is right: no", "12 June 2026, 07:59"):
        assert words in page, words
    assert "Kept with the car." in page
    assert "NX 350h, KAA001" in page


def test_D4_the_list_of_cars_names_those_that_one_had(client, sold, owner, stranger, market):
    assert reverse("vehicle_data", args=[sold.public_id]) in get(client, owner, reverse("own_data")).content.decode()
    somebody = make.account("somebody@example.com", market=market)
    assert "No car’s data so far" in get(client, somebody, reverse("own_data")).content.decode()


def test_D4_a_link_that_never_had_control_has_no_data(client, car, market):
    linked = make.verified(make.account("c@example.com", market=market), car.vehicle)
    for name, arguments in (
        ("vehicle_data", []),
        ("vehicle_data_file", ["zip"]),
        ("vehicle_data_kind", ["reports", "csv"]),
    ):
        answer = get(client, linked.account, reverse(name, args=[linked.public_id, *arguments]))
        assert answer["Location"] == reverse("control", args=[linked.public_id])
    end_membership(linked, now=NOW, by=linked.account)
    assert get(client, linked.account, reverse("vehicle_data", args=[linked.public_id])).status_code == 404


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("vehicle_data_file", ["csv"]),
        ("vehicle_data_kind", ["nothing", "csv"]),
        ("vehicle_data_kind", ["reports", "zip"]),
    ],
)
def test_what_is_no_kind_or_no_form_is_not_found(client, car, owner, name, arguments):
    assert get(client, owner, reverse(name, args=[car.public_id, *arguments])).status_code == 404


def test_D3_a_kind_alone_is_downloaded_with_a_name_without_vin_or_plate_and_on_record(client, car, owner):
    answer = get(client, owner, reverse("vehicle_data_kind", args=[car.public_id, "specification", "csv"]))
    assert answer["Content-Disposition"] == 'attachment; filename="specification-2026-06-30.csv"'
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert content(answer).startswith(b"\xef\xbb\xbfvin;model;")
    record = AuditRecord.objects.get(what="vehicle data downloaded")
    assert (record.account, record.data) == (owner, {"kinds": ["specification"], "form": "csv"})


def test_no_cell_of_the_csv_is_a_formula(client, car, owner):
    Vehicle.objects.update(colour='=HYPERLINK("https://evil.example.com")', model="@model", multimedia="+1")
    [row] = files_of(client, owner, car)[0]["specification"]
    assert row["colour"] == '\'=HYPERLINK("https://evil.example.com")'
    assert (row["model"], row["multimedia"]) == ("'@model", "'+1")


def test_downloads_are_limited_by_the_hour(client, car, owner, monkeypatch):
    monkeypatch.setattr("garage.actions.downloads.MOST_AN_HOUR", 2)
    url = reverse("vehicle_data_file", args=[car.public_id, "json"])
    assert [get(client, owner, url).status_code for _ in range(3)] == [200, 200, 302]
    assert "many downloads" in get(client, owner, reverse("vehicle_data", args=[car.public_id])).content.decode()
    assert get(client, owner, url, at=LATER + timedelta(hours=1)).status_code == 200


def test_a_page_costs_as_many_queries_for_many_rows_as_for_one(client, car, owner):
    url = reverse("vehicle_data", args=[car.public_id])
    counts = []
    assert get(client, owner, url).status_code == 200
    for _ in range(2):
        report(car.vehicle, by=owner, at=NOW + DAY, count=1000)
        with CaptureQueriesContext(connection) as captured:
            assert get(client, owner, url).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_memory_stays_flat_however_many_rows_there_are(car, owner):
    report(car.vehicle, by=owner, at=NOW + DAY, count=30_000, every=timedelta(seconds=1))
    data = OwnData(account=owner, vehicle=car.vehicle, kinds=vehicle_data.kinds(), now=LATER)
    tracemalloc.start()
    for write in (write_zip, write_json):
        assert sum(map(len, pieces_of(write, data))) > 100_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000


def test_rows_that_are_no_table_are_walked_through(client, car, owner, monkeypatch):
    def rows(own):
        yield {"at": datetime(2026, 6, 11, tzinfo=UTC), "note": "one"}
        yield {"at": datetime(2026, 6, 12, tzinfo=UTC), "note": "two"}

    vehicle_data.register(
        Kind(name="notes", title="Notes", unit="text", columns=("at", "note"), rows=rows, retention_months=6)
    )
    page = get(client, owner, reverse("vehicle_data", args=[car.public_id])).content.decode()
    assert "note: two" in page
    assert [row["note"] for row in files_of(client, owner, car)[0]["notes"]] == ["one", "two"]
    assert files_of(client, owner, car, at=NOW + 400 * DAY)[0]["notes"] == []
