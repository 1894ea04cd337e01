"""A6, docs/privacy.md: who had one of everything and has closed the account is found in no table without an own end."""

from datetime import UTC, datetime

import pytest
import time_machine
from allauth.idp.oidc.models import Client
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connection

from accounts.actions.profile import change_profile
from accounts.actions.sign_ins import begin_sign_in
from accounts.models import Account, Closing
from portal.models import OutboxMessage
from subscriptions.actions.closing import close, closing_quote, complete_closings, has_open_money
from subscriptions.actions.control_run import control_run
from subscriptions.actions.forget_unanswered import forget_unanswered
from tests import make, oidc
from tests.staff import give_app

# The outbox goes by the database's clock, which no test moves.
LATER = max(make.NOW, datetime.now(UTC)) + make.days(1)
# What tells who it was: the address, and what was typed last.
WORDS = ("owner@example.com", "Xanthippi", "Vafeiadou", "99 123 987")
# Each until its own time is over, by the job that docs/privacy.md names.
KEPT = {
    "accounts_notice": "retention of notices",
    # Two years after delivery or cancelling: whose it was the dealer knows.
    "garage_orderedvehicle": "retention of what nobody answered",
    "portal_auditrecord": "retention of the trail",
    "portal_outboxmessage": "retention of the outbox",
    "subscriptions_document": "retention",
}


def found() -> dict[str, int]:
    """Rows, by table, with any of the words in any column."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if not model._meta.proxy}
    counts = {}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f'SELECT count(*) FROM "{table}" AS row WHERE row::text ILIKE ANY(%s)', [LIKE])
            counts[table] = cursor.fetchone()[0]
    return {table: count for table, count in counts.items() if count}


LIKE = [f"%{word}%" for word in WORDS]


@pytest.fixture
def known(estate) -> Account:
    owner = Account.objects.get(pk=estate.owner.pk)
    names = {"first_name": WORDS[1], "last_name": WORDS[2], "phone": WORDS[3], "language": "en"}
    change_profile(account=owner, now=make.NOW, by=owner, **names)
    app, label = Client.objects.get(pk=oidc.APP), f"{WORDS[1]}’s telephone"
    begin_sign_in(account=owner, client=app, label=label, tokens=[], now=make.NOW, by=owner)
    give_app(owner)
    return Account.objects.get(pk=owner.pk)


def test_A6_no_table_tells_who_it_was_but_those_whose_own_time_runs(known, gateway, deliver, clock, files):
    before = found()
    assert {"accounts_account", "account_emailaddress", "accounts_copyaddress", "support_case"} & before.keys()
    close(account=known, confirmed=closing_quote(known, now=LATER), now=LATER, by=known)
    for night in (0, 1, 31):
        clock.now = LATER + make.days(night)
        with time_machine.travel(clock.now, tick=False):
            deliver()
            complete_closings(now=clock.now)
            control_run(now=clock.now)
            forget_unanswered(now=clock.now)
    waiting = OutboxMessage.objects.filter(done_at__isnull=True)
    assert list(waiting.values_list("handler", "payload", "last_error")) == []
    assert not has_open_money(known)
    assert Closing.objects.get().completed_at
    assert found().keys() - KEPT.keys() == set()
    assert not Authenticator.objects.filter(user=known).exists()
