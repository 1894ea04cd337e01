"""The owner's own entries in a car's service history: added, changed, deleted (G8)."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from garage.actions.locks import lock_car
from garage.maintenance import done_of
from garage.models import Membership, ServiceRecord, Vehicle
from garage.rules import maintenance as rules
from garage.rules.maintenance import Done
from garage.rules.membership import Right
from portal import audit
from portal.refusals import Refusal

MOST_OWN_ENTRIES = 200


@transaction.atomic
def enter_service(
    *,
    membership: Membership,
    done_on: date,
    odometer_km: int,
    items: list[str],
    works: list[str],
    now: datetime,
    by: Account,
) -> ServiceRecord:
    """An entry of the account that has control of the car, marked as an owner's; it stays with the car (D4).

    Raises `Refusal`: not_active, day_to_come, reading_does_not_fit, history_full.
    """
    vehicle = _locked_car(membership)
    if _own_entries(vehicle, by).count() >= MOST_OWN_ENTRIES:
        raise Refusal("history_full", _("You have 200 entries for this car: no more can be added."))
    _check(vehicle, Done(on=done_on, km=odometer_km), account=by, now=now)
    record = ServiceRecord.objects.create(
        vehicle=vehicle,
        done_on=done_on,
        odometer_km=odometer_km,
        items=items,
        works=works,
        is_own=True,
        entered_by=by,
        recorded_at=now,
    )
    audit.record("service entered", account=by, by=by, now=now, subject=record)
    return record


@transaction.atomic
def change_service_entry(
    *,
    membership: Membership,
    record: ServiceRecord,
    done_on: date,
    odometer_km: int,
    items: list[str],
    works: list[str],
    now: datetime,
    by: Account,
) -> ServiceRecord:
    """Of one's own entry. Raises `Refusal`: not_active, entry_gone, day_to_come, reading_does_not_fit."""
    vehicle = _locked_car(membership)
    own = _own_entry(vehicle, record, by)
    _check(vehicle, Done(on=done_on, km=odometer_km), account=by, now=now, besides=own)
    own.done_on, own.odometer_km, own.items, own.works = done_on, odometer_km, items, works
    own.save(update_fields=["done_on", "odometer_km", "items", "works"])
    audit.record("service entry changed", account=by, by=by, now=now, subject=own)
    return own


@transaction.atomic
def delete_service_entry(*, membership: Membership, record: ServiceRecord, now: datetime, by: Account) -> None:
    """Of one's own entry. Raises `Refusal`: not_active, entry_gone."""
    own = _own_entry(_locked_car(membership), record, by)
    audit.record("service entry deleted", account=by, by=by, now=now, subject=own)
    own.delete()


def forget_who_entered(account: Account, now: datetime) -> None:
    """With the closing of the account (A6): its entries stay with the car, and lead to nobody any more."""
    ServiceRecord.objects.filter(entered_by=account, is_own=True).update(entered_by=None)


def _locked_car(membership: Membership) -> Vehicle:
    lock_car(vehicle_id=membership.vehicle_id, account_ids=[membership.account_id])
    current = Membership.objects.current().filter(pk=membership.pk).select_related("vehicle").first()
    if current is None or not current.may(Right.OWN_ENTRIES):
        raise Refusal("not_active", _("Your account does not control this car any more."))
    return current.vehicle


def _own_entry(vehicle: Vehicle, record: ServiceRecord, by: Account) -> ServiceRecord:
    own = _own_entries(vehicle, by).filter(pk=record.pk).first()
    if own is None:
        raise Refusal("entry_gone", _("This entry is not there any more."))
    return own


def _own_entries(vehicle: Vehicle, account: Account) -> QuerySet[ServiceRecord]:
    return ServiceRecord.objects.filter(vehicle=vehicle, is_own=True, entered_by=account)


def _check(
    vehicle: Vehicle, new: Done, *, account: Account, now: datetime, besides: ServiceRecord | None = None
) -> None:
    if new.on > account.market.local_date(now):
        raise Refusal("day_to_come", _("This day is still to come. Please enter what was done already."))
    # A slip of an owner before, who alone could mend it, binds nobody.
    binding = ServiceRecord.objects.filter(Q(is_own=False) | Q(entered_by=account), vehicle=vehicle)
    if not rules.fits(new, history=[done_of(record) for record in binding if record != besides]):
        raise Refusal(
            "reading_does_not_fit",
            _("An odometer only goes up: this reading does not fit between the others of the history."),
        )
