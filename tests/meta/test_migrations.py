"""Migrations beyond the first release's hold no long lock and need no stop; each can be taken back (fault 41, 42)."""

import pytest
from django.db.migrations.loader import MigrationLoader

from tests.meta.linted import objections, sql_of
from tests.meta.test_layout import APPS

# They make empty tables, and nobody is served before them.
FIRST_RELEASE = {
    ("portal", "0001_initial"),
    ("portal", "0002_audit_record"),
    ("accounts", "0001_initial"),
    ("accounts", "0002_sign_ins"),
    ("garage", "0001_initial"),
    ("subscriptions", "0001_initial"),
    ("support", "0001_initial"),
}
# What was looked at by a person: the rules that it may break, and why it holds nobody up.
EXCUSED: dict[tuple[str, str], dict[str, str]] = {}


@pytest.fixture(scope="module")
def later():
    """Those of our apps that come after the first release."""
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    return {key: migration for key, migration in known.items() if key[0] in APPS and key not in FIRST_RELEASE}


@pytest.mark.django_db
def test_no_later_migration_holds_a_long_lock(later):
    found = {key: objections(sql_of(*key)) for key in later}
    left = {key: [rule for rule in rules if rule not in EXCUSED.get(key, {})] for key, rules in found.items()}
    assert {key: rules for key, rules in left.items() if rules} == {}


def test_every_later_migration_can_be_taken_back(later):
    assert [key for key, each in later.items() if not all(step.reversible for step in each.operations)] == []


def test_what_is_excused_is_there(later):
    assert EXCUSED.keys() <= later.keys()


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ('CREATE INDEX "i" ON "garage_trip" ("ended_at");', "require-concurrent-index-creation"),
        ('ALTER TABLE "garage_trip" ADD COLUMN "x" integer NOT NULL;', "adding-required-field"),
        ('ALTER TABLE "garage_trip" ALTER COLUMN "x" SET NOT NULL;', "adding-not-nullable-field"),
        ('ALTER TABLE "garage_trip" ALTER COLUMN "x" TYPE bigint;', "changing-column-type"),
        ('ALTER TABLE "garage_trip" ADD CONSTRAINT "c" CHECK ("x" > 0);', "constraint-missing-not-valid"),
        ('ALTER TABLE "garage_trip" RENAME COLUMN "x" TO "y";', "renaming-column"),
        ('ALTER TABLE "garage_trip" DROP COLUMN "x";', "ban-drop-column"),
    ],
)
def test_what_would_stop_the_portal_is_found(sql, rule):
    assert rule in objections(f"BEGIN;\n{sql}\nCOMMIT;")


def test_what_stops_nothing_is_not_objected_to():
    assert objections('ALTER TABLE "garage_trip" ADD COLUMN "note" varchar(40) NULL;') == []
    assert objections('CREATE TABLE "t" ("id" bigint NOT NULL PRIMARY KEY); CREATE INDEX "i" ON "t" ("id");') == []


def test_the_first_release_is_what_it_was():
    assert MigrationLoader(None, ignore_no_migrations=True).disk_migrations.keys() >= FIRST_RELEASE
