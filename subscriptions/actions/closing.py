"""Closing an account (A6): everything that runs ends as by X7, cars and cards leave, and nobody comes in any more."""

import logging
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.actions.closing import close_account, complete_closing, nowhere_of
from accounts.barring import check_not_barred
from accounts.mail import enqueue_mail
from accounts.models import Account, Closing
from garage.actions.leave import end_membership
from garage.actions.locks import lock_cars
from garage.models import ControlPeriod, ControlTransfer, DriverAccess, Membership
from portal import audit, outbox
from portal.refusals import Refusal
from portal.texts import localized
from subscriptions.actions.accountants import end_access
from subscriptions.actions.end import end_as_quoted, end_if_reached, has_used_right, leavers, named
from subscriptions.actions.leave import close_settled_objections
from subscriptions.models import AccountantAccess, CardSetup, Dispute, Payment, PaymentCard, Refund, Subscription
from subscriptions.models.subscription import SubscriptionQuerySet
from subscriptions.rules.leaving import ClosingQuote, closing_of
from subscriptions.rules.lifecycle import OPEN_PAYMENTS, DisputeState, EndReason, RefundStatus

logger = logging.getLogger(__name__)

SETTLED = (RefundStatus.SUCCEEDED, RefundStatus.REPLACED)


def closing_quote(account: Account, *, now: datetime) -> ClosingQuote:
    """What closing the account at this moment would bring."""
    today = account.market.local_date(now)
    return closing_of(
        named(leavers(_running(account).exclude(ends_on__lte=today).add_ons_first())),
        cars=[car.public_id.hex for car in _cars(account)],
        cards=[card.public_id.hex for card in _cards(account)],
        has_used_right=has_used_right(account),
        today=today,
    )


def close(*, account: Account, confirmed: ClosingQuote, now: datetime, by: Account) -> Closing:
    """Closes it as confirmed; a second time changes nothing. What is in the air at the bank goes on: a charge that
    turns out made is refunded whole, a refund reaches the card that paid (X6, X11).

    Raises `Refusal`: barred, not_your_account, staff_account, quote_changed (X10).
    """
    check_not_barred(by, now=now)
    if by.pk != account.pk:
        raise Refusal("not_your_account", _("Only its owner can close an account."))
    with transaction.atomic():
        account = _lock(account)
        closing = Closing.objects.filter(account=account).first()
        if closing:
            return closing
        if account.is_staff:
            raise Refusal("staff_account", _("An account of staff is closed by an administrator."))
        quote = closing_quote(account, now=now)
        if confirmed != quote:
            raise Refusal("quote_changed", _("Something has changed since this page was made. Please look again."))
        for reached in _running(account).bases_first():
            end_if_reached(subscription_id=reached.pk, now=now)
        _end_all(account, quote, now=now, by=by)
        _let_cars_go(account, now=now, by=by)
        _remove_cards(account, now=now, by=by)
        for access in _accesses(account):
            end_access(access=access, now=now, by=by)
        _mail_farewell(account, quote, now=now)
        return close_account(account, now=now, by=by)


def complete_closings(*, now: datetime) -> int:
    """Nightly: of closed accounts whose money has come to rest, the rest goes too; how many. Safe to repeat.

    One bad row stops none of the others: it is logged, and found again by the next night.
    """
    count = 0
    waiting = Closing.objects.filter(completed_at__isnull=True).order_by("pk").values_list("pk", flat=True)
    for closing_id in list(waiting):
        try:
            count += _complete(closing_id, now=now)
        except Exception:
            logger.exception("closing could not be completed: %s", closing_id)
    return count


@transaction.atomic
def _complete(closing_id: int, *, now: datetime) -> bool:
    closing = Closing.objects.select_for_update(of=["self"], no_key=True).get(pk=closing_id)
    _forget_settled_cards(closing.account, now=now)
    if has_open_money(closing.account) or not complete_closing(closing, now=now):
        return False
    CardSetup.objects.filter(account=closing.account).update(billing_address={})
    _forget_addresses(closing.account)
    return True


# What is open


def open_payments_of(account: Account) -> QuerySet[Payment]:
    return Payment.objects.filter(account=account, status__in=OPEN_PAYMENTS).select_related("subscription__package")


def open_refunds_of(account: Account) -> QuerySet[Refund]:
    """Promised and not at rest yet, with the card that they go to."""
    return Refund.objects.filter(account=account).exclude(status__in=SETTLED).select_related("payment__card")


def open_disputes_of(account: Account) -> QuerySet[Dispute]:
    """Those whose bank is still looking into it (P10)."""
    opened = Dispute.objects.filter(payment__account=account, state=DisputeState.OPENED)
    return opened.select_related("payment__subscription__package")


def has_open_money(account: Account) -> bool:
    """Whether a document may still have to be made out to the customer."""
    return any(
        rows.exists() for rows in (open_payments_of(account), open_refunds_of(account), open_disputes_of(account))
    )


