"""Scoped getters: every look-up starts from the account, so that a stranger's subscription is not found (law 11)."""

from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import Account
from garage.models import Membership
from portal.querying.rows_inside import with_rows
from portal.querying.written import Given, knowing, one_or_404, written
from subscriptions.models import (
    AccountantAccess,
    CardSetup,
    Contract,
    ContractAmendment,
    Document,
    DocumentBundle,
    OldDocument,
    Payment,
    PaymentCard,
    PlannedChange,
    Refund,
    Subscription,
)
from subscriptions.models.document import DocumentKind
from subscriptions.models.subscription import SubscriptionQuerySet
from subscriptions.rules.lifecycle import RefundStatus, Status


def subscriptions_of(account: Account) -> QuerySet[Subscription]:
    """What came of the account's orders, newest first; orders of which nothing came are left out."""
    # By way of the account, so that each knows it, and nobody reads it again.
    return _in_order(account.subscriptions.all())


def subscription_or_404(account: Account, public_id: UUID) -> Subscription:
    return one_or_404(knowing(_own(account=account.pk, public_id=public_id), account=account))


def subscription_in_full_or_404(account: Account, public_id: UUID) -> Subscription:
    """With its contract, and the change of term that waits for its day (`planned_changes`)."""
    return one_or_404(knowing(_own_in_full(account=account.pk, public_id=public_id), account=account))


def _in_order(subscriptions: SubscriptionQuerySet) -> SubscriptionQuerySet:
    own = subscriptions.exclude(status=Status.ABANDONED)
    own = own.select_related("package", "plan", "vehicle", "market", "referred_dealer")
    return own.with_agreements_inside().with_car().order_by("-ordered_at", "-pk")


@written
def _own(*, account: Given, public_id: Given) -> SubscriptionQuerySet:
    return _in_order(Subscription.objects.filter(account=account, public_id=public_id))


@written
def _own_in_full(*, account: Given, public_id: Given) -> QuerySet[Subscription]:
    own = _in_order(Subscription.objects.filter(account=account, public_id=public_id))
    own = own.select_related("contract__terms_version", "market__brand")
    return with_rows(own, planned_changes=PlannedChange.objects.waiting())


def refused_order(account: Account, public_id: UUID) -> Subscription | None:
    """The order with this id, if nothing came of it."""
    return Subscription.objects.filter(account=account, public_id=public_id, status=Status.ABANDONED).first()


def contract_or_404(account: Account, public_id: UUID) -> Contract:
    """Of the subscription with this id; what is free, and what waits for its first charge, has none."""
    contract: Contract | None = getattr(subscription_in_full_or_404(account, public_id), "contract", None)
    if contract is None:
        raise Http404
    return contract


def cards_of(account: Account) -> QuerySet[PaymentCard]:
    """The wallet, primary card first, then newest first."""
    return PaymentCard.objects.in_wallet().filter(account=account).order_by("-is_primary", "-added_at", "-pk")


def card_or_404(account: Account, public_id: UUID) -> PaymentCard:
    return get_object_or_404(cards_of(account), public_id=public_id)


def card_setup_or_404(account: Account, public_id: UUID) -> CardSetup:
    return get_object_or_404(CardSetup.objects.filter(account=account), public_id=public_id)


def documents_of(account: Account) -> QuerySet[Document]:
    """Invoices and credit notes, newest first: of all cars, of those that have left the garage, too."""
    return document_rows().filter(account=account).select_related("corrects", "replaces", "refund__payment__card")


def document_or_404(account: Account, public_id: UUID) -> Document:
    return get_object_or_404(documents_of(account), public_id=public_id)


def old_documents_of(account: Account) -> QuerySet[OldDocument]:
    """Of the system before this one, newest first."""
    return OldDocument.objects.filter(account=account).order_by("-issued_on", "-pk")


def old_document_or_404(account: Account, public_id: UUID) -> OldDocument:
    return get_object_or_404(old_documents_of(account), public_id=public_id)


def amendments_of(subscription: Subscription) -> QuerySet[ContractAmendment]:
    """What was agreed since the order, in the order in which it holds (S10)."""
    return subscription.amendments.select_related("terms_version").order_by("first_index")


def document_rows() -> QuerySet[Document]:
    """Everybody's, newest first: for staff, and to be narrowed."""
    return Document.objects.order_by("-issued_at", "-pk")


