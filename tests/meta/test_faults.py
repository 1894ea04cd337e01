"""The page of faults names a test for each, and each is a test."""

import re

import pytest

from tests.meta.test_docs import REPOSITORY, tables

PROVED_HERE = set(range(1, 59))
ROWS = {int(row["#"]): row for rows in tables(REPOSITORY / "docs" / "faults.md").values() for row in rows}
SOURCES = "\n".join(path.read_text() for path in (REPOSITORY / "tests").rglob("test_*.py"))


def test_every_fault_that_is_to_be_survived_has_its_row():
    assert ROWS.keys() >= PROVED_HERE


@pytest.mark.parametrize("number", sorted(ROWS))
def test_every_fault_names_tests_that_there_are(number):
    named = re.findall(r"`(test_\w+)`", ROWS[number]["Test"])
    assert named
    assert [name for name in named if f"def {name}(" not in SOURCES] == []


def test_every_test_named_after_a_fault_stands_in_its_row():
    for name in re.findall(r"^def (test_F\d+_\w+)\(", SOURCES, re.MULTILINE):
        for number in re.findall(r"F(\d+)_", name):
            assert f"`{name}`" in ROWS[int(number)]["Test"], number
