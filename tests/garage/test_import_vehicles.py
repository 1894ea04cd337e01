import csv
import io
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command

from garage.models import RegistryEntry
from garage.registry import loading
from garage.registry.loading import load_file
from garage.registry.rows import COLUMNS
from portal.batches import insert_new
from tests.garage.cars import NOW, make_entry, vin

pytestmark = pytest.mark.django_db
SAMPLE = settings.BASE_DIR / "portal" / "data" / "lexus_cy" / "vehicles.csv"
HEADER = ",".join(COLUMNS)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


def line(number: int = 1, **cells: str) -> str:
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
        "purchased_on": "",
        "first_registered_on": "",
        "odometer_km": "24500",
        "odometer_at": "2026-06-10T09:00:00+03:00",
        "capabilities": "remote;navigation",
    }
    return ",".join((row | cells).values())


def load(tmp_path: Path, *lines: str, encoding: str = "utf-8", **options: object) -> tuple[str, list[str]]:
    """Imports the lines; what was said, and what was said to be wrong."""
    file = tmp_path / "cars.csv"
    file.write_bytes("\n".join(lines).encode(encoding))
    out, err = io.StringIO(), io.StringIO()
    call_command("import_vehicles", file, stdout=out, stderr=err, **options)
    return out.getvalue().strip(), err.getvalue().splitlines()


def test_the_columns_become_an_entry(tmp_path):
    assert load(tmp_path, HEADER, line(vin="jtj-sample-cy-900001", plate="kaa 001")) == (
        "1 new, 0 changed, 0 unchanged, 0 bad",
        [],
    )
    entry = RegistryEntry.objects.get()
    assert (entry.vin, entry.plate, entry.capabilities) == (vin(1), "KAA001", ["navigation", "remote"])
    assert entry.odometer_at == datetime(2026, 6, 10, 6, tzinfo=UTC)


def test_the_same_file_twice_changes_nothing_and_a_changed_row_is_written_alone(tmp_path):
    load(tmp_path, HEADER, line(1), line(2))
    before = dict(RegistryEntry.objects.values_list("vin", "updated_at"))
    assert load(tmp_path, HEADER, line(1), line(2))[0] == "0 new, 0 changed, 2 unchanged, 0 bad"
    assert dict(RegistryEntry.objects.values_list("vin", "updated_at")) == before
    assert load(tmp_path, HEADER, line(1), line(2, plate="KBB222"))[0] == "0 new, 1 changed, 1 unchanged, 0 bad"
    assert RegistryEntry.objects.get(vin=vin(1)).updated_at == before[vin(1)]


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"vin": "JTJSAMPLECY90000"}, "vin", "has 16"),
        ({"vin": "JTJSAMPLECY9O0001"}, "vin", "'O' at position 13"),
        ({"plate": "???"}, "plate", "not a registration plate"),
        ({"model": ""}, "model", "is empty"),
        ({"model": "x" * 61}, "model", "longer than 60"),
        ({"colour": "Red\x00"}, "colour", "cannot be printed"),
        ({"body": "boat"}, "body", "none of saloon, suv, coupe, hatchback"),
        ({"colour_hex": "red"}, "colour_hex", "not like #8a1c2b"),
        ({"powertrain": "steam"}, "powertrain", "none of petrol"),
        ({"multimedia": "mm 21"}, "multimedia", "not like MM21"),
        ({"market": "Cyprus"}, "market", "not like CY"),
        ({"warranty_start": "15/03/2024"}, "warranty_start", "not a date like"),
        ({"purchased_on": "2023-02-29"}, "purchased_on", "day is out of range"),
        ({"odometer_km": "-1"}, "odometer_km", "whole number"),
        ({"odometer_at": "2026-06-10T09:00:00"}, "odometer_at", "moment with its zone"),
        ({"odometer_at": "yesterday"}, "odometer_at", "moment with its zone"),
        ({"odometer_at": "0001-01-01T00:00:00+14:00"}, "odometer_at", "moment with its zone"),
        ({"odometer_at": ""}, "odometer_at", "needs both"),
        ({"odometer_at": "2026-06-12T09:00:00+03:00"}, "odometer_at", "in the future"),
        ({"capabilities": "remote;=1+1"}, "capabilities", "not the name of a capability"),
        ({"colour": "red, dark"}, "line", "16 values instead of 15"),
        ({"colour": '"red" dark'}, "line", "not a line of comma-separated values"),
    ],
)
def test_a_bad_row_is_told_with_line_column_and_reason_and_the_good_ones_are_kept(tmp_path, cells, column, reason):
    said, wrong = load(tmp_path, HEADER, line(2), line(1, **cells), line(3))
    assert said == "2 new, 0 changed, 0 unchanged, 1 bad"
    assert wrong[0].startswith(f"line 3, {column}: ")
    assert reason in wrong[0]


