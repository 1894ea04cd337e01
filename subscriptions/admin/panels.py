"""Tables of what belongs together: payments, refunds, documents, and the timeline from the audit trail."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Notice
from accounts.notices.kinds import KINDS
from portal.desk.pages import Panel
from portal.models import AuditRecord, Market
from portal.templatetags.frame import day_in_words
from subscriptions.actions.again import REPEATED, SENT_AGAIN
from subscriptions.admin import words
from subscriptions.models import Document, Payment, PaymentCard, PriceOffer, Refund, Subscription
from subscriptions.words.explaining import charges_of, explain
from subscriptions.words.reasons import decline_sentence
from subscriptions.words.timeline import WORDS, event_of

EXPLAINED_DAYS = 12
# What only staff see beside the customer's own timeline.
EVENTS = {
    SENT_AGAIN: gettext_lazy("Document sent again"),
    REPEATED: gettext_lazy("Refund repeated"),
    "notice": gettext_lazy("Customer told"),
    "refund by staff proposed": gettext_lazy("Refund proposed"),
    "refund by staff dropped": gettext_lazy("Proposed refund dropped"),
    "bank transfer proposed": gettext_lazy("Bank transfer recorded"),
    "bank transfer confirmed": gettext_lazy("Bank transfer confirmed"),
    "bank transfer dropped": gettext_lazy("Bank transfer dropped"),
}


def prices_panel(subscription: Subscription) -> Panel:
    """S10: each new price that was offered, and the answer."""
    zone, currency = subscription.market.zone, subscription.currency
    rows = [
        [
            day_in_words(offer.charge_on),
            words.amount(offer.old_price, currency),
            words.amount(offer.price, currency),
            words.moment(offer.offered_at, zone),
            _answer_to(offer, zone),
        ]
        for offer in subscription.price_offers.select_related("amendment").order_by("-charge_on")
    ]
    headings = [_("From the charge of"), _("Old price"), _("New price"), _("Offered"), _("Answer")]
    return Panel(title=_("New prices"), headings=headings, rows=rows)


def _answer_to(offer: PriceOffer, zone: ZoneInfo) -> str:
    amendment = getattr(offer, "amendment", None)
    if amendment:
        return _("accepted %(moment)s") % {"moment": words.moment(amendment.accepted_at, zone)}
    if offer.declined_at:
        return _("not accepted %(moment)s") % {"moment": words.moment(offer.declined_at, zone)}
    return _("none yet")


def payments_panel(payments: QuerySet[Payment]) -> Panel:
    rows = [
        [
            words.link(payment, _period(payment)),
            words.amount(payment.amount, payment.currency),
            words.card(payment.card),
            payment_state(payment),
            payment.attempt,
            words.moment(payment.settled_at or payment.started_at, payment.subscription.market.zone),
        ]
        for payment in payments.select_related("card", "subscription__market").order_by("-started_at", "-pk")
    ]
    headings = [_("Period"), _("Amount"), _("Card"), _("Outcome"), _("Try"), _("When")]
    return Panel(title=_("Payments"), headings=headings, rows=rows)


def payment_state(payment: Payment) -> str:
    """The outcome, with the sentence that the customer was told where it did not succeed (P6, K5)."""
    outcome = str(words.PAYMENT_STATES[payment.status])
    return f"{outcome}. {decline_sentence(payment.reason)}" if payment.reason else outcome


def refunds_panel(refunds: QuerySet[Refund]) -> Panel:
    rows = [
        [
            words.link(refund, words.amount(refund.amount, refund.currency)),
            words.REFUND_STATES[refund.status],
            words.card(refund.payment.card),
            day_in_words(refund.expected_on),
        ]
        for refund in refunds.select_related("payment__card").order_by("-promised_at", "-pk")
    ]
    headings = [_("Amount"), _("State"), _("To the card"), _("Expected by")]
    return Panel(title=_("Refunds"), headings=headings, rows=rows)


def transfers_panel(refund: Refund) -> Panel:
    """Who recorded a bank transfer, and who confirmed it (X6)."""
    zone = refund.account.market.zone
    rows = [
        [
            transfer.reference,
            f"{transfer.proposed_by}, {words.moment(transfer.proposed_at, zone)}",
            f"{transfer.confirmed_by}, {words.moment(transfer.confirmed_at, zone)}" if transfer.confirmed_by else "",
            words.moment(transfer.dropped_at, zone),
        ]
        for transfer in refund.transfers.select_related("proposed_by", "confirmed_by").order_by("-pk")
    ]
    headings = [_("Reference"), _("Recorded"), _("Confirmed"), _("Dropped")]
    return Panel(title=_("Bank transfers"), headings=headings, rows=rows)


def documents_panel(documents: QuerySet[Document]) -> Panel:
    rows = [
        [
            words.link(document, document.number),
            document.get_kind_display(),
            day_in_words(document.issued_on),
            words.amount(document.gross, document.currency),
        ]
        for document in documents.order_by("-issued_at", "-pk")
    ]
    headings = [_("Number"), _("Kind"), _("Issued on"), _("Gross")]
    return Panel(title=_("Documents"), headings=headings, rows=rows)


def explanation_panel(subscription: Subscription, *, today: date) -> Panel:
    """P9: why it was, or was not, charged, today and on the latest days of which something is known."""
    days = {today, *(record.on for record in charges_of(subscription)[-EXPLAINED_DAYS:])}
    rows = [[day_in_words(day), explain(subscription, on=day, today=today)] for day in sorted(days, reverse=True)]
    return Panel(title=_("Why was it charged, or not?"), headings=[_("Day"), _("Answer")], rows=rows)


def timeline_panel(subscription: Subscription) -> Panel:
    """Everything that happened to a subscription and what its customer was told of it, the latest first."""
    records = AuditRecord.objects.filter(_about(subscription)).select_related("by").order_by("-pk")
    return _timeline(records, market=subscription.market, cards=_cards_of(subscription.account_id))


def timeline_of(row: Document | Refund) -> Panel:
    records = _records_about(row._meta.label_lower, [row.pk])
    found = AuditRecord.objects.filter(records).select_related("by").order_by("-pk")
    return _timeline(found, market=row.account.market, cards={})


def _about(subscription: Subscription) -> Q:
    documents = list(subscription.documents.values_list("pk", "number"))
    subjects = [str(subscription.public_id), *(number for _pk, number in documents)]
    # Some are told more than once about the same thing: what sets them apart follows the subject.
    about = Q(subject_key__in=subjects) | Q(subject_key__startswith=f"{subscription.public_id}:")
    notices = Notice.objects.filter(about, account=subscription.account_id).values("pk")
    return (
        _records_about("subscriptions.subscription", [subscription.pk])
        | _records_about("subscriptions.document", [pk for pk, _number in documents])
        | _records_about("subscriptions.refund", Refund.objects.filter(payment__subscription=subscription).values("pk"))
        | _records_about("accounts.notice", notices)
    )


def _records_about(subject_type: str, ids: Any) -> Q:
    return Q(subject_type=subject_type, subject_id__in=ids)


def _timeline(records: Iterable[AuditRecord], *, market: Market, cards: dict[str, str]) -> Panel:
    rows = [
        [
            words.moment(record.at, market.zone),
            *_in_words(record, currency=market.currency, cards=cards),
            record.by.email if record.by else _("the portal itself"),
        ]
        for record in records
    ]
    return Panel(title=_("Timeline"), headings=[_("When"), _("What"), _("Details"), _("By whom")], rows=rows)


def _in_words(record: AuditRecord, *, currency: str, cards: dict[str, str]) -> list[Any]:
    """What happened, in the customer's own words (K5), and what only staff need: the card, the kind, the reason."""
    if record.what not in WORDS:
        return [EVENTS.get(record.what, record.what), _staff_details(record, cards)]
    event = event_of(record, currency)
    details = (event.get("text", ""), _staff_details(record, cards))
    return [event["title"], " ".join(part for part in details if part)]


def _staff_details(record: AuditRecord, cards: dict[str, str]) -> str:
    """A card is named by brand and last four digits, never by a reference."""
    data = record.data
    told = KINDS[data["kind"]].title if data.get("kind") in KINDS else ""
    reason = data.get("reason", "") if record.by else ""
    return ", ".join(str(part) for part in (told, cards.get(data.get("card", "")), reason) if part)


def _cards_of(account_id: int) -> dict[str, str]:
    return {card.public_id.hex: words.card(card) for card in PaymentCard.objects.filter(account=account_id)}


def _period(payment: Payment) -> str:
    return _("%(start)s to %(end)s") % {
        "start": day_in_words(payment.period_from),
        "end": day_in_words(payment.period_to),
    }
