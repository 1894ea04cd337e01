"""Who accessed a customer's data (D1): what staff opened, and what somebody else with an access of their own read.

Higher apps say in `AppConfig.ready()` what their rows are called, and which records of the audit trail are reads.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, QuerySet, Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from portal.models import AuditRecord, StaffRead

Words = str | Promise

# Where the reader stands; an employee's name is the employer's matter, and is not shown.
STAFF: Words = _("Customer centre")
ROLES: dict[str, Words] = {
    "agent": _("agent"),
    "finance": _("finance"),
    "editor": _("editor"),
    "dealer": _("dealer"),
    "administrator": _("administrator"),
}
SUBJECTS: dict[str, Words] = {
    "accounts.account": _("Your account: name, addresses, language, Terms"),
    "accounts.closing": _("The closing of your account"),
    "accounts.consentchange": _("A consent that you gave or withdrew"),
    "accounts.dataexport": _("How far the export of your data was"),
    "accounts.notice": _("A notice that you were sent"),
    "accounts.signin": _("An app or a car that is signed in"),
    "accounts.undeliveredmail": _("A mail to you that did not arrive"),
    "accounts.termsacceptance": _("Your acceptance of the Terms of Use"),
    "portal.staffread": _("A line of this list"),
    "portal.auditrecord": _("A record of what happened in your account"),
}
# What the audit trail calls a read by somebody else -> who that is.
AUDITED: dict[str, Words] = {}
SOMETHING: Words = _("A record about you")


@dataclass(frozen=True)
class Access:
    at: datetime
    who: str
    role: str
    what: str


def register_subjects(subjects: dict[str, Words]) -> None:
    SUBJECTS.update(subjects)


def register_audited(what: str, who: Words) -> None:
    AUDITED[what] = who


def accesses_of(account: Account) -> QuerySet[Any, Any]:
    """Newest first, both kinds in one list, as rows for `present`; to be paginated."""
    columns = ("at", "role", "subject_type", "audited", "pk")
    by_staff = StaffRead.objects.filter(account=account).annotate(audited=Value("", CharField()))
    trail = AuditRecord.objects.filter(account=account, what__in=list(AUDITED)).exclude(by=account)
    by_others = trail.annotate(role=Value("", CharField()))
    audited = by_others.values_list("at", "role", "subject_type", "what", "pk")
    return by_staff.values_list(*columns).union(audited, all=True).order_by("-at", "-pk")


def present(row: tuple[datetime, str, str, str, int]) -> Access:
    at, role, subject_type, audited, _pk = row
    roles = [str(ROLES.get(name, name)) for name in role.split(",") if name]
    who = AUDITED.get(audited, STAFF)
    what = SUBJECTS.get(subject_type, SOMETHING)
    return Access(at=at, who=str(who), role=", ".join(roles), what=str(what))
