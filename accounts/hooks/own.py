"""Events of the account itself, and of notices."""

from collections.abc import Sequence

from accounts.hooks.kinds import Ids, Kind, of_account, of_subject
from accounts.models import Notice
from portal.models import AuditRecord

_CONFIRMED = "email_confirmed"


def _first_confirmations(records: Sequence[AuditRecord]) -> Ids:
    """An account is activated by its first address; one that takes its place later is none of this."""
    confirmed = AuditRecord.objects.filter(what=_CONFIRMED, account__in={record.account_id for record in records})
    first = dict(confirmed.order_by("-pk").values_list("account_id", "pk"))
    return of_account([record for record in records if first.get(record.account_id or 0) == record.pk])


KINDS = [
    Kind(
        name="account.activated",
        text="An account's e-mail address was confirmed for the first time.",
        told_by=frozenset({_CONFIRMED}),
        ids=_first_confirmations,
        names=("account",),
    ),
    Kind(
        name="account.closed",
        text="An account was closed. Its tokens are worth nothing any more.",
        told_by=frozenset({"account closed"}),
        ids=of_account,
        names=("account",),
    ),
    Kind(
        name="notice.given",
        text="A notice is in the inbox.",
        told_by=frozenset({"notice"}),
        ids=of_subject(Notice, ids=lambda _record, row: {"notice": str(row.public_id)}),
        names=("account", "notice"),
    ),
]
