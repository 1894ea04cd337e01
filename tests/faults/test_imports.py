"""Files of cars that are damaged, endless or hostile, and imports that are killed (fault 53)."""

import tracemalloc
from datetime import timedelta

import pytest
from django.utils import timezone

from garage.models import RegistryEntry
from garage.registry.loading import load_file
from subscriptions.ledger.check import check_ledger
from tests.faults.actors import KILLED
from tests.garage.test_import_vehicles import HEADER, line

pytestmark = pytest.mark.django_db(transaction=True)


def take(file, *lines: str, end: str = "\n") -> tuple[int, list[str]]:
    """How many were kept, and what was said to be wrong."""
    file.write_text("\n".join([HEADER, *lines]) + end)
    wrong: list = []
    outcome = load_file(file, now=timezone.now() + timedelta(days=1), report=wrong.append)
    assert list(check_ledger(now=timezone.now())) == []
    return outcome.kept, [str(each) for each in wrong]


def test_F53_a_line_without_end_is_one_bad_line_and_never_in_memory(tmp_path):
    file = tmp_path / "cars.csv"
    with file.open("w") as written:
        written.write(f"{HEADER}\n{line(1)}\n")
        for _ in range(3000):
            written.write("x" * 10_000)
        written.write(f"\n{line(2)}\n")
    wrong: list = []
    tracemalloc.start()
    outcome = load_file(file, now=timezone.now(), report=wrong.append)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (outcome.kept, [each.line for each in wrong]) == (2, [3])
    assert most < 3_000_000
    assert list(check_ledger(now=timezone.now())) == []


@pytest.mark.parametrize("formula", ["=1+1", "@SUM(A1)", "+1", "-1"])
def test_F53_a_cell_that_a_spreadsheet_would_calculate_is_told_and_not_kept(tmp_path, formula):
    kept, wrong = take(tmp_path / "cars.csv", line(1, model=formula), line(2))
    assert (kept, [each.split(":")[0] for each in wrong]) == (1, ["line 2, model"])
    assert "formula" in wrong[0]


def test_F53_a_file_that_ends_amid_a_line_keeps_what_came_before(tmp_path):
    kept, wrong = take(tmp_path / "cars.csv", line(1), line(2)[:40], end="")
    assert (kept, len(wrong)) == (1, 1)
    assert wrong[0].startswith("line 3, line:")


def test_F53_an_import_that_is_killed_half_way_is_started_again_and_keeps_each_car_once(tmp_path, start):
    file = tmp_path / "cars.csv"
    file.write_text("\n".join([HEADER, *map(line, range(1, 1102))]))
    code, _ = start("import cars", settings={"CARS": file}, dies_at=7).wait()
    assert code == KILLED
    assert 0 < RegistryEntry.objects.count() < 1101
    assert start("import cars", settings={"CARS": file}).wait()[0] == 0
    assert RegistryEntry.objects.count() == 1101
    assert list(check_ledger(now=timezone.now())) == []