def bundles_of(account: Account) -> QuerySet[DocumentBundle]:
    """What the account itself has asked for, newest first."""
    own = DocumentBundle.objects.filter(requested_by=account, account=account)
    return own.select_related("account", "vehicle").order_by("-requested_at", "-pk")


def open_bundles_of(account: Account, now: datetime) -> QuerySet[DocumentBundle]:
    """Those that can still be fetched."""
    return bundles_of(account).filter(expires_at__gt=now)


def bundle_or_404(account: Account, public_id: UUID) -> DocumentBundle:
    return get_object_or_404(bundles_of(account), public_id=public_id)


def invoices_of(account: Account) -> QuerySet[Document]:
    """Those that hold and still say who the buyer was, newest first: no other invoice has taken their place (I4)."""
    return documents_of(account).filter(kind=DocumentKind.INVOICE, replaced_by__isnull=True, blanked_at__isnull=True)


# Documents of others (I5)


def accountants_of(owner: Account) -> QuerySet[AccountantAccess]:
    """Those whom the owner has invited and not ended, newest first, with their cars."""
    accesses = AccountantAccess.objects.filter(owner=owner, ended_at__isnull=True)
    return accesses.prefetch_related("vehicles").order_by("-invited_at", "-pk")


def accountant_or_404(owner: Account, public_id: UUID) -> AccountantAccess:
    return get_object_or_404(accountants_of(owner), public_id=public_id)


def accesses_of(accountant: Account) -> QuerySet[AccountantAccess]:
    """Whose documents this account may read, by now."""
    accesses = AccountantAccess.objects.filter(accountant=accountant, ended_at__isnull=True)
    return accesses.select_related("owner__market").order_by("accepted_at", "pk")


def access_or_404(accountant: Account, public_id: UUID) -> AccountantAccess:
    return get_object_or_404(accesses_of(accountant), public_id=public_id)


def invitation_or_404(account: Account, public_id: UUID) -> AccountantAccess:
    """Open, and to an address that this account has confirmed: nobody else learns that there is one."""
    addresses = EmailAddress.objects.filter(user=account, verified=True)
    emails = [email.lower() for email in addresses.values_list("email", flat=True)]
    invitations = AccountantAccess.objects.filter(email__in=emails, accepted_at__isnull=True, ended_at__isnull=True)
    return get_object_or_404(invitations.exclude(owner=account).select_related("owner"), public_id=public_id)


def documents_by_access(access: AccountantAccess) -> QuerySet[Document]:
    """The owner's documents of the cars that were chosen, newest first; nothing else of the owner's is behind it."""
    documents = documents_of(access.owner)
    return documents if access.is_of_all_cars else documents.filter(subscription__vehicle__in=access.vehicles.all())


def document_by_access_or_404(access: AccountantAccess, public_id: UUID) -> Document:
    return get_object_or_404(documents_by_access(access), public_id=public_id)


def refunds_of(subscription: Subscription) -> QuerySet[Refund]:
    """All that was promised back of it, newest first, with the card that paid (X6)."""
    return _refunds().filter(payment__subscription=subscription)


def refunds_with(link: Membership, *, promised_at: datetime) -> QuerySet[Refund]:
    """Those of the account for the car from that moment on: what its leaving brought, whatever became of it since."""
    own = _refunds().filter(account=link.account_id, payment__subscription__vehicle=link.vehicle_id)
    return own.filter(promised_at__gte=promised_at)


def open_refunds_of(account: Account) -> QuerySet[Refund]:
    """Promised and not accepted yet, newest first: they have no credit note to stand beside."""
    return _refunds().filter(account=account).exclude(status=RefundStatus.SUCCEEDED)


def refunds_to(account: Account) -> QuerySet[Refund]:
    """All that was promised back to the account."""
    return _refunds().filter(account=account)


def payments_of(account: Account) -> QuerySet[Payment]:
    """Each try at a charge, newest first."""
    own = Payment.objects.filter(account=account).select_related("card", "subscription__package")
    return own.order_by("-started_at", "-pk")


def _refunds() -> QuerySet[Refund]:
    return Refund.objects.select_related("payment__card", "payment__subscription__package").order_by(
        "-promised_at", "-pk"
    )


def has_running(account: Account) -> bool:
    """Whether a service of the account runs, or is about to, what is included with a car among them."""
    return Subscription.objects.live().filter(account=account).exists()
