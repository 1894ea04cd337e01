"""Asking the vehicle backend to switch packages in cars, and taking in its answers (C1).

A row is made in the transaction that begins or ends the service, so that none is forgotten; the backend fetches what is
asked (`GET /api/v1/provisionings/`), however often, and answers when the car has done it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from garage.rules.said import Fault, Problem
from portal import audit
from portal.refusals import Refusal
from subscriptions.actions.work import close_solved, open_work_items
from subscriptions.ledger.finding import Finding
from subscriptions.models import Provisioning, Subscription
from subscriptions.models.work import CAR_NOT_SWITCHED
from subscriptions.rules import provisioning as rules
from subscriptions.rules.provisioning import OPEN, State, Switch, Verdict
from subscriptions.rules.provisioning_reports import Report, is_before


def ask_to_switch_on(subscription: Subscription, *, now: datetime) -> None:
    """Within the transaction that puts it into service. Nothing to ask where the package works without the car."""
    if subscription.package.is_set_up_in_car:
        Provisioning.objects.create(subscription=subscription, switch=Switch.ON, asked_at=now)


def ask_to_switch_off(subscription: Subscription, *, now: datetime) -> None:
    """Within the transaction that ends it. What was never asked for is not switched off; an answer that is still
    awaited is not waited for any more."""
    if not subscription.package.is_set_up_in_car:
        return
    on = Provisioning.objects.select_for_update().filter(subscription=subscription, switch=Switch.ON).first()
    if on is None:
        return
    Provisioning.objects.create(subscription=subscription, switch=Switch.OFF, asked_at=now)
    if on.state in OPEN:
        _write(on, State.OVERTAKEN, at=None, now=now)


@dataclass(kw_only=True)
class Taken:
    """What became of a batch: how many changed something, how many told nothing new, and the places of the others;
    `over` are of packages that have ended since."""

    kept: int = 0
    known: int = 0
    over: list[int] = field(default_factory=list)
    refused: dict[int, Fault] = field(default_factory=dict)


@transaction.atomic
def take_provisioning_reports(*, reports: Mapping[int, Report], now: datetime) -> Taken:
    """Takes in what is good of a batch, by the place in it. Whatever comes twice or late changes nothing."""
    taken = Taken()
    wanted = Provisioning.objects.filter(public_id__in={report.order for report in reports.values()})
    locked = wanted.select_for_update(of=["self"]).select_related("subscription__account", "subscription__package")
    rows = {row.public_id: row for row in locked.order_by("pk")}
    for index, report in reports.items():
        _take(index, report, rows.get(report.order), taken, now=now)
    return taken


def _take(index: int, report: Report, row: Provisioning | None, taken: Taken, *, now: datetime) -> None:
    if row is None:
        taken.refused[index] = Fault(problem=Problem.UNKNOWN_ORDER, field="order")
    elif is_before(report.at, row.asked_at):
        taken.refused[index] = Fault(problem=Problem.BEFORE_REQUEST, field="at")
    else:
        match rules.verdict(State(row.state), report.state):
            case Verdict.MOVES:
                _write(row, report.state, at=max(report.at, row.asked_at), reason=report.reason, now=now)
                taken.kept += 1
            case Verdict.KNOWN:
                taken.known += 1
            case Verdict.OVER:
                taken.over.append(index)


def ask_again(*, provisioning: Provisioning, reason: str, now: datetime, by: Account) -> Provisioning:
    """Staff ask the car once more after a failure. Raises `Refusal` not_failed."""
    with transaction.atomic():
        row = Provisioning.objects.select_for_update(of=["self"]).select_related("subscription").get(pk=provisioning.pk)
        check_failed(row)
        row.asked_at = now
        _write(row, State.ASKED, at=None, now=now, by=by, why=reason)
        return row


def check_failed(row: Provisioning) -> None:
    """Raises `Refusal` not_failed."""
    if not row.has_failed:
        raise Refusal("not_failed", _("The car has not said that it failed, so there is nothing to ask again."))


def find_cars_that_did_not_switch(*, now: datetime) -> int:
    """K4: what failed, and what was not answered for a day, stands on the work list until the car has done it."""
    rows = Provisioning.objects.open().select_related("subscription__package", "subscription__vehicle")
    late = rows.filter(state=State.FAILED) | rows.filter(asked_at__lt=now - rules.LATE_AFTER)
    return open_work_items((_finding(row) for row in late.order_by("pk").iterator()), now=now)


def _finding(row: Provisioning) -> Finding:
    what = f"{row.subscription.package.code} {row.switch}, {row.subscription.vehicle.vin}"
    answer = f"failed: {row.reason}" if row.has_failed else "no answer for a day"
    return Finding(check=CAR_NOT_SWITCHED, subject=str(row.public_id), text=f"{what}: {answer}")


def _write(
    row: Provisioning,
    state: State,
    *,
    at: datetime | None,
    now: datetime,
    reason: str = "",
    by: Account | None = None,
    why: str = "",
) -> None:
    row.move_to(state)
    row.answered_at, row.reason = at, reason
    row.save(update_fields=["state", "asked_at", "answered_at", "reason"])
    if state in (State.DONE, State.OVERTAKEN):
        close_solved(kind=CAR_NOT_SWITCHED, subject=str(row.public_id), now=now)
    audit.record(
        f"car {row.switch} {state}",
        account=row.subscription.account,
        by=by,
        now=now,
        subject=row.subscription,
        **({"code": reason} if reason else {}),
        **({"reason": why} if why else {}),
    )
