"""Contracts and money on the customer's page (K2): subscriptions, payments with reasons, refunds, documents, cards."""

from typing import Any

from django.db.models import F, Model
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.customer_page import CARDS, CHARGES, CONTRACTS, PAID_BACK, PAPERS, SHOWN, section
from accounts.models import Account
from portal.desk.pages import Button, Panel
from portal.desk.words import list_url, operation, side_by_side
from portal.templatetags.frame import day_in_words
from subscriptions.admin import panels, words
from subscriptions.models import Document, OldDocument, Payment, PaymentCard, Refund, Subscription
from subscriptions.rules.withdrawal import last_withdrawal_day
from subscriptions.what_if import may_ask
from subscriptions.words.terms import term_name


@section(place=CONTRACTS, needs="subscriptions.view_subscription")
def contracts(account: Account, staff: Any) -> Panel:
    """Those that run first."""
    found = Subscription.objects.filter(account=account).select_related("package", "plan", "vehicle", "market")
    shown = found.with_agreements().order_by(F("ends_on").desc(nulls_first=True), "-pk")[:SHOWN]
    rows = [
        [
            words.link(row, words.package(row)),
            words.car(row),
            term_name(row.term) if row.term else _("complimentary"),
            words.state(row),
            "" if row.is_complimentary else words.amount(row.running_price, row.currency),
            day_in_words(row.next_charge_on),
            side_by_side(_operations(row, staff)),
        ]
        for row in shown
    ]
    headings = [_("Package"), _("Car"), _("Term"), _("State"), _("Price"), _("Next charge"), _("Operations")]
    return Panel(title=_("Subscriptions"), headings=headings, rows=rows, links=[_all(Subscription, account)])


def _operations(row: Subscription, staff: Any) -> list[str]:
    """Whether the right to withdraw is used up the page itself says: asking for each row would cost queries."""
    found = [] if row.is_complimentary else [operation(row, "explanation", _("Explain"))]
    if not staff.has_perm("subscriptions.change_subscription") or not row.is_live:
        return found
    if may_ask(row):
        found.append(operation(row, "rehearsal", _("What if?")))
    if row.may_be_cancelled:
        found.append(operation(row, "cancellation", _("Cancel")))
    today = row.market.local_date(timezone.now())
    if not row.is_complimentary and today <= last_withdrawal_day(row.activated_on):
        found.append(operation(row, "withdrawal", _("Withdraw")))
    return found


@section(place=CHARGES, needs="subscriptions.view_payment")
def charges(account: Account, staff: Any) -> Panel:
    """Each with the sentence that the customer was told (P6, K5)."""
    found = Payment.objects.filter(account=account).select_related("card", "subscription__market")
    rows = [
        [
            words.moment(row.settled_at or row.started_at, row.subscription.market.zone),
            words.link(row, words.amount(row.amount, row.currency)),
            words.card(row.card),
            panels.payment_state(row),
            words.amount(row.refunded, row.currency) if row.refunded else "",
        ]
        for row in found.order_by("-started_at", "-pk")[:SHOWN]
    ]
    headings = [_("When"), _("Amount"), _("Card"), _("Outcome"), _("Refunded or promised")]
    return Panel(title=_("Payments"), headings=headings, rows=rows, links=[_all(Payment, account)])


@section(place=PAID_BACK, needs="subscriptions.view_refund")
def paid_back(account: Account, staff: Any) -> Panel:
    found = Refund.objects.filter(account=account).select_related("payment__card")
    may_repeat = staff.has_perm("subscriptions.change_refund")
    rows = [
        [
            words.link(row, words.amount(row.amount, row.currency)),
            words.REFUND_STATES[row.status],
            words.card(row.payment.card),
            day_in_words(row.expected_on),
            operation(row, "repetition", _("Repeat the refund")) if may_repeat and row.is_rejected else "",
        ]
        for row in found.order_by("-promised_at", "-pk")[:SHOWN]
    ]
    headings = [_("Amount"), _("State"), _("To the card"), _("Expected by"), _("Operations")]
    return Panel(title=_("Refunds"), headings=headings, rows=rows, links=[_all(Refund, account)])


@section(place=PAPERS, needs="subscriptions.view_document")
def papers(account: Account, staff: Any) -> Panel:
    may_send = staff.has_perm("subscriptions.change_document")
    rows = [
        [
            words.link(row, row.number),
            row.get_kind_display(),
            day_in_words(row.issued_on),
            words.amount(row.gross, row.currency),
            operation(row, "mail", _("Send it again")) if may_send else "",
        ]
        for row in Document.objects.filter(account=account).order_by("-issued_at", "-pk")[:SHOWN]
    ]
    headings = [_("Number"), _("Kind"), _("Issued on"), _("Gross"), _("Operations")]
    links = [_all(Document, account)]
    if staff.has_perm("subscriptions.view_olddocument") and account.old_documents.exists():
        url = list_url(OldDocument, account__id__exact=account.pk)
        links.append(Button(label=_("Documents from before this site"), url=url))
    return Panel(title=_("Documents"), headings=headings, rows=rows, links=links)


@section(place=CARDS, needs="subscriptions.view_paymentcard")
def cards(account: Account, staff: Any) -> Panel:
    found = PaymentCard.objects.in_wallet().filter(account=account).order_by("-is_primary", "-pk")[:SHOWN]
    rows = [
        [
            words.link(row, words.card(row)),
            f"{row.exp_month:02}/{row.exp_year}",
            _("primary") if row.is_primary else "",
            _("refused for good") if row.is_refused else "",
        ]
        for row in found
    ]
    headings = [_("Card"), _("Expires"), _("Charged"), _("Mark")]
    return Panel(title=_("Cards"), headings=headings, rows=rows, links=[_all(PaymentCard, account)])


def _all(model: type[Model], account: Account) -> Button:
    return Button(label=_("All of them"), url=list_url(model, account__id__exact=account.pk))
