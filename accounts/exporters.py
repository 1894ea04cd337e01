"""What this app knows of an account, for its export (A6)."""

from collections.abc import Iterator
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.utils.translation import gettext_lazy as _

from accounts.accesses import accesses_of, present
from accounts.exporting import ROWS_AT_A_TIME, Exporter, Row, rows_of, table
from accounts.models import (
    Account,
    BillingProfile,
    CalendarFeed,
    CallerTry,
    ConsentChange,
    CopyAddress,
    DataExport,
    Notice,
    NoticeChoice,
    SignIn,
    TermsAcceptance,
    UndeliveredMail,
)
from accounts.notices import texts as notice_texts
from portal.models import AuditRecord, StaffRead

ACCOUNT = (
    *("public_id", "email", "first_name", "last_name", "phone", "language", "market__code", "preferred_dealer__name"),
    *("created_at", "created_channel", "terms_due_on", "barred_until", "last_login"),
)
SIGN_IN = ("client__name", "label", "scopes", "begun_at", "last_used_at", "ended_at", "ended_why")
BILLING = ("name", "address_line_1", "address_line_2", "postcode", "town", "country", "is_company", "vat_number")
CONSENT = ("purpose", "number", "is_given", "at", "channel", "wording__version", "language", "shown", "shown_sha256")

UNDELIVERED = ("address", "kind", "reason", "failed_at")
WORDS_OF_STAFF = {"reason", "note", "identity_checked_by"}
DEVICE = ("ip", "user_agent", "created_at", "last_seen_at")


def profile_rows(account: Account) -> Iterator[Row]:
    return rows_of(Account.objects.filter(pk=account.pk), *ACCOUNT)


def notice_rows(account: Account) -> Iterator[Row]:
    """In the words of the inbox, in the account's language."""
    told = Notice.objects.filter(account=account).select_related("account__market").order_by("pk")
    for notice in told.iterator(chunk_size=ROWS_AT_A_TIME):
        yield {
            "public_id": notice.public_id,
            "kind": notice.kind,
            "event_on": notice.event_on,
            "created_at": notice.created_at,
            "read_at": notice.read_at,
            "subject": notice_texts.subject(notice),
            "body": notice_texts.body(notice),
            "facts": notice.facts,
        }


def record_rows(account: Account) -> Iterator[Row]:
    """Who did it is told as on the page: oneself, the customer centre, or the portal itself."""
    for record in AuditRecord.objects.filter(account=account).order_by("pk").iterator(chunk_size=ROWS_AT_A_TIME):
        by = "portal" if record.by_id is None else "me" if record.by_id == account.pk else "somebody else"
        data = record.data if by != "somebody else" else _without_words_of_staff(record.data)
        yield {"at": record.at, "what": record.what, "by": by, "about": record.subject_type, "data": data}


def _without_words_of_staff(data: dict[str, Any]) -> dict[str, Any]:
    """Names of employees, and what they wrote for each other, are not the customer's data."""
    return {name: value for name, value in data.items() if name not in WORDS_OF_STAFF}


def access_rows(account: Account) -> Iterator[Row]:
    for row in accesses_of(account).iterator(chunk_size=ROWS_AT_A_TIME):
        access = present(row)
        yield {"at": access.at, "who": access.who, "role": access.role, "what": access.what}


EXPORTERS = (
    Exporter(name="account", title=_("Account"), model=Account, rows=profile_rows),
    table("email-addresses", _("E-mail addresses"), EmailAddress, "email", "verified", "primary", account="user"),
    table("billing-address", _("Billing address"), BillingProfile, *BILLING, "updated_at"),
    table("copies", _("Copies of documents"), CopyAddress, "email", "asked_at", "confirmed_at"),
    table("terms", _("Terms of Use"), TermsAcceptance, "version__version", "accepted_at", "channel"),
    table("consents", _("Consents"), ConsentChange, *CONSENT),
    Exporter(name="notices", title=_("Notices"), model=Notice, rows=notice_rows),
    table("notice-choices", _("Notices and choices"), NoticeChoice, "choice", "channel", "is_wanted", "chosen_at"),
    table(
        "mails-undelivered", _("Mails that did not arrive"), UndeliveredMail, "address", "kind", "reason", "failed_at"
    ),
    table("calendar", _("Calendar"), CalendarFeed, "created_at"),
    table("devices", _("Devices that are signed in"), UserSession, *DEVICE, account="user"),
    table("second-steps", _("Second step"), Authenticator, "type", "created_at", "last_used_at", account="user"),
    table("apps-and-cars", _("Apps and cars that sign in"), SignIn, *SIGN_IN),
    Exporter(name="records", title=_("What happened in your account"), model=AuditRecord, rows=record_rows),
    Exporter(name="accesses", title=_("Who accessed my data"), model=StaffRead, rows=access_rows),
    table("caller-checks", _("Calls in your name"), CallerTry, "at", "way", "asked", "failure"),
    table("exports", _("Exports of your data"), DataExport, "requested_at", "ready_at", "ended_at", "size"),
)