def test_everything_wrong_with_a_row_is_told_at_once(tmp_path):
    _, wrong = load(tmp_path, HEADER, line(2), line(1, body="boat", market="?"))
    assert [sentence.split(":")[0] for sentence in wrong] == ["line 3, body", "line 3, market"]


def test_a_vin_that_comes_twice_is_taken_once(tmp_path):
    said, wrong = load(tmp_path, HEADER, line(1), "", line(1, plate="KBB222"))
    assert (said, wrong) == ("1 new, 0 changed, 0 unchanged, 1 bad", ["line 4, vin: the same VIN as in line 2"])
    assert RegistryEntry.objects.get().plate == "KAA001"


def test_a_byte_order_mark_windows_line_ends_and_another_order_of_columns_do_no_harm(tmp_path):
    names, cells = HEADER.split(","), line().split(",")
    lines = [",".join(reversed(names)).upper() + "\r", ",".join(reversed(cells)) + "\r"]
    assert load(tmp_path, *lines, encoding="utf-8-sig")[0] == "1 new, 0 changed, 0 unchanged, 0 bad"


@pytest.mark.parametrize(
    ("lines", "encoding", "sentence"),
    [
        ([], "utf-8", "missing: vin"),
        (["name,colour"], "utf-8", "not known: name"),
        ([HEADER.replace(",", ";")], "utf-8", "separated by commas"),
        ([HEADER + ",vin"], "utf-8", "twice: vin"),
        (['"vin'], "utf-8", "missing: vin"),
        ([HEADER, line(1), line(2, colour="Κόκκινο")], "iso8859-7", "not in UTF-8"),
        ([HEADER, line(1)], "utf-16", "not in UTF-8"),
        ([HEADER], "utf-8", "No row of"),
        ([HEADER, line(body="boat")], "utf-8", "No row of"),
    ],
)
def test_a_file_that_cannot_be_taken_is_said_to_be_so_and_changes_nothing(tmp_path, lines, encoding, sentence):
    with pytest.raises(CommandError, match=sentence) as error:
        load(tmp_path, *lines, encoding=encoding)
    assert error.value.returncode == 1
    assert not RegistryEntry.objects.exists()


