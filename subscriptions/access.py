"""Scoped getters: every look-up starts from the account, so that a stranger's subscription is not found (law 11)."""

from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import Account
from subscriptions.models import CardSetup, Document, PaymentCard, Refund, Subscription
from subscriptions.rules.lifecycle import RefundStatus, Status


def subscriptions_of(account: Account) -> QuerySet[Subscription]:
    """What came of the account's orders, newest first; orders of which nothing came are left out."""
    own = Subscription.objects.filter(account=account).exclude(status=Status.ABANDONED)
    return own.select_related("package", "plan", "vehicle", "market", "account").order_by("-ordered_at", "-pk")


def subscription_or_404(account: Account, public_id: UUID) -> Subscription:
    return get_object_or_404(subscriptions_of(account), public_id=public_id)


def cards_of(account: Account) -> QuerySet[PaymentCard]:
    """The wallet, primary card first, then newest first."""
    return PaymentCard.objects.in_wallet().filter(account=account).order_by("-is_primary", "-added_at", "-pk")


def card_or_404(account: Account, public_id: UUID) -> PaymentCard:
    return get_object_or_404(cards_of(account), public_id=public_id)


def card_setup_or_404(account: Account, public_id: UUID) -> CardSetup:
    return get_object_or_404(CardSetup.objects.filter(account=account), public_id=public_id)


def documents_of(account: Account) -> QuerySet[Document]:
    """Invoices and credit notes, newest first."""
    return (
        Document.objects.filter(account=account)
        .select_related("corrects", "replaces", "refund__payment__card")
        .order_by("-issued_at", "-pk")
    )


def document_or_404(account: Account, public_id: UUID) -> Document:
    return get_object_or_404(documents_of(account), public_id=public_id)


def refunds_of(subscription: Subscription) -> QuerySet[Refund]:
    """All that was promised back of it, newest first, with the card that paid (X6)."""
    return _refunds().filter(payment__subscription=subscription)


def open_refunds_of(account: Account) -> QuerySet[Refund]:
    """Promised and not accepted yet, newest first: they have no credit note to stand beside."""
    return _refunds().filter(account=account).exclude(status=RefundStatus.SUCCEEDED)


def _refunds() -> QuerySet[Refund]:
    return Refund.objects.select_related("payment__card", "payment__subscription__package").order_by(
        "-promised_at", "-pk"
    )