# Steps


def _lock(account: Account) -> Account:
    """The accounts, the cars, the links, what runs on them: in this order, as wherever they are locked.

    Whose documents it reads is locked with it: nobody who holds a car waits for an account. So are the cars that it
    had: no late report or trip of its time comes in beside the closing, and outlives it (A6).
    """
    owners = [access.owner_id for access in _accesses(account)]
    had = ControlPeriod.objects.filter(account=account).values_list("vehicle_id", flat=True)
    vehicles = {*_cars(account).values_list("vehicle_id", flat=True), *had}
    lock_cars(vehicle_ids=vehicles, account_ids=[account.pk, *owners])
    locked = Account.objects.select_related("market__brand").get(pk=account.pk)
    list(Membership.objects.filter(pk__in=_cars(locked)).order_by("pk").select_for_update(no_key=True))
    list(_running(locked).bases_first().prefetch_related(None).select_for_update(of=["self"], no_key=True))
    return locked


def _end_all(account: Account, quote: ClosingQuote, *, now: datetime, by: Account) -> None:
    quotes = {end.subscription: end.quote for end in quote.ends}
    for subscription in _running(account).add_ons_first():
        own = quotes[subscription.public_id.hex]
        end_as_quoted(subscription, own, reason=EndReason.ACCOUNT_CLOSED, now=now, by=by)


def _let_cars_go(account: Account, *, now: datetime, by: Account) -> None:
    for membership in _cars(account).select_related("account"):
        end_membership(membership, now=now, by=by)
        close_settled_objections(membership.vehicle_id, now=now)
    Membership.objects.filter(account=account).update(nickname="", invoice_reference="")


def _remove_cards(account: Account, *, now: datetime, by: Account) -> None:
    for card in _cards(account):
        PaymentCard.objects.filter(pk=card.pk).update(removed_at=now, is_primary=False)
        audit.record("card removed", account=account, by=by, now=now, subject=card, last4=card.last4)
    _forget_settled_cards(account, now=now)


def _forget_settled_cards(account: Account, *, now: datetime) -> None:
    """The provider forgets a card once nothing is on its way from it or to it; brand, last four and expiry stay here,
    beside the payments that it made."""
    busy = {payment.card_id for payment in open_payments_of(account)}
    busy |= {refund.payment.card_id for refund in open_refunds_of(account)}
    for card in PaymentCard.objects.filter(account=account).exclude(pk__in=busy).exclude(fingerprint=""):
        outbox.enqueue("forget_card", dedup_key=f"forget:{card.card_ref}", now=now, card_ref=card.card_ref)
        PaymentCard.objects.filter(pk=card.pk).update(fingerprint="", billing_address={})


def _accesses(account: Account) -> Iterator[AccountantAccess]:
    """Those who read the account's documents, and those whose documents it reads."""
    live = AccountantAccess.objects.filter(ended_at__isnull=True)
    yield from live.filter(owner=account).order_by("pk")
    yield from live.filter(accountant=account).order_by("pk")


def _forget_addresses(account: Account) -> None:
    """Of what it read, drove or took the rows stay, and say who and when by the account; its address goes."""
    nowhere = nowhere_of(account)
    AccountantAccess.objects.filter(accountant=account, ended_at__isnull=False).update(email=nowhere)
    DriverAccess.objects.filter(driver=account, ended_at__isnull=False).update(email=nowhere)
    ControlTransfer.objects.offers().filter(taker=account, ended_at__isnull=False).update(email=nowhere)


def _mail_farewell(account: Account, quote: ClosingQuote, *, now: datetime) -> None:
    """Worded and addressed while the account still knows whose it is."""
    rows = {
        row.public_id.hex: row for row in _of(account).filter(public_id__in=[end.subscription for end in quote.ends])
    }
    ends = [
        {
            "package": localized(rows[end.subscription].package.names, account.language),
            "refund": end.quote.refund,
            "currency": rows[end.subscription].currency,
        }
        for end in quote.ends
    ]
    context = {
        "brand": account.market.brand,
        "name": account.first_name,
        "closed_on": account.market.local_date(now),
        "ends": ends,
        "refund": quote.refund,
        "currency": account.market.currency,
        "refund_days": account.market.refund_days,
    }
    enqueue_mail(
        to=account.email,
        language=account.language,
        brand=account.market.brand,
        template="emails/closing/closed",
        context=context,
        now=now,
    )


def _running(account: Account) -> SubscriptionQuerySet:
    return _of(account).live()


def _of(account: Account) -> SubscriptionQuerySet:
    own = Subscription.objects.filter(account=account)
    return own.select_related("package", "plan", "market", "account").with_agreements()


def _cars(account: Account) -> QuerySet[Membership]:
    return Membership.objects.current().filter(account=account).order_by("linked_at", "pk")


def _cards(account: Account) -> QuerySet[PaymentCard]:
    return PaymentCard.objects.in_wallet().filter(account=account).order_by("added_at", "pk")
