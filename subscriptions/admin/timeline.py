"""What a customer's timeline says of services and money, in the words of the customer's own pages (K2, K5)."""

from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.customer_timeline import Kind, Worded, details_of, register, register_about_car, register_cars
from accounts.models import Account, Notice
from portal.models import AuditRecord
from portal.templatetags.frame import money
from subscriptions.actions.accountants import READ
from subscriptions.actions.again import REPEATED, SENT_AGAIN
from subscriptions.actions.correct import CORRECTED
from subscriptions.admin.words import END_REASONS
from subscriptions.models import Subscription
from subscriptions.rehearsal.customer import REHEARSED
from subscriptions.rules.provisioning import State as Switched
from subscriptions.rules.provisioning import Switch
from subscriptions.words.timeline import WORDS, event_of

# Of the customer's own words, those about money; the others are about the service.
_MONEY = {
    *("charged", "declined", "not tried", "failed", "unknown", "invoice", "credit note", "refunded", "refund rejected"),
    *("dispute opened", "dispute won", "dispute lost"),
    *("refund by staff", "refund by staff confirmed"),
}


def _as_the_customer_reads(record: AuditRecord, currency: str) -> tuple[str, str]:
    event = event_of(record, currency)
    package, gross = record.data.get("package", ""), record.data.get("gross")
    amount = money(Decimal(gross), currency) if gross else ""
    details = (package, amount, event.get("text", ""), record.data.get("reason", "") if record.by_id else "")
    return str(event["title"]), ". ".join(str(part).rstrip(".") for part in details if part)


def _ended(record: AuditRecord, currency: str) -> tuple[str, str]:
    title, _details = _as_the_customer_reads(record, currency)
    reason = str(END_REASONS.get(record.data.get("reason", ""), ""))
    return title, ", ".join(filter(None, [record.data.get("package", ""), reason]))


def _switched(record: AuditRecord, _currency: str) -> tuple[str, str]:
    _car, switch, state = record.what.split(" ")
    answer = {
        Switched.ASKED: _("asked"),
        Switched.DONE: _("done"),
        Switched.FAILED: _("failed"),
        Switched.OVERTAKEN: _("no longer needed"),
    }
    return str(_SWITCHES[Switch(switch)]), ", ".join(filter(None, [str(answer[Switched(state)]), details_of(record)]))


def _taken_over(record: AuditRecord, _currency: str) -> tuple[str, str]:
    """What, and how it was called in the system before this one."""
    return str(_TAKEN_OVER.get(record.subject_type, "")), str(record.data.get("old_id", ""))


def _with_amount(title: str | Promise) -> Worded:
    def worded(record: AuditRecord, currency: str) -> tuple[str, str]:
        amount = record.data.get("amount") or record.data.get("gross")
        said = money(Decimal(amount), currency) if amount else ""
        return str(title), ", ".join(filter(None, [said, details_of(record)]))

    return worded


def _told_of(account: Account, vehicle_id: int) -> QuerySet[Notice]:
    """Notices name a subscription of the car by its id, or one of its documents by number."""
    mine = Subscription.objects.filter(account=account, vehicle=vehicle_id).prefetch_related("documents")
    about = Q(pk__in=[])
    for subscription in mine:
        about |= Q(subject_key__startswith=str(subscription.public_id))
        about |= Q(subject_key__in=[document.number for document in subscription.documents.all()])
    return Notice.objects.filter(about, account=account)


register(
    Kind.MONEY,
    {
        "refund by staff proposed": _with_amount(_("Refund proposed")),
        "refund by staff dropped": _with_amount(_("Proposed refund dropped")),
    },
)
register(Kind.CAR, {"car facts corrected": _("Facts of the car corrected")})
register(Kind.MONEY, {what: _as_the_customer_reads for what in WORDS if what in _MONEY})
register(Kind.SERVICE, {what: _as_the_customer_reads for what in WORDS if what not in _MONEY})
register(Kind.SERVICE, {"ended": _ended, "order refused": _("Order came to nothing, first charge declined")})
_SWITCHES = {Switch.ON: _("Car: service to be switched on"), Switch.OFF: _("Car: service to be switched off")}
register(Kind.SERVICE, {f"car {switch} {state}": _switched for switch in Switch for state in Switched})
register(Kind.SERVICE, {REHEARSED: _("Looked at what would happen if")})
_TAKEN_OVER = {
    "accounts.account": _("Account taken over"),
    "garage.membership": _("Car taken over"),
    "subscriptions.paymentcard": _("Card taken over"),
    "subscriptions.subscription": _("Contract taken over"),
}
register(Kind.ACCOUNT, {"taken over": _taken_over})
_MORE_MONEY: dict[str, str | Promise] = {
    SENT_AGAIN: _("Document sent again"),
    REPEATED: _("Refund repeated"),
    CORRECTED: _("Document corrected"),
    READ: _("Document read by accountant"),
    "bank transfer proposed": _("Bank transfer recorded"),
    "bank transfer confirmed": _("Bank transfer confirmed"),
    "bank transfer dropped": _("Bank transfer dropped"),
    "card added": _("Card added"),
    "card removed": _("Card removed"),
    "primary card": _("Primary card changed"),
    "key given up": _("Question about a charge given up"),
    "documents bundled": _("Documents bundled"),
    "documents downloaded": _("Documents downloaded"),
    "accountant invited": _("Accountant invited"),
    "accountant accepted": _("Accountant accepted"),
    "accountant cars changed": _("Accountant’s cars changed"),
    "accountant ended": _("Accountant ended"),
    "work item assigned": _("Work item handed over"),
    "work item closed": _("Work item closed"),
}
register(Kind.MONEY, {what: _with_amount(title) for what, title in _MORE_MONEY.items()})
register_cars(
    {
        "subscriptions.subscription": "vehicle",
        "subscriptions.contract": "subscription__vehicle",
        "subscriptions.payment": "subscription__vehicle",
        "subscriptions.refund": "payment__subscription__vehicle",
        "subscriptions.document": "subscription__vehicle",
    }
)
register_about_car("accounts.notice", _told_of)
