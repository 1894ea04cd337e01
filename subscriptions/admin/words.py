"""How the desk's pages say states, dates and amounts, and how they link to each other."""

from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from garage.models import ControlTransfer
from portal.desk.words import link, moment
from portal.templatetags.frame import day_in_words, money
from subscriptions.models import PaymentCard, Subscription, WorkItem
from subscriptions.models.work import (
    CAR_NOT_SWITCHED,
    CATALOGUE_UNREADABLE,
    CONTROL_OBJECTED,
    DISPUTE_OPENED,
    HOOK_NOT_TAKEN,
    REFUND_DIFFERS,
    REFUND_PROPOSED,
    REFUND_REJECTED,
)
from subscriptions.rules.cancellation import Basis
from subscriptions.rules.giving_back import Kind
from subscriptions.rules.lifecycle import DisputeState, EndReason, PaymentStatus, RefundStatus, Status
from subscriptions.words.reasons import refund_rejection

__all__ = ["link", "moment"]

STATES: dict[str, Promise] = {
    Status.PENDING: gettext_lazy("Ordered, first charge not settled"),
    Status.SCHEDULED: gettext_lazy("Ordered ahead"),
    Status.COMPLIMENTARY: gettext_lazy("Complimentary"),
    Status.TRIAL: gettext_lazy("In trial"),
    Status.PAID: gettext_lazy("Paid"),
    Status.PAST_DUE: gettext_lazy("Charge declined, being retried"),
    Status.ENDED: gettext_lazy("Ended"),
    Status.ABANDONED: gettext_lazy("Order came to nothing, first charge declined"),
}
END_REASONS: dict[str, Promise] = {
    EndReason.CANCELLED: gettext_lazy("cancelled"),
    EndReason.WITHDRAWN: gettext_lazy("withdrawn from the contract"),
    EndReason.PAYMENT_FAILED: gettext_lazy("not paid after three tries"),
    EndReason.VEHICLE_REMOVED: gettext_lazy("vehicle removed"),
    EndReason.BASE_ENDED: gettext_lazy("the package it needs has ended"),
    EndReason.EXPIRED: gettext_lazy("complimentary period over"),
    EndReason.DISPUTE_LOST: gettext_lazy("payment taken back by the customer’s bank"),
    EndReason.PRICE_NOT_ACCEPTED: gettext_lazy("new price not accepted"),
    EndReason.DISCONTINUED: gettext_lazy("package discontinued"),
    EndReason.ACCOUNT_CLOSED: gettext_lazy("account closed"),
    EndReason.CONTROL_LOST: gettext_lazy("control went to another account"),
    EndReason.STILL_FREE: gettext_lazy("still complimentary on the day"),
}
PAYMENT_STATES: dict[str, Promise] = {
    PaymentStatus.STARTED: gettext_lazy("begun"),
    PaymentStatus.UNKNOWN: gettext_lazy("outcome unknown, being asked"),
    PaymentStatus.SUCCEEDED: gettext_lazy("paid"),
    PaymentStatus.DECLINED: gettext_lazy("declined"),
    PaymentStatus.FAILED: gettext_lazy("provider failed, nothing charged"),
}
REFUND_STATES: dict[str, Promise] = {
    RefundStatus.PROMISED: gettext_lazy("promised, being sent"),
    RefundStatus.SUCCEEDED: gettext_lazy("paid back"),
    RefundStatus.REJECTED: gettext_lazy("rejected by the provider"),
    RefundStatus.REPLACED: gettext_lazy("not sent, the bank took the payment back"),
}
GIVEN_BACK: dict[str, Promise] = {
    Kind.WRONG_CHARGE: gettext_lazy("wrong charge"),
    Kind.MISSED_MONTH: gettext_lazy("free month that was missed"),
}
DISPUTE_STATES: dict[str, Promise] = {
    DisputeState.OPENED: gettext_lazy("open, refunds are frozen"),
    DisputeState.WON: gettext_lazy("won, nothing changed"),
    DisputeState.LOST: gettext_lazy("lost, booked as returned"),
}
# Findings of the ledger check keep their names, which docs/operations.md explains one by one.
WORK_KINDS: dict[str, Promise] = {
    REFUND_REJECTED: gettext_lazy("Refund rejected"),
    REFUND_DIFFERS: gettext_lazy("Another sum was refunded"),
    DISPUTE_OPENED: gettext_lazy("Disputed by the bank"),
    CONTROL_OBJECTED: gettext_lazy("Who controls the car?"),
    CAR_NOT_SWITCHED: gettext_lazy("A car has not switched a package"),
    CATALOGUE_UNREADABLE: gettext_lazy("A catalogue that is due cannot be read"),
    REFUND_PROPOSED: gettext_lazy("Refund to confirm"),
    HOOK_NOT_TAKEN: gettext_lazy("Webhooks are not taken"),
    "refund_failed_later": gettext_lazy("Refund failed after it was credited"),
    "transfer_overtaken": gettext_lazy("Refund paid twice?"),
    "payment_open_long": gettext_lazy("Payment unknown for a day"),
}
BASES: dict[str, Promise] = {
    Basis.NOT_STARTED: gettext_lazy("It has not begun. The order ends today and nothing is owed."),
    Basis.TRIAL: gettext_lazy("It stays active to the end of the trial. Nothing has been paid."),
    Basis.MONTHLY: gettext_lazy("It stays active to the end of the paid month. A month is not refunded."),
    Basis.PRO_RATA: gettext_lazy("The whole months that are left of the term are refunded."),
    Basis.UNPAID: gettext_lazy("A due charge is unpaid: the service ends today and nothing is owed."),
    Basis.COMPLIMENTARY: gettext_lazy("The complimentary period is given up and ends today."),
    Basis.WITHDRAWAL: gettext_lazy("The fourteen days are not over: what was paid is refunded."),
    Basis.CANCELLED_BEFORE: gettext_lazy("It was cancelled before. There is no second refund."),
    Basis.AT_ONCE: gettext_lazy("It ends at once. A free or paid month is not refunded."),
    Basis.DISCONTINUED: gettext_lazy("It ends with its package. There is nothing to refund."),
    Basis.WITH_BASE: gettext_lazy("It ends with its base. There is no refund."),
}