@pytest.mark.parametrize(("name", "sentence"), [("nothing.csv", "No such file"), (".", "Is a directory")])
def test_a_file_that_is_not_there_is_said_to_be_so(tmp_path, name, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("import_vehicles", tmp_path / name)


def test_what_is_wrong_is_written_to_a_file_if_asked(tmp_path):
    load(tmp_path, HEADER, line(1), line(2, body="boat"), errors=tmp_path / "wrong.csv")
    rows = list(csv.reader((tmp_path / "wrong.csv").read_text().splitlines()))
    assert rows[0] == ["line", "column", "reason"]
    assert rows[1][:2] == ["3", "body"]


def test_an_errors_file_that_cannot_be_written_is_said_before_anything_is_done(tmp_path):
    with pytest.raises(CommandError, match="cannot be written"):
        load(tmp_path, HEADER, line(1), errors=tmp_path / "no" / "wrong.csv")
    assert not RegistryEntry.objects.exists()


def test_readings_can_be_stamped_with_another_moment(tmp_path):
    noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
    load(tmp_path, HEADER, line(1, odometer_at=""), line(2, odometer_km="", odometer_at=""), readings_at=noon)
    assert list(RegistryEntry.objects.order_by("vin").values_list("odometer_at", flat=True)) == [noon, None]


def test_a_moment_that_is_none_is_refused(tmp_path):
    with pytest.raises(CommandError, match="moment with its zone"):
        call_command("import_vehicles", str(tmp_path / "cars.csv"), "--readings-at", "soon")


def test_a_file_of_several_batches_is_taken_whole(tmp_path):
    said, _ = load(tmp_path, HEADER, *[line(number) for number in range(1, 2502)])
    assert said == "2501 new, 0 changed, 0 unchanged, 0 bad"
    assert RegistryEntry.objects.count() == 2501


def test_a_run_that_was_stopped_is_started_again_and_finds_its_first_part_unchanged(tmp_path):
    lines = [HEADER, *[line(number) for number in range(1, 2502)], line(9000, body="boat"), line(2502)]

    def stops(_cell: object) -> None:
        raise KeyboardInterrupt

    file = tmp_path / "cars.csv"
    file.write_text("\n".join(lines))
    with pytest.raises(KeyboardInterrupt):
        load_file(file, now=NOW, report=stops)
    assert RegistryEntry.objects.count() == 2000
    assert load(tmp_path, *lines)[0] == "502 new, 0 changed, 2000 unchanged, 1 bad"


def test_V1_a_car_that_comes_between_the_look_and_the_writing_keeps_its_later_reading(tmp_path, monkeypatch):
    def insert_late(rows, **how):
        make_entry(1, plate="OLD1", odometer_km=25_000, odometer_at=NOW)
        return insert_new(rows, **how)

    monkeypatch.setattr(loading, "insert_new", insert_late)
    assert load(tmp_path, HEADER, line(1), line(2))[0] == "1 new, 1 changed, 0 unchanged, 0 bad"
    entry = RegistryEntry.objects.get(vin=vin(1))
    assert (entry.plate, entry.odometer_km, entry.odometer_at) == ("KAA001", 25_000, NOW)


def test_bad_lines_are_written_out_to_be_mended_and_given_back(tmp_path):
    rejected = tmp_path / "rejected.csv"
    load(tmp_path, HEADER, line(1), line(2, body="boat"), line(1), '"' + line(3), rejected=rejected)
    assert rejected.read_text().splitlines() == [HEADER, line(2, body="boat"), line(1), '"' + line(3)]
    mended = rejected.read_text().replace("boat", "suv").replace('"', "")
    assert load(tmp_path, *mended.splitlines())[0] == "2 new, 0 changed, 1 unchanged, 0 bad"


def test_where_nothing_is_bad_the_file_of_bad_lines_is_empty(tmp_path):
    load(tmp_path, HEADER, line(1), rejected=tmp_path / "rejected.csv")
    assert (tmp_path / "rejected.csv").read_text() == ""


def test_a_vin_that_comes_again_far_below_is_told_with_its_first_line(tmp_path):
    lines = [line(number) for number in range(1, 1502)]
    _said, wrong = load(tmp_path, HEADER, *lines, line(3))
    assert wrong == ["line 1503, vin: the same VIN as in line 4"]


def test_the_memory_of_a_run_does_not_grow_with_the_file(tmp_path):
    def most_memory(numbers: range) -> int:
        file = tmp_path / "cars.csv"
        file.write_text("\n".join([HEADER, *map(line, numbers)]))
        tracemalloc.start()
        load_file(file, now=NOW, report=print)
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    most_memory(range(500))
    few, many = most_memory(range(1000, 2000)), most_memory(range(2000, 5000))
    assert many < few * 1.1


def test_the_sample_registry_is_good_and_its_first_twelve_are_as_listed():
    call_command("import_vehicles", str(SAMPLE), "--readings-at", "now", stdout=io.StringIO())
    assert RegistryEntry.objects.count() == 240
    listed = [cells for cells in map(_cells, (SAMPLE.parent / "README.md").read_text().splitlines()) if len(cells) == 7]
    for cells in listed[2:]:
        entry = RegistryEntry.objects.get(vin=cells[0])
        assert (entry.plate, entry.model, entry.multimedia) == tuple(cells[1:4])
        assert cells[6].startswith(f"{entry.odometer_km:,} km" if entry.odometer_km else "never sent")
    assert len(listed[2:]) == 12


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]
