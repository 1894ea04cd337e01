"""What this app knows of an account, for its export (A6). Of a card what the wallet shows, and no reference (W1)."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.exporting import ROWS_AT_A_TIME, Exporter, Row, table
from accounts.models import Account
from portal.refusals import Refusal
from subscriptions.access import document_rows
from subscriptions.actions.move_in_documents import pdf_of_old
from subscriptions.invoicing.files import pdf_of
from subscriptions.models import (
    AccountantAccess,
    BankTransfer,
    CardSetup,
    Contract,
    ContractAmendment,
    Dispute,
    Document,
    DocumentBundle,
    Extension,
    GivingBack,
    OldDocument,
    Payment,
    PaymentCard,
    PlannedChange,
    PriceOffer,
    Provisioning,
    Refund,
    Subscription,
    TrialUse,
    WithdrawalUse,
)
from subscriptions.papers.bundles import DRAWN_FROM

SUBSCRIPTION = (
    *("public_id", "package__code", "vehicle__vin", "plan__term", "status", "ordered_at", "order_text"),
    "referred_dealer__name",
    *("activated_on", "trial_months", "term_months", "price", "currency", "vat_rate", "vat_country", "vat_evidence"),
    *("periods_paid", "next_charge_on", "cancelled_at", "ends_on", "end_reason", "ended_at"),
)
CONTRACT = ("number", "subscription__public_id", "ordered_at", "terms_version__version", "agreed", "order_text")
PAYMENT = (
    *("public_id", "subscription__public_id", "period_from", "period_to", "attempt", "amount", "currency", "status"),
    *("reason", "card__brand", "card__last4", "started_at", "settled_at", "refunded"),
)
REFUND = (
    *("public_id", "payment__public_id", "amount", "currency", "basis", "months_used", "months_left", "status"),
    *("reason", "channel", "payment__card__last4", "promised_at", "settled_at", "expected_on"),
)
CARD = (
    *("public_id", "brand", "funding", "last4", "exp_month", "exp_year", "country", "billing_address", "is_primary"),
    *("refused_at", "added_at", "removed_at"),
)
DOCUMENT = (
    *("public_id", "kind", "number", "issued_on", "currency", "net", "vat_rate", "vat", "gross", "vat_country"),
    *("corrects__number", "replaces__number", "seller", "buyer", "vehicle", "card", "lines", "keep_until"),
)
OFFER = ("subscription__public_id", "charge_on", "old_price", "price", "offered_at", "declined_at")
AMENDMENT = (
    "public_id",
    "subscription__public_id",
    "first_charge_on",
    "price",
    "currency",
    "vat_rate",
    "accepted_at",
    "order_text",
    "terms_version__version",
)
OLD_DOCUMENT = ("public_id", "kind", "number", "issued_on", "currency", "gross", "keep_until")
ACCESS = ("email", "is_of_all_cars", "invited_at", "accepted_at", "ended_at", "last_used_at")


def document_files(account: Account) -> Iterator[tuple[str, bytes]]:
    """Each PDF as it was mailed; one that the law let go is only a row any more (I4)."""
    documents = document_rows().filter(account=account).select_related(*DRAWN_FROM)
    for document in documents.order_by("pk").iterator(chunk_size=ROWS_AT_A_TIME):
        try:
            yield f"documents/{document.number}.pdf", pdf_of(document)
        except Refusal:
            continue


def document_table() -> Exporter:
    rows = table("documents", _("Invoices and credit notes"), Document, *DOCUMENT).rows
    return Exporter(
        name="documents", title=_("Invoices and credit notes"), model=Document, rows=rows, files=document_files
    )


def old_document_files(account: Account) -> Iterator[tuple[str, bytes]]:
    """As the system before this one made them, while the law keeps them."""
    for document in account.old_documents.exclude(content="").order_by("pk").iterator(chunk_size=ROWS_AT_A_TIME):
        if content := pdf_of_old(document):
            yield f"old-documents/{document.public_id}.pdf", content


def old_document_table() -> Exporter:
    title = _("Documents from before this site")
    rows = table("old-documents", title, OldDocument, *OLD_DOCUMENT).rows
    return Exporter(name="old-documents", title=title, model=OldDocument, rows=rows, files=old_document_files)


def access_rows(account: Account) -> Iterator[Row]:
    """Both ways: who reads the account's documents, and whose documents it may read."""
    for role, lookup in (("owner", "owner"), ("reader", "accountant")):
        found = AccountantAccess.objects.filter(**{lookup: account}).prefetch_related("vehicles").order_by("pk")
        for access in found.iterator(chunk_size=ROWS_AT_A_TIME):
            cars = [car.vin for car in access.vehicles.all()]
            yield {"i_am": role, **{name: getattr(access, name) for name in ACCESS}, "cars": cars}


EXPORTERS = (
    table("subscriptions", _("Subscriptions"), Subscription, *SUBSCRIPTION),
    table("contracts", _("Contracts"), Contract, *CONTRACT, account="subscription__account"),
    table("price-offers", _("New prices offered"), PriceOffer, *OFFER, account="subscription__account"),
    table("price-changes", _("New prices accepted"), ContractAmendment, *AMENDMENT, account="subscription__account"),
    table(
        "changes-of-term",
        _("Changes of term"),
        PlannedChange,
        *("subscription__public_id", "plan__term", "begins_on", "planned_at", "dropped_at", "told_at"),
        account="subscription__account",
    ),
    table(
        "car-switches",
        _("Packages switched on and off in a car"),
        Provisioning,
        *("subscription__public_id", "switch", "state", "asked_at", "answered_at"),
        account="subscription__account",
    ),
    table("payments", _("Payments"), Payment, *PAYMENT),
    table("refunds", _("Refunds"), Refund, *REFUND),
    table(
        "bank-transfers",
        _("Refunds by bank transfer"),
        BankTransfer,
        *("refund__public_id", "reference", "proposed_at", "confirmed_at", "dropped_at"),
        account="refund__account",
    ),
    table(
        "refunds-by-staff",
        _("Refunds by the customer centre"),
        GivingBack,
        *("payment__public_id", "kind", "amount", "told", "proposed_at", "dropped_at"),
        account="payment__account",
    ),
    table(
        "extensions",
        _("Ends that were moved as goodwill"),
        Extension,
        *("subscription__public_id", "days", "from_on", "to_on", "told", "at"),
        account="subscription__account",
    ),
    table(
        "disputes",
        _("Disputes"),
        Dispute,
        *("payment__public_id", "amount", "state", "opened_at", "settled_at"),
        account="payment__account",
    ),
    table("cards", _("Cards"), PaymentCard, *CARD),
    table(
        "card-visits",
        _("Visits to the page for entering a card"),
        CardSetup,
        *("started_at", "finished_at", "failure", "billing_address"),
    ),
    document_table(),
    old_document_table(),
    table(
        "prepared-documents",
        _("Documents prepared as ZIP"),
        DocumentBundle,
        *("year", "kind", "number", "total", "requested_at", "ready_at", "expires_at"),
    ),
    Exporter(name="accountants", title=_("Accountants"), model=AccountantAccess, rows=access_rows),
    table("free-months", _("Free months used"), TrialUse, "package__code", "used_at"),
    table("withdrawals", _("Right to withdraw used"), WithdrawalUse, "subscription__public_id", "used_at"),
)
