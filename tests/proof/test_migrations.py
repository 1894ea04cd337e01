"""Back to the first migration and forth again, in a database of its own (fault 41): each has a reverse that works."""

from contextlib import ExitStack

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from subscriptions.ledger.check import check_ledger
from tests import make
from tests.faults.own_database import own_database
from tests.proof.results import note

pytestmark = pytest.mark.django_db(transaction=True)

OURS = ("support", "subscriptions", "garage", "accounts", "portal")


def columns() -> set[tuple[str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'"
        )
        return set(cursor.fetchall())


def test_F41_every_migration_goes_back_and_forth_and_leaves_the_same(tmp_path):
    with ExitStack() as stack:
        stack.enter_context(own_database(tmp_path / "database"))
        before = columns()
        for app in OURS:
            call_command("migrate", app, "zero", verbosity=0, interactive=False)
        assert not columns() & {column for column in before if column[0].startswith(OURS)}
        call_command("migrate", verbosity=0, interactive=False)
        assert columns() == before
        assert list(check_ledger(now=make.NOW)) == []
    note("migrations back and forth", apps=len(OURS), models=sum(len(apps.get_app_config(app).models) for app in OURS))