def state(subscription: Subscription) -> str:
    """The state with the date that matters in it."""
    words = str(STATES[subscription.status])
    if subscription.is_scheduled:
        return _("%(state)s, starts on %(day)s") % {"state": words, "day": day_in_words(subscription.activated_on)}
    if subscription.ends_on is None:
        return words
    values = {"state": words, "day": day_in_words(subscription.ends_on), "reason": end_reason(subscription)}
    if not subscription.is_live:
        return _("%(state)s on %(day)s: %(reason)s") % values
    if subscription.is_complimentary:
        return _("%(state)s until %(day)s") % values
    return _("%(state)s, ends on %(day)s: %(reason)s") % values


def end_reason(subscription: Subscription) -> str:
    return str(END_REASONS.get(subscription.end_reason, ""))


def package(subscription: Subscription) -> str:
    return subscription.package.name or subscription.package.code


def car(subscription: Subscription) -> str:
    vehicle = subscription.vehicle
    return " ".join(part for part in (vehicle.model, vehicle.plate, vehicle.vin) if part)


def card(row: PaymentCard) -> str:
    return f"{row.brand.title()} {row.last4}"


def amount(value: Decimal | None, currency: str) -> str:
    return "" if value is None else money(value, currency)


def link_to_subject(item: WorkItem) -> str:
    """The refund, payment or request for control itself; else the row's name as the finding has it."""
    if item.kind == CONTROL_OBJECTED:
        transfer = ControlTransfer.objects.select_related("giver", "vehicle").get(public_id=item.subject)
        return link(transfer, f"{transfer.vehicle.vin}, {transfer.giver.email}")
    if item.provisioning:
        asked = item.provisioning.subscription
        return link(item.provisioning, f"{asked.vehicle.vin}, {asked.package.code}")
    row = item.refund or item.payment
    return link(row, f"{amount(row.amount, row.currency)}, {row.account.email}") if row else item.subject


def work_in_words(item: WorkItem, *, has_transfer: bool) -> str:
    """Of a refund that was rejected, why the last try was, and what is under way; of a finding its own text."""
    if item.kind != REFUND_REJECTED or item.refund is None:
        return item.text
    reason = str(refund_rejection(item.refund.reason))
    return f"{reason} {_('A bank transfer waits to be confirmed.')}" if has_transfer else reason
