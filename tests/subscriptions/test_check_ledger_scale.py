"""The ledger check over many rows, made by SQL as copies of one subscription that the actions made."""

import time
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model

from garage.models import Membership
from portal.models import AuditRecord
from subscriptions.ledger.check import CHECKS, check_ledger
from subscriptions.models import Contract, Document, Payment, PaymentCard, Subscription
from tests import make

MANY = 2000


@pytest.fixture
def many(car, card, digital_key, gateway):
    """A paid subscription, and as many copies as asked for: each with account, card, contract, invoice and record."""
    make.subscription(car, package=digital_key, term="monthly", gateway=gateway)

    def copies(count: int) -> None:
        with connection.cursor() as cursor:
            _multiply(cursor, count)

    return copies


def _multiply(cursor: Any, count: int) -> None:
    """Keys of the copies are those of the original and n millions; their cars are keys only."""
    payment = Payment.objects.get()
    copied = {
        type(payment.account): {"email": "n || '@example.com'"},
        Membership: {"account_id": "{account}", "vehicle_id": "{vehicle}"},
        PaymentCard: {"account_id": "{account}", "card_ref": "'card' || n"},
        Subscription: {"account_id": "{account}", "vehicle_id": "{vehicle}"},
        Contract: {"subscription_id": "{subscription}", "number": "n::text"},
        Payment: {
            "account_id": "{account}",
            "subscription_id": "{subscription}",
            "card_id": "{card}",
            "key": "'key' || n",
            "charge_ref": "'charge' || n",
        },
        Document: {
            "account_id": "{account}",
            "subscription_id": "{subscription}",
            "payment_id": "{payment}",
            "sequence": "n + 1",
            "number": "'CY-2026-' || lpad((n + 1)::text, 6, '0')",
        },
    }
    keys = {"account": payment.account_id, "vehicle": payment.subscription.vehicle_id, "card": payment.card_id}
    keys |= {"subscription": payment.subscription_id, "payment": payment.pk}
    keys = {name: f"({key} + n * 1000000::bigint)" for name, key in keys.items()}
    cursor.execute("SET LOCAL session_replication_role = replica")
    for model, changed in copied.items():
        _copy(cursor, model, model.objects.get(), count, {name: sql.format(**keys) for name, sql in changed.items()})
    _copy_record(cursor, count, payment, keys)
    cursor.execute("UPDATE subscriptions_numberseries SET last_number = %s", [count + 1])
    cursor.execute("ANALYZE")


def _copy(cursor: Any, model: type[Model], row: Model, count: int, changed: dict[str, str]) -> None:
    table = model._meta.db_table
    columns = [field.column for field in model._meta.concrete_fields]
    changed |= {"id": f"{row.pk} + n * 1000000::bigint"}
    if "public_id" in columns:
        changed["public_id"] = f"md5('{table}' || n)::uuid"
    values = ", ".join(changed.get(name, f'"{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {values} FROM {table}, generate_series(1, {count}) n WHERE id = {row.pk}"
    )


def _copy_record(cursor: Any, count: int, payment: Payment, keys: dict[str, str]) -> None:
    named = "replace(md5('subscriptions_payment' || n)::uuid::text, '-', '')"
    data = {"data": f"""jsonb_build_object('payment', {named})""", "subject_id": keys["subscription"]}
    charged = AuditRecord.objects.get(what="charged")
    _copy(cursor, AuditRecord, charged, count, data | {"account_id": keys["account"]})


def test_thousands_of_subscriptions_are_proved_in_seconds(many):
    many(MANY)
    assert Document.objects.count() == MANY + 1
    began = time.perf_counter()
    assert list(check_ledger(now=make.NOW)) == []
    assert time.perf_counter() - began < 5


def test_one_row_among_thousands_is_found_and_named(many):
    many(MANY)
    payment = Payment.objects.get(key="key1234")
    Payment.objects.filter(pk=payment.pk).update(period_to=payment.period_from + make.days(1))
    [finding] = check_ledger(now=make.NOW)
    assert (finding.check, finding.subject) == ("period_dates", str(payment.public_id))
    assert len(CHECKS) > 25
