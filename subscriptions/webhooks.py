"""What the payment provider tells of its own accord: verified first, stored once, then asked back.

An event is a hint. What became of a charge, a refund or a dispute is asked of the provider by its key and settled by
the actions that everybody else uses, so that neither order nor number of the events matters, nor whether they come.
"""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction

from portal import outbox
from subscriptions.actions.dispute import learn_dispute
from subscriptions.actions.refund import settle_refund
from subscriptions.actions.settle import settle
from subscriptions.gateway.port import Gateway
from subscriptions.models import Payment, ProviderEvent, Refund
from subscriptions.rules.lifecycle import RefundStatus


def receive(*, body: bytes, headers: Mapping[str, str], now: datetime, gateway: Gateway) -> ProviderEvent:
    """Stores a verified event and asks the outbox to handle it; told again, it is the same row.

    Raises `ForgedEvent` before anything is stored. WEBHOOK_SECRETS holds what the provider may sign with: two while
    one replaces the other.
    """
    event = gateway.read_event(body=body, headers=headers, secrets=settings.WEBHOOK_SECRETS, now=now)
    with transaction.atomic():
        row, _is_new = ProviderEvent.objects.get_or_create(
            event_id=event.event_id,
            defaults={"kind": event.kind, "subject_key": event.subject_key, "received_at": now},
        )
        outbox.enqueue("provider_event", dedup_key=f"provider_event:{row.pk}", now=now, provider_event_id=row.pk)
        return row


def handle(*, provider_event_id: int, now: datetime, gateway: Gateway) -> None:
    """Asks what the event is about and settles it. Safe to repeat. Raises `ProviderDown`: the outbox comes again.

    An event of something that we do not know, or that is settled, or of a kind that we do not read, changes nothing.
    """
    event = ProviderEvent.objects.get(pk=provider_event_id)
    match event.kind.partition(".")[0]:
        case "charge":
            _learn_charge(event.subject_key, now=now, gateway=gateway)
        case "refund":
            _learn_refund(event.subject_key, now=now, gateway=gateway)
        case "dispute":
            learn_dispute(dispute_ref=event.subject_key, now=now, gateway=gateway)
    ProviderEvent.objects.filter(pk=event.pk, handled_at__isnull=True).update(handled_at=now)


def _learn_charge(key: str, *, now: datetime, gateway: Gateway) -> None:
    payment = Payment.objects.filter(key=key).first()
    if payment is None or payment.is_settled:
        return
    outcome = gateway.find_charge(key=key)
    if outcome is not None:
        settle([(payment.pk, outcome)], now=now)


def _learn_refund(key: str, *, now: datetime, gateway: Gateway) -> None:
    # One that was promised anew has another key: what became of the earlier one is known, it was rejected.
    refund = Refund.objects.filter(key=key, status=RefundStatus.PROMISED).first()
    if refund is None:
        return
    outcome = gateway.find_refund(key=key)
    if outcome is not None:
        settle_refund(refund_id=refund.pk, key=key, outcome=outcome, now=now)
