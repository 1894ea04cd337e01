"""Taking in what the cars' backend tells of profiles on their screens (C6, L1). Each report is a change of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from garage.actions.locks import lock_car
from garage.actions.profile import end_profile, link_profile
from garage.models import Membership, MultimediaProfile, Vehicle
from garage.models.profile import Source
from garage.rules.membership import Right
from garage.rules.profile_reports import Known, ProfileReport, is_news
from garage.rules.said import Fault, Problem
from portal.refusals import Refusal

NOT_LINKED = _("The account has not proved access to this car.")
# By the place in the batch.
Reports = Mapping[int, ProfileReport]


@dataclass(kw_only=True)
class Taken:
    """What became of a batch: how many changed something, how many told nothing new, and the places of the others.

    `left_out` are, with the refusal, of accounts without proved access to the car (G11), which have no profile to be
    known of. One whose car was changing hands just then may be sent again.
    """

    kept: int = 0
    known: int = 0
    left_out: dict[int, Refusal] = field(default_factory=dict)
    refused: dict[int, Fault] = field(default_factory=dict)


def take_profile_reports(*, reports: Reports, now: datetime) -> Taken:
    taken = Taken()
    cars = {car.vin: car for car in Vehicle.objects.filter(vin__in={report.vin for report in reports.values()})}
    wanted = {report.account for report in reports.values()}
    accounts = {one.public_id: one for one in Account.objects.filter(public_id__in=wanted, is_active=True)}
    for index, report in reports.items():
        if report.vin not in cars:
            taken.refused[index] = Fault(problem=Problem.UNKNOWN_VIN, field="vin")
        elif report.account not in accounts:
            taken.refused[index] = Fault(problem=Problem.UNKNOWN_ACCOUNT, field="account")
        else:
            _take(index, report, cars[report.vin], accounts[report.account], taken, now=now)
    return taken


def _take(
    index: int, report: ProfileReport, vehicle: Vehicle, account: Account, taken: Taken, *, now: datetime
) -> None:
    try:
        is_kept = _keep(report, vehicle, account, now=now)
    except Refusal as refusal:
        taken.left_out[index] = refusal
    else:
        taken.kept, taken.known = taken.kept + is_kept, taken.known + (not is_kept)


@transaction.atomic
def _keep(report: ProfileReport, vehicle: Vehicle, account: Account, *, now: datetime) -> bool:
    """Whether it was news; under the locks, so that of two reports at once the later one stays."""
    lock_car(vehicle_id=vehicle.pk, account_ids=[account.pk])
    own = MultimediaProfile.objects.filter(vehicle=vehicle, account=account)
    last = own.order_by("-linked_at", "-pk").first()
    if not is_news(report, _known(last) if last else None):
        return False
    at = min(report.at, now)
    if report.is_linked:
        link = Membership.objects.current().filter(vehicle=vehicle, account=account).first()
        if link is None or not link.may(Right.OWN_PROFILE):
            raise Refusal("not_linked", NOT_LINKED)
        link_profile(membership=link, source=Source.VEHICLE, now=now, by=None, at=at)
    elif last:
        end_profile(profile=last, source=Source.VEHICLE, now=now, by=None, at=at)
    return True


def _known(profile: MultimediaProfile) -> Known:
    return Known(
        linked_at=profile.linked_at,
        confirmed_at=profile.confirmed_at,
        ended_at=profile.ended_at,
        was_removed_in_the_car=profile.was_removed_in_the_car,
    )
