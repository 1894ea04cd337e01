"""What happened to a subscription, in words, from the audit trail; and what is planned."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from accounts.models import Notice
from accounts.notices.kinds import KINDS
from portal.models import AuditRecord
from portal.querying.written import Given, written
from portal.templatetags.frame import day_in_words, money
from subscriptions.models import Subscription
from subscriptions.words.reasons import decline_sentence
from subscriptions.words.terms import term_name

Event = dict[str, Any]


# Notices that nothing else here speaks of.
TOLD = frozenset(
    {
        *("trial_ending", "charge_upcoming", "charge_upcoming_early"),
        *("complimentary_ending", "package_discontinued", "term_change_ready"),
    }
)


def timeline_of(subscription: Subscription, records: list[AuditRecord] | None = None) -> list[Event]:
    """Newest first: `date`, `title`, `text`, `tone`, `is_planned`. Two queries, one less with its `records_of`."""
    happened = records_of(subscription) if records is None else records
    moments = [(record.at, _happened(record, subscription)) for record in happened]
    moments = [(notice.created_at, _told(notice, subscription)) for notice in _notices(subscription)] + moments
    # Of one moment the notice is the newer, and records stay in their own order.
    return _planned(subscription) + [event for _at, event in sorted(moments, key=itemgetter(0), reverse=True)]


def records_of(subscription: Subscription) -> list[AuditRecord]:
    """All of its audit trail that there are words for, newest first."""
    return _records(subject=subscription.pk)


@written
def _records(*, subject: Given) -> QuerySet[AuditRecord]:
    records = AuditRecord.objects.filter(subject_type=Subscription._meta.label_lower, subject_id=subject)
    return records.filter(what__in=WORDS).order_by("-id")


def _happened(record: AuditRecord, subscription: Subscription) -> Event:
    return {"date": record.on, **event_of(record, subscription.currency)}


def _notices(subscription: Subscription) -> QuerySet[Notice]:
    """Its own, also those that are told several times, of other occasions."""
    key = str(subscription.public_id)
    about = Q(subject_key=key) | Q(subject_key__startswith=f"{key}:")
    return Notice.objects.filter(about, account=subscription.account_id, kind__in=TOLD).order_by("-id")


def _told(notice: Notice, subscription: Subscription) -> Event:
    on = subscription.market.local_date(notice.created_at)
    text = _("We told you, for %(day)s.") % {"day": day_in_words(notice.event_on)}
    return {"date": on, "title": str(KINDS[notice.kind].title), "text": text, "tone": "neutral"}


def event_of(record: AuditRecord, currency: str) -> Event:
    """One of `WORDS` in words, by the facts of the record and its day."""
    return WORDS[record.what](record.data | {"on": record.on.isoformat()}, currency)


def _planned(subscription: Subscription) -> list[Event]:
    if subscription.ends_on and subscription.is_live:
        return [_event(_("Ends"), on=subscription.ends_on)]
    offer = subscription.open_offer
    if offer and offer.period_index == subscription.periods_paid:
        return [_event(_("Ends, unless you accept the new price"), on=offer.charge_on)]
    if subscription.is_scheduled:
        return _not_started(subscription)
    if subscription.next_try_on and not subscription.has_stopped(subscription.next_try_on):
        amount = money(subscription.next_price, subscription.currency)
        return [_event(_("Charge of %(amount)s") % {"amount": amount}, on=subscription.next_try_on)]
    if subscription.is_live and subscription.discontinued_on:
        return [_event(_("Ends with its package"), on=subscription.discontinued_on)]
    return []


def _not_started(subscription: Subscription) -> list[Event]:
    """Newest first, as everywhere: its first charge, which may be on the day of its start."""
    amount = money(subscription.next_price, subscription.currency)
    charge = _event(_("Charge of %(amount)s") % {"amount": amount}, on=subscription.charge_date(0))
    return [charge, _event(_("Starts"), on=subscription.activated_on)]


def _event(title: str, *, on: date) -> Event:
    return {"date": on, "title": title, "is_planned": True}


def _amount(data: dict[str, Any], key: str, currency: str) -> str:
    return money(Decimal(data[key]), currency)


def _subscribed(data: dict[str, Any], currency: str) -> Event:
    starts_on = data.get("starts_on", "")
    starts = _("Starts on %(day)s.") % {"day": _day(starts_on)} if starts_on > data["on"] else ""
    trial = _("With the free month: first charge on %(day)s.") % {"day": _day(data["first_charge_on"])}
    return {
        "title": _("Ordered for %(price)s") % {"price": _amount(data, "price", currency)},
        "text": " ".join(filter(None, [starts, trial if data["trial"] else ""])),
        "tone": "good",
    }


def _charged(data: dict[str, Any], currency: str) -> Event:
    period = {"start": _day(data["from"]), "end": _day(data["to"])}
    return {
        "title": _("Charged %(amount)s") % {"amount": _amount(data, "amount", currency)},
        "text": _("For the time from %(start)s to %(end)s.") % period,
        "tone": "good",
    }


def _declined(data: dict[str, Any], currency: str) -> Event:
    return {"title": _("Charge declined"), "text": str(decline_sentence(data["reason"])), "tone": "bad"}


def _failed(data: dict[str, Any], currency: str) -> Event:
    return {"title": _("Charge not possible"), "text": str(decline_sentence(data["reason"])), "tone": "warn"}


def _cancelled(data: dict[str, Any], currency: str) -> Event:
    text = _("Ends on %(day)s, refund %(refund)s.") % {
        "day": _day(data["ends_on"]),
        "refund": _amount(data, "refund", currency),
    }
    return {"title": _("Cancelled"), "text": text, "tone": "warn"}


def _taken_over(_data: dict[str, Any], _currency: str) -> Event:
    text = _("With its price, its dates and what was paid for it.")
    return {"title": _("Taken over from the site before this one"), "text": text, "tone": "good"}


def _withdrawn(data: dict[str, Any], currency: str) -> Event:
    text = _("Refund %(refund)s.") % {"refund": _amount(data, "refund", currency)}
    return {"title": _("Withdrawn from the contract"), "text": text, "tone": "warn"}


def _refunded(data: dict[str, Any], currency: str) -> Event:
    return {"title": _("Refunded %(amount)s") % {"amount": _amount(data, "amount", currency)}, "tone": "good"}


def _refund_by_staff(data: dict[str, Any], currency: str) -> Event:
    title = _("Refund of %(amount)s by the customer centre") % {"amount": _amount(data, "amount", currency)}
    return {"title": title, "text": data["told"], "tone": "good"}


def _extended(data: dict[str, Any], currency: str) -> Event:
    words = {"ends": _day(data["ends_on"]), "ended": _day(data["ended_on"])}
    text = _("It ends on %(ends)s instead of %(ended)s.") % words
    return {"title": _("Extended as goodwill"), "text": f"{text} {data['told']}", "tone": "good"}


def _free_end_moved(data: dict[str, Any], currency: str) -> Event:
    words = {"ends": _day(data["ends_on"]), "ended": _day(data["ended_on"])}
    text = _("The facts of the car were corrected: it ends on %(ends)s instead of %(ended)s.") % words
    return {"title": _("Free until another day"), "text": text, "tone": "neutral"}


def _price(title: Callable[[], str], tone: str) -> Callable[[dict[str, Any], str], Event]:
    """S10: what became of a new price, with both prices and the charge that it touches."""

    def worded(data: dict[str, Any], currency: str) -> Event:
        text = _("%(price)s instead of %(old)s, from the charge of %(day)s on.") % {
            "price": _amount(data, "price", currency),
            "old": _amount(data, "old_price", currency),
            "day": _day(data["charge_on"]),
        }
        return {"title": title(), "text": text, "tone": tone}

    return worded


def _term_planned(data: dict[str, Any], currency: str) -> Event:
    words = {"term": term_name(data["term"]), "day": _day(data["begins_on"])}
    return {"title": _("Change of term planned"), "text": _("%(term)s, from %(day)s on.") % words, "tone": "neutral"}


def _document(data: dict[str, Any], currency: str) -> Event:
    return {"title": _("Document %(number)s") % {"number": data["number"]}}


def _plain(title: Callable[[], str], tone: str = "neutral") -> Callable[[dict[str, Any], str], Event]:
    return lambda _data, _currency: {"title": title(), "tone": tone}


def _day(text: str) -> str:
    return day_in_words(parse_date(text))


WORDS: dict[str, Callable[[dict[str, Any], str], Event]] = {
    "taken over": _taken_over,
    "subscribed": _subscribed,
    "activated": _plain(lambda: _("Activated"), "good"),
    "started": _plain(lambda: _("Started"), "good"),
    "charged": _charged,
    "declined": _declined,
    "not tried": _declined,
    "failed": _failed,
    "unknown": _plain(lambda: _("The bank has not answered yet"), "warn"),
    "invoice": _document,
    "credit note": _document,
    "cancelled": _cancelled,
    "cancel undone": _plain(lambda: _("Cancellation taken back"), "good"),
    "price offered": _price(lambda: _("New price offered"), "warn"),
    "price accepted": _price(lambda: _("New price accepted"), "good"),
    "price declined": _price(lambda: _("New price not accepted"), "warn"),
    "term change planned": _term_planned,
    "withdrawal stated": _plain(lambda: _("A withdrawal by contract number was received")),
    "withdrawn": _withdrawn,
    "refunded": _refunded,
    "refund by staff": _refund_by_staff,
    "refund by staff confirmed": _refund_by_staff,
    "extended": _extended,
    "free end moved": _free_end_moved,
    "refund rejected": _plain(lambda: _("The refund is being handled by our customer centre"), "warn"),
    "dispute opened": _plain(lambda: _("Your bank is looking into a payment"), "warn"),
    "dispute won": _plain(lambda: _("Your bank has confirmed a payment")),
    "dispute lost": _plain(lambda: _("Your bank took a payment back"), "warn"),
    "ended": _plain(lambda: _("Ended")),
    "car on done": _plain(lambda: _("The car has switched it on"), "good"),
    "car on failed": _plain(lambda: _("The car could not switch it on"), "warn"),
    "car on asked": _plain(lambda: _("The car was asked again to switch it on")),
    "car off done": _plain(lambda: _("The car has switched it off")),
}
