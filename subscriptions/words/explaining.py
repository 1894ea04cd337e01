"""P9: the answer to "why was I (not) charged?" in words, the same for customer and agent."""

from collections.abc import Iterable
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.models import AuditRecord
from portal.templatetags.frame import day_in_words, money
from subscriptions.models import Subscription
from subscriptions.rules.why import Calendar, Reason, Record, Why, why_charged
from subscriptions.words.reasons import decline_sentence

MOST_DAYS_AWAY = 3660
RECORDED = ("charged", "declined", "not tried", "failed", "unknown")
WORDS: dict[Why, Promise] = {
    Why.NOT_ORDERED: _("Nothing was charged: it was ordered on %(day)s."),
    Why.ACTIVATING: _(
        "Your order of %(day)s is being activated. Your bank has not answered yet; it may ask you to confirm."
    ),
    Why.CHARGED: _("%(amount)s was charged for the period that your contract had due."),
    Why.NOT_DUE: _("Nothing was due. The next charge of %(amount)s is due on %(day)s, not before."),
    Why.DUE: _("The charge of %(amount)s is due on %(day)s and is made on that day."),
    Why.DECLINED: _("%(amount)s was due. It was declined on %(day)s. %(reason)s"),
    Why.GIVEN_UP: _("%(amount)s was due, and the last of three tries failed. %(reason)s It ended that day."),
    Why.WAITING: _("%(amount)s is due since %(day)s. Your bank has not answered yet; nothing is charged twice."),
    Why.DELAYED: _("%(amount)s is due since %(day)s. The delay is ours: it is charged as soon as possible, once."),
    Why.NOT_RENEWING: _("Nothing is due any more: it does not renew and ends on %(day)s."),
    Why.NOT_ACCEPTED: _("Without your answer to the new price nothing is charged any more: it then ends on %(day)s."),
    Why.ENDED: _("Nothing is due any more: it ended on %(day)s."),
}
ACTIVATED_LATER = _("It is being activated: the car has not switched it on yet.")
NEXT_TRY = _("The next try is on %(day)s.")


def explain(subscription: Subscription, *, on: date, today: date, charges: list[Record] | None = None) -> str:
    """The sentences for that day; nothing for a complimentary period, which costs nothing.

    `charges` are the `charges_of` it, where somebody has read them.
    """
    if subscription.is_complimentary:
        return ""
    said = _in_words(reason_of(subscription, on=on, today=today, charges=charges), subscription)
    return f"{said} {ACTIVATED_LATER}" if subscription.waits_for_car and on == today else said


def day_asked(text: str, *, today: date) -> date:
    """The day that was asked about; one that cannot be read, or is too far away to matter, is today."""
    try:
        asked_on = date.fromisoformat(text)
    except ValueError:
        return today
    return asked_on if abs((asked_on - today).days) <= MOST_DAYS_AWAY else today


def reason_of(subscription: Subscription, *, on: date, today: date, charges: list[Record] | None = None) -> Reason:
    cancelled_at = subscription.cancelled_at
    calendar = Calendar(
        ordered_on=min(subscription.activated_on, subscription.market.local_date(subscription.ordered_at)),
        activated_on=subscription.activated_on,
        trial_months=subscription.trial_months,
        term_months=subscription.term_months,
        is_pending=subscription.is_pending,
        stopped_on=subscription.market.local_date(cancelled_at) if cancelled_at else None,
        ends_on=subscription.ends_on,
        stops_on=subscription.stops_on,
        stops_because=Why.NOT_ACCEPTED if _is_price_open(subscription) else Why.NOT_RENEWING,
    )
    records = charges_of(subscription) if charges is None else charges
    return why_charged(on=on, today=today, calendar=calendar, records=records)


def _is_price_open(subscription: Subscription) -> bool:
    offer = subscription.open_offer
    return offer is not None and offer.charge_on == subscription.stops_on


def charges_of(subscription: Subscription) -> list[Record]:
    """What the audit trail has of its charges, in the order in which it happened."""
    records = AuditRecord.objects.filter(
        subject_type=subscription._meta.label_lower, subject_id=subscription.pk, what__in=RECORDED
    )
    return charges_in(records)


def charges_in(records: Iterable[AuditRecord]) -> list[Record]:
    """The same of records that were read already, in whatever order."""
    return [
        Record(on=record.on, what=record.what, attempt=record.data["attempt"], reason=record.data.get("reason", ""))
        for record in sorted(records, key=lambda record: record.pk)
        if record.what in RECORDED
    ]


def _in_words(answer: Reason, subscription: Subscription) -> str:
    facts = {
        "day": day_in_words(answer.on),
        "amount": money(subscription.agreed_for(answer.index).price, subscription.currency),
        "reason": str(decline_sentence(answer.reason)) if answer.reason else "",
    }
    sentence = str(WORDS[answer.why]) % facts
    if answer.next_try_on:
        sentence = f"{sentence} {NEXT_TRY % {'day': day_in_words(answer.next_try_on)}}"
    return sentence
