"""Events of services, subscriptions and money, for the app's backend. No sum: what the app may see it asks for."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from accounts.hooks.kinds import Ids, Kind, of_account, of_subject
from portal.models import AuditRecord
from subscriptions.actions.correct import CORRECTED
from subscriptions.models import Document, Subscription


def _subscription(_record: AuditRecord, row: Subscription) -> dict[str, str]:
    return {"subscription": str(row.public_id)}


def _payment(record: AuditRecord, row: Subscription) -> dict[str, str]:
    return _subscription(record, row) | {"payment": str(UUID(record.data["payment"]))}


def _refund(record: AuditRecord, row: Subscription) -> dict[str, str] | None:
    known = record.data.get("refund")
    return _subscription(record, row) | {"refund": str(UUID(known))} if known else None


def _renewed(record: AuditRecord, row: Subscription) -> dict[str, str] | None:
    """A further period is paid; the first charge begins the paid time, and renews nothing (S5)."""
    is_further = date.fromisoformat(record.data["from"]) > row.charge_date(0)
    return _payment(record, row) if is_further else None


def _documents(records: Sequence[AuditRecord]) -> Ids:
    """The trail knows documents by their number; of a correction it is the new invoice (I4)."""
    numbers = {record.pk: record.data.get("replacement") or record.data["number"] for record in records}
    rows = dict(Document.objects.filter(number__in=numbers.values()).values_list("number", "public_id"))
    accounts = of_account(records)
    return {
        pk: accounts.get(pk, {}) | {"document": str(rows[number])} for pk, number in numbers.items() if number in rows
    }


_NAMES = ("account", "subscription")
_OF_PAYMENTS = (*_NAMES, "payment")

KINDS = [
    Kind(
        name=name,
        text=text,
        told_by=frozenset(told_by),
        ids=of_subject(Subscription, ids=_subscription),
        names=_NAMES,
    )
    for name, text, told_by in [
        ("service.provisioned", "The car has switched a package on.", {"car on done"}),
        ("service.ended", "The car has switched a package off.", {"car off done"}),
        ("subscription.begun", "A subscription was ordered, or a free period taken up.", {"subscribed", "activated"}),
        ("subscription.cancelled", "A subscription was cancelled, or withdrawn from.", {"cancelled", "withdrawn"}),
        ("subscription.cancellation_undone", "A cancellation was taken back: it goes on.", {"cancel undone"}),
        ("subscription.ended", "A subscription has ended.", {"ended"}),
    ]
] + [
    Kind(
        name="subscription.renewed",
        text="A further period of a subscription is paid.",
        told_by=frozenset({"charged"}),
        ids=of_subject(Subscription, ids=_renewed),
        names=_OF_PAYMENTS,
    ),
    Kind(
        name="payment.failed",
        text="A charge was declined, or failed technically.",
        told_by=frozenset({"declined", "failed"}),
        ids=of_subject(Subscription, ids=_payment),
        names=_OF_PAYMENTS,
    ),
    Kind(
        name="refund.settled",
        text="A refund has left for the customer.",
        told_by=frozenset({"refunded"}),
        ids=of_subject(Subscription, ids=_refund),
        names=(*_NAMES, "refund"),
    ),
    Kind(
        name="document.issued",
        text="An invoice or credit note was issued.",
        told_by=frozenset({"invoice", "credit note", CORRECTED}),
        ids=_documents,
        names=("account", "document"),
    ),
]
