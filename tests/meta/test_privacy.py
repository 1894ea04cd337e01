"""docs/privacy.md is whole: each field of each table has a kind, what is personal its end, and the end its proof."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from tests.meta.personal_fields import KINDS, read_kinds
from tests.meta.test_docs import Row, tables
from tests.meta.test_layout import ROOT

PAGE = ROOT / "docs" / "privacy.md"
HEADER = ("Rows", "Fields", "What for", "Basis", "Where", "Kept", "Ended by", "Proof")
LEADING = ("What they say", "Rows", "Basis")
BASES = {"contract", "law", "interest", "consent"}
# Of the account's owner, at once: `accounts/actions/closing.py` and what apps have registered there.
AT_ONCE = "closing"
NAMED = re.compile(r"`([\w. -]+)`")


@pytest.fixture(scope="module")
def kinds() -> dict[str, dict[str, str]]:
    return read_kinds()


def named(cell: str) -> list[str]:
    return NAMED.findall(cell)


def rows() -> list[Row]:
    return tables(PAGE)[HEADER]


def models() -> dict[str, set[str]]:
    found = (model._meta for model in apps.get_models(include_auto_created=True) if not model._meta.proxy)
    return {meta.label_lower: {field.name for field in meta.local_fields} for meta in found}


def test_D1_every_field_of_every_table_has_its_kind(kinds):
    assert {model: set(fields) for model, fields in kinds.items()} == models()
    assert {kind for fields in kinds.values() for kind in fields.values()} == KINDS


def test_D1_every_personal_field_stands_on_the_page_with_its_end(kinds):
    told = {row["Rows"].strip("`"): set(named(row["Fields"])) for row in rows()}
    personal = {m: {name for name, kind in f.items() if kind in {"personal", "secret"}} for m, f in kinds.items()}
    assert told == {model: fields for model, fields in personal.items() if fields}
    assert all(all(cell.strip() for cell in row.values()) and row["Basis"] in BASES for row in rows())


def test_D1_what_leads_to_a_person_stands_on_the_page_too(kinds):
    leading = {model for row in tables(PAGE)[LEADING] for model in named(row["Rows"])}
    linked = {model for model, fields in kinds.items() if "linked" in fields.values()}
    assert leading | {row["Rows"].strip("`") for row in rows()} >= linked
    assert leading <= linked


def test_D1_every_job_that_ends_something_is_in_the_schedule_and_every_proof_is_a_test():
    jobs = {job for row in rows() for job in named(row["Ended by"])}
    assert jobs - {AT_ONCE} <= set(settings.CELERY_BEAT_SCHEDULE)
    assert all(named(row["Ended by"]) and named(row["Proof"]) for row in rows())
    sources = "\n".join(path.read_text() for path in Path(ROOT / "tests").rglob("test_*.py"))
    assert [proof for row in rows() for proof in named(row["Proof"]) if f"def {proof}(" not in sources] == []


def test_D1_every_job_of_retention_ends_what_the_page_names():
    """A job that forgets, and that no row knows, would be a promise that nobody has read."""
    forgetting = {name for name in settings.CELERY_BEAT_SCHEDULE if name.startswith("retention")}
    assert forgetting <= {job for row in rows() for job in named(row["Ended by"])} | {"retention of webhooks"}


def test_D1_a_new_field_without_a_kind_is_found(kinds):
    assert kinds["accounts.account"].keys() != models()["accounts.account"] | {"shoe_size"}
