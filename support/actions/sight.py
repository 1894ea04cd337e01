"""A customer lets the customer centre see trips of a car for a case, and takes it back at any time (K1, D4)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from garage.models import Membership
from portal import audit
from portal.refusals import Refusal
from support.cases.sight import may_be_shown
from support.models import Case, SightLeave
from support.rules.sight import SPANS

GIVEN = "leave to see trips given"
WITHDRAWN = "leave to see trips withdrawn"


def give_leave(*, case: Case, membership: Membership, hours: int, now: datetime, by: Account) -> SightLeave:
    """In place of the one before, if there is one. Raises `Refusal`: case_closed, nothing_to_see, span_unknown."""
    if hours not in SPANS:
        raise Refusal("span_unknown", _("Please choose one of the times."))
    if not may_be_shown(membership, by):
        raise Refusal("nothing_to_see", _("You have had no control of this car, so there are no trips of yours."))
    with transaction.atomic():
        case = Case.objects.select_for_update(of=["self"], no_key=True).get(pk=case.pk)
        if case.is_closed:
            raise Refusal("case_closed", _("This case is closed. Write again to open it."))
        end_leave(case, now=now)
        leave = SightLeave.objects.create(
            case=case, vehicle=membership.vehicle, given_at=now, until=now + timedelta(hours=hours)
        )
        audit.record(
            GIVEN, account=by, by=by, now=now, subject=leave, number=case.number, until=leave.until, hours=hours
        )
        return leave


def withdraw_leave(*, case: Case, now: datetime, by: Account) -> None:
    """Where none is running any more nothing happens."""
    with transaction.atomic():
        case = Case.objects.select_for_update(of=["self"], no_key=True).get(pk=case.pk)
        leave = end_leave(case, now=now)
        if leave is not None:
            audit.record(WITHDRAWN, account=by, by=by, now=now, subject=leave, number=case.number)


def end_leave(case: Case, *, now: datetime) -> SightLeave | None:
    """Within the caller's lock on the case, which ends it too."""
    leave = SightLeave.objects.select_for_update().filter(case=case, withdrawn_at__isnull=True).first()
    if leave is not None:
        leave.withdrawn_at = now
        leave.save(update_fields=["withdrawn_at"])
    return leave
