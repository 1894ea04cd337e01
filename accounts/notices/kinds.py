"""What customers are told: one table of kinds, told once each (N2), shown in the inbox and mailed by the outbox.

The words of a kind stand in `templates/emails/<kind>.subject.txt` and `<kind>.txt`; they are filled from the notice's
facts when they are read, in the reader's language.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Notice
from accounts.notices.topics import TOPIC_OF_IMPORTANCE
from accounts.rules.notices import APP, CONTRACTUAL, EMAIL, HEAD_UNIT, INBOX, OPTIONAL, SERVICE
from portal import audit, outbox
from portal.batches import insert_all
from portal.models import AuditRecord

# N1: where a kind may go. Whoever sits in a car reads its screen: it says no more than what ends there.
SCREENS = frozenset({EMAIL, INBOX, APP})
EVERYWHERE = SCREENS | {HEAD_UNIT}

VIEW_SUBSCRIPTION = _("View your subscription")


@dataclass(frozen=True)
class Kind:
    """A row of the table: how important, its name, the facts it cannot be worded without, what its link says, and
    where it may go. A contractual kind is one of contracts and a service kind one of the account, unless it says so."""

    importance: str
    title: str | Promise
    facts: tuple[str, ...]
    link_label: str | Promise = VIEW_SUBSCRIPTION
    about: str = ""
    channels: frozenset[str] = SCREENS

    @property
    def topic(self) -> str:
        return self.about or TOPIC_OF_IMPORTANCE[self.importance]


_CHARGE = ("package_name", "amount", "currency")
_FAILURE = (*_CHARGE, "reason", "attempt", "next_try_on", "url")
_INVOICE = ("package_name", "document_number", "gross", "currency", "document", "url")
_CARD = ("card_last4", "expires_on", "url")
_CASE = ("case_number", "category", "telephone", "hours", "url")

KINDS: dict[str, Kind] = {
    "order_confirmed": Kind(
        CONTRACTUAL,
        _("Order confirmed"),
        (
            "package_name",
            "vehicle_label",
            "term",
            "price",
            "currency",
            "first_charge_on",
            "trial_ends_on",
            "contract_number",
            "url",
        ),
    ),
    "invoice_issued": Kind(
        CONTRACTUAL, _("Invoice"), (*_INVOICE, "period_from", "period_to"), _("View your invoices"), about="payments"
    ),
    "credit_note_issued": Kind(
        CONTRACTUAL,
        _("Credit note"),
        (*_INVOICE, "invoice_number", "card_last4", "expected_on"),
        _("View your credit notes"),
        about="payments",
    ),
    "refund_by_staff": Kind(
        CONTRACTUAL,
        _("Refund by the customer centre"),
        (*_CHARGE, "card_last4", "expected_on", "is_free_month", "told", "url"),
        about="payments",
    ),
    "period_extended": Kind(CONTRACTUAL, _("Ends later"), ("package_name", "ends_on", "ended_on", "told", "url")),
    "document_corrected": Kind(
        CONTRACTUAL,
        _("Corrected invoice"),
        ("package_name", "document", "document_number", "note", "note_number", "invoice_number", "url"),
        _("View your invoices"),
        about="payments",
    ),
    "trial_ending": Kind(CONTRACTUAL, _("Trial ending"), (*_CHARGE, "charge_on", "card_last4", "url")),
    "charge_upcoming": Kind(CONTRACTUAL, _("Upcoming charge"), (*_CHARGE, "charge_on", "card_last4", "url")),
    "charge_upcoming_early": Kind(
        OPTIONAL, _("Charge in some weeks"), (*_CHARGE, "charge_on", "card_last4", "url"), about="early_charges"
    ),
    "payment_failed": Kind(CONTRACTUAL, _("Payment failed"), _FAILURE, _("Put the payment right"), about="payments"),
    # The first charge of an order, answered when nobody waited for it any more.
    "order_refused": Kind(
        CONTRACTUAL, _("Payment failed"), (*_CHARGE, "reason", "url"), _("Put the payment right"), about="payments"
    ),
    "authentication_needed": Kind(
        CONTRACTUAL, _("Your bank asks you to confirm"), _FAILURE, _("Confirm the payment"), about="payments"
    ),
    "subscription_ended": Kind(
        CONTRACTUAL, _("Subscription ended"), ("package_name", "ended_on", "reason", "url"), channels=EVERYWHERE
    ),
    "cancellation_confirmed": Kind(
        CONTRACTUAL, _("Cancellation confirmed"), ("package_name", "ends_on", "refund", "currency", "url")
    ),
    "withdrawal_receipt": Kind(
        CONTRACTUAL,
        _("Withdrawal received"),
        ("package_name", "contract_number", "received_at", "refund", "currency"),
    ),
    "withdrawal_answered": Kind(
        CONTRACTUAL,
        _("Your withdrawal could not be carried out"),
        ("package_name", "contract_number", "received_at", "answer", "may_cancel", "url"),
        _("See what you can still do"),
    ),
    "price_change": Kind(
        CONTRACTUAL,
        _("New price"),
        ("package_name", "term", "old_price", "price", "currency", "charge_on", "url"),
        _("Accept the new price, or not"),
    ),
    "price_accepted": Kind(
        CONTRACTUAL,
        _("New price accepted"),
        (
            "package_name",
            "old_price",
            "price",
            "currency",
            "charge_on",
            "accepted_at",
            "order_text",
            "terms_version",
            "contract_number",
            "url",
        ),
        _("View your contract"),
    ),
    "package_discontinued": Kind(
        CONTRACTUAL, _("Package not offered any more"), ("package_name", "ends_on", "refund", "currency", "url")
    ),
    "term_change_ready": Kind(
        SERVICE,
        _("New term can begin"),
        ("package_name", "vehicle_label", "term", "price", "currency", "url"),
        _("Order the new term"),
        about="services",
    ),
    "complimentary_ending": Kind(
        SERVICE,
        _("Complimentary period ending"),
        ("package_name", "ends_on", "plans", "url"),
        _("View the plans"),
        about="services",
        channels=EVERYWHERE,
    ),
    "complimentary_ended": Kind(
        SERVICE,
        _("Complimentary period ended"),
        ("package_name", "ends_on", "plans", "url"),
        _("View the plans"),
        about="services",
        channels=EVERYWHERE,
    ),
    "card_expiring": Kind(SERVICE, _("Card about to expire"), _CARD, _("Open your wallet"), about="cards"),
    "card_expired": Kind(SERVICE, _("Card expired"), _CARD, _("Open your wallet"), about="cards"),
    "access_tried": Kind(
        CONTRACTUAL,
        _("Somebody tried to reach your car"),
        ("vehicle_label", "what", "tried_at", "url"),
        _("View the car"),
        about="control",
    ),
    "access_unblocked": Kind(
        CONTRACTUAL, _("Car unblocked"), ("vehicle_label", "url"), _("Prove access"), about="control"
    ),
    "order_stage": Kind(
        SERVICE,
        _("Your ordered car"),
        ("order_number", "vehicle_model", "stage", "expected_on", "url"),
        _("Open My Garage"),
        about="cars",
    ),
    "order_delivered": Kind(
        SERVICE,
        _("Your car is in your garage"),
        ("order_number", "vehicle_model", "is_active", "url"),
        _("First steps with your car"),
        about="cars",
    ),
    "order_waits": Kind(
        SERVICE,
        _("Your delivered car waits"),
        ("order_number", "vehicle_model", "url"),
        _("Open My Garage"),
        about="cars",
    ),
    "service_due": Kind(
        SERVICE,
        _("Service is due"),
        ("vehicle_label", "works", "due_on", "url"),
        _("View what is due"),
        about="cars",
        channels=EVERYWHERE,
    ),
    "warranty": Kind(
        SERVICE,
        _("Warranty of your car"),
        ("vehicle_label", "day_on", "years", "url"),
        _("View the warranty"),
        about="cars",
    ),
    "recall": Kind(
        CONTRACTUAL,
        _("Recall of your car"),
        ("vehicle_label", "recall_code", "recall_name", "recall_text", "url"),
        _("View the recall, and book a service"),
        about="recalls",
        channels=EVERYWHERE,
    ),
    "trips_going": Kind(
        SERVICE,
        _("Trips about to be deleted"),
        ("vehicle_label", "oldest_on", "goes_on", "last_on", "months", "url"),
        _("Download your trips"),
        about="cars",
    ),
    "service_booking": Kind(
        SERVICE,
        _("Booking at a dealer"),
        (
            *("change", "booking", "revision", "vehicle_label", "dealer_name", "dealer_address", "dealer_telephone"),
            *("works", "starts_at", "ends_at", "dealer_reason", "url"),
        ),
        _("View the booking"),
        about="cars",
    ),
    "map_update": Kind(
        SERVICE,
        _("Maps of your car"),
        ("change", "vehicle_label", "version", "url"),
        _("View the car’s multimedia"),
        about="cars",
    ),
    "accountant_access": Kind(
        SERVICE, _("Accountant’s access"), ("change", "is_owner", "email", "owner_name", "url"), _("View the access")
    ),
    "export_ready": Kind(SERVICE, _("Your data"), ("expires_on", "url"), _("Download your data")),
    "sign_in_changed": Kind(
        SERVICE,
        _("App or car signed in or out"),
        ("client", "label", "change", "happened_at", "url"),
        _("View apps and cars"),
    ),
    "caller_check_failed": Kind(
        SERVICE, _("Somebody called in your name"), ("happened_at", "url"), _("View the security of your account")
    ),
    "helped_by_telephone": Kind(
        SERVICE,
        _("Changed by the customer centre"),
        ("act", "happened_at", "url"),
        _("View the security of your account"),
    ),
    "car_facts_corrected": Kind(
        SERVICE, _("Facts of your car corrected"), ("vehicle_label", "told", "ends", "url"), _("View your car")
    ),
    "control_offer": Kind(
        CONTRACTUAL,
        _("Control of a car handed over"),
        ("change", "is_giver", "vehicle_label", "due_at", "refund", "currency", "url"),
        _("View who has control"),
        about="control",
    ),
    "control_request": Kind(
        CONTRACTUAL,
        _("Control of a car asked for"),
        ("change", "is_giver", "vehicle_label", "due_at", "refund", "currency", "url"),
        _("View who has control"),
        about="control",
    ),
    "control_moved": Kind(
        CONTRACTUAL,
        _("Control of a car has moved"),
        ("has_control", "vehicle_label", "refund", "currency", "url"),
        _("View your cars"),
        about="control",
    ),
    "dealer_acted": Kind(
        CONTRACTUAL,
        _("Your dealer at your car"),
        ("change", "dealer_name", "vehicle_label", "package_name", "refund", "currency", "url"),
        _("View your car"),
        about="control",
    ),
    "trade_in": Kind(
        CONTRACTUAL,
        _("A car taken in trade"),
        ("change", "dealer_name", "vehicle_label", "due_at", "refund", "currency", "url"),
        _("View the trade-in"),
        about="control",
    ),
    "data_grant": Kind(
        CONTRACTUAL,
        _("Who may read data of your car"),
        ("change", "third_party", "vehicle_label", "kinds", "ends_on", "url"),
        _("View the access"),
        about="control",
    ),
    "driver_access": Kind(
        SERVICE,
        _("Drivers of a car"),
        ("change", "is_owner", "email", "vehicle_label", "last_on", "url"),
        _("View your cars"),
        about="cars",
    ),
    "link_cut_off": Kind(
        SERVICE, _("A car has left your garage"), ("vehicle_label", "url"), _("View your cars"), about="cars"
    ),
    "vehicle_alert": Kind(
        SERVICE,
        _("Your car after a trip"),
        ("vehicle_label", "alert", "corners", "happened_at", "url"),
        _("View what the car reported"),
        about="car_alerts",
    ),
    "warning_light": Kind(
        SERVICE,
        _("Warning light"),
        ("vehicle_label", "lights", "dealer_name", "dealer_telephone", "happened_at", "url"),
        _("View what the car reported"),
        about="car_alerts",
    ),
    "case_received": Kind(SERVICE, _("Message received"), _CASE, _("View your case"), about="cases"),
    "case_answered": Kind(SERVICE, _("Your case is answered"), _CASE, _("Read the answer"), about="cases"),
    "case_closed": Kind(SERVICE, _("Your case is closed"), _CASE, _("View your case"), about="cases"),
    "copies_changed": Kind(
        SERVICE, _("Copies of documents"), ("email", "change", "url"), _("View who receives copies")
    ),
}

Attachments = list[tuple[str, bytes, str]]
WORDS: dict[str, Callable[[str], str | Promise]] = {}
ATTACHMENT_PROVIDERS: dict[str, Callable[[Notice], Attachments]] = {}


def tell(*, account: Account, kind: str, subject_key: str, event_on: date, now: datetime, **facts: Any) -> bool:
    """Tells the account, within the caller's transaction; False if it was told before.

    Told once per account, kind, subject and day of the event (N2). Amounts are gross strings or decimals, dates ISO
    strings or dates, `url` is a path of this site. Raises KeyError for an unknown kind and ValueError for a fact that
    is missing: a notice with a hole in it must not go out.
    """
    wanted = worded(account=account, kind=kind, subject_key=subject_key, event_on=event_on, now=now, **facts)
    notice, created = Notice.objects.get_or_create(
        account=account,
        kind=kind,
        subject_key=subject_key,
        event_on=event_on,
        defaults={"facts": wanted.facts, "created_at": now},
    )
    if created:
        audit.append([_record(notice)])
        outbox.enqueue("notice_mail", dedup_key=mail_key(notice), now=now, notice_id=notice.pk)
    return created


def tell_all(notices: Sequence[Notice], *, now: datetime) -> list[AuditRecord]:
    """Tells many at once what cannot have been told before, such as documents that have just been made.

    Takes them from `worded`. Their audit records are handed back unsaved, to stand among those of what they tell of.
    """
    insert_all(notices)
    outbox.enqueue_all("notice_mail", [(mail_key(notice), {"notice_id": notice.pk}) for notice in notices], now=now)
    return [_record(notice) for notice in notices]


def worded(*, account: Account, kind: str, subject_key: str, event_on: date, now: datetime, **facts: Any) -> Notice:
    """The notice, not saved yet. Raises as `tell` does."""
    _check_facts(kind, facts)
    plain = {key: _plain(value) for key, value in facts.items()}
    return Notice(account=account, kind=kind, subject_key=subject_key, event_on=event_on, facts=plain, created_at=now)


def mail_key(notice: Notice) -> str:
    """What the outbox calls its mail."""
    return f"notice:{notice.pk}"


def _record(notice: Notice) -> AuditRecord:
    about = {key: notice.facts[key] for key in ("package", "card") if key in notice.facts}
    return audit.unsaved(
        "notice", account=notice.account, by=None, now=notice.created_at, subject=notice, kind=notice.kind, **about
    )


def register_attachments(kind: str, provider: Callable[[Notice], Attachments]) -> None:
    """Apps above give the files of a kind's mail: (file name, content, media type) each.

    A provider raises while its document is not there yet; the mail then waits in the outbox.
    """
    ATTACHMENT_PROVIDERS[kind] = provider


def register_words(fact: str, words: Callable[[str], str | Promise]) -> None:
    """Apps above say in the reader's language what they keep as a code: `reason` of a payment, `term` of a plan."""
    WORDS[fact] = words


def attachments_of(notice: Notice) -> Attachments:
    provider = ATTACHMENT_PROVIDERS.get(notice.kind)
    return provider(notice) if provider else []


def _check_facts(kind: str, facts: dict[str, Any]) -> None:
    missing = [name for name in KINDS[kind].facts if name not in facts]
    if missing:
        raise ValueError(f"The notice {kind} needs {', '.join(missing)}.")
    url = facts.get("url", "")
    if url and (not url.startswith("/") or url.startswith("//")):
        raise ValueError("The link of a notice is a path of this site.")


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal | date) else value
