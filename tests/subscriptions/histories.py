"""A history of any length: paid periods in bulk, invoiced by the code that invoices a charging run."""

from datetime import datetime, timedelta

from django.db import transaction

from subscriptions.actions.locking import lock_all
from subscriptions.invoicing.build import issue_invoices
from subscriptions.models import Document, Payment, Subscription
from tests import make


def invoice_more(subscription: Subscription, count: int, *, now: datetime = make.NOW) -> list[Document]:
    """So many more paid periods of it, each with its invoice, all issued at one moment."""
    paid = Payment.objects.filter(subscription=subscription).latest("period_index")
    columns = {field.attname for field in Payment._meta.concrete_fields} - {"id", "public_id"}
    common = {name: getattr(paid, name) for name in columns}
    copies = [Payment(**common | _later(paid, number)) for number in range(1, count + 1)]
    keys = [payment.pk for payment in Payment.objects.bulk_create(copies)]
    with transaction.atomic():
        payments = lock_all(keys)
    return issue_invoices(list(payments), now=now)


def _later(paid: Payment, number: int) -> dict[str, object]:
    index = paid.period_index + number
    return {
        "period_index": index,
        "key": f"period:{paid.subscription_id}:{index}",
        "charge_ref": f"charge:{paid.subscription_id}:{index}",
        "period_from": paid.period_from + timedelta(days=30 * number),
        "period_to": paid.period_to + timedelta(days=30 * number),
    }
