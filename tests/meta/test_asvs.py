"""docs/asvs.md: every item of levels 1 and 2 stands there once; what is met, in whatever way, names tests there are."""

import re

from tests.meta.test_docs import Row, tables
from tests.meta.test_layout import ROOT

PAGE = ROOT / "docs" / "asvs.md"
MET = ("Items", "How, and where", "Proof")
OTHERWISE = ("Items", "What there is, and why", "Proof")
EXCUSED = ("Items", "Why")
LIMITS = ("What", "How often", "Proof")
UPLOADS = ("What", "Kinds", "At most", "Kept", "Proof")
KEYS = ("Variable", "What it does", "Changed")
# The ids alone, of ASVS 5.0.0.
ITEMS = (ROOT / "tests" / "meta" / "asvs_items.txt").read_text().split()


def items(rows: list[Row]) -> list[str]:
    return [item for row in rows for item in row["Items"].split(", ")]


def proofs(rows: list[Row]) -> list[list[str]]:
    return [re.findall(r"`(test_\w+)`", row["Proof"]) for row in rows]


def missing(rows: list[Row]) -> list[str]:
    sources = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    return [proof for found in proofs(rows) for proof in found or ["none"] if f"def {proof}(" not in sources]


def test_every_item_stands_on_the_page_once_and_none_is_open():
    known = tables(PAGE)
    assert sorted(items(known[MET]) + items(known[OTHERWISE]) + items(known[EXCUSED])) == sorted(ITEMS)
    assert all(len(row["How, and where"]) > 8 for row in known[MET])
    assert all(len(row["What there is, and why"]) > 80 for row in known[OTHERWISE])
    assert all(len(row["Why"]) > 8 for row in known[EXCUSED])


def test_every_item_that_is_met_names_tests_that_there_are():
    assert missing(tables(PAGE)[MET]) == []
    assert missing(tables(PAGE)[OTHERWISE]) == []


def test_every_limit_of_the_table_has_its_proof():
    assert missing(tables(PAGE)[LIMITS]) == []


def test_every_upload_of_the_table_has_its_proof():
    assert missing(tables(PAGE)[UPLOADS]) == []


def test_every_key_of_the_table_is_a_variable_of_the_readme():
    readme = (ROOT / "README.md").read_text()
    assert [row for row in tables(PAGE)[KEYS] if f"| {row['Variable']} |" not in readme] == []
