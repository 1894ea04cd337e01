"""Proving physical access to a car by its odometer (V1, V2, G3)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from garage.actions.unlink import begin_control
from garage.models import AccessCheck, Membership, Vehicle
from garage.registry import get_registry
from garage.rules import verification as rules
from garage.rules.verification import OdometerReading, Verdict
from garage.wording import wrong_reading_sentence
from portal import audit
from portal.refusals import Refusal

BLOCKED = _("Three readings did not match. Please go to your dealer, who can verify that the car is yours.")
TOO_OLD = _("The car has not reported its odometer lately. Please go to your dealer to prove access. No try was used.")


def prove_access(*, membership: Membership, odometer_km: int, now: datetime, by: Account) -> Membership:
    """Verifies the link if the reading matches; the first to verify a car nobody controls becomes active (G3).

    Refuses with `wrong_reading` (a try is used up), `verification_blocked` (the third wrong reading, and every one
    after it), `reading_too_old` (no try is used) or `not_in_garage`. An account that needs no proof is not asked.
    """
    known = get_registry().odometer(membership.vehicle.vin)
    refusal = _judge(membership, odometer_km=odometer_km, known=known, now=now, by=by)
    # Raised out here, or the transaction would take the counted try back.
    if refusal:
        raise refusal
    return Membership.objects.select_related("vehicle", "account").get(pk=membership.pk)


@transaction.atomic(durable=True)
def _judge(
    membership: Membership, *, odometer_km: int, known: OdometerReading | None, now: datetime, by: Account
) -> Refusal | None:
    # One car, one proof at a time: whoever comes first becomes active, and tries are counted one by one.
    Vehicle.objects.select_for_update(no_key=True).get(pk=membership.vehicle_id)
    current = (
        Membership.objects.current().select_related("account__market").select_for_update(of=("self",), no_key=True)
    )
    locked = current.filter(pk=membership.pk).first()
    if locked is None:
        return Refusal("not_in_garage", _("This car is not in your garage any more."))
    return _judge_locked(locked, odometer_km=odometer_km, known=known, now=now, by=by)


def _judge_locked(
    membership: Membership, *, odometer_km: int, known: OdometerReading | None, now: datetime, by: Account
) -> Refusal | None:
    has_active = Membership.objects.current().filter(vehicle=membership.vehicle_id, is_active=True).exists()
    if membership.is_verified and has_active:
        return None
    check = _locked_check(membership)
    if check.blocked_at:
        return Refusal("verification_blocked", BLOCKED)
    tolerance_km = membership.account.market.odometer_tolerance_km
    match rules.judge_reading(stated_km=odometer_km, known=known, tolerance_km=tolerance_km, now=now):
        case Verdict.MATCHES:
            _accept(membership, becomes_active=not has_active, now=now, by=by)
            return None
        case Verdict.DIFFERS:
            return _count_wrong(check, membership=membership, now=now, by=by)
        case Verdict.NO_FRESH_READING:
            return Refusal("reading_too_old", TOO_OLD)


def _locked_check(membership: Membership) -> AccessCheck:
    """The count of this account and car; it outlives the membership, so that adding the car again resets nothing."""
    AccessCheck.objects.get_or_create(account_id=membership.account_id, vehicle_id=membership.vehicle_id)
    checks = AccessCheck.objects.select_for_update(no_key=True)
    return checks.get(account_id=membership.account_id, vehicle_id=membership.vehicle_id)


def _accept(membership: Membership, *, becomes_active: bool, now: datetime, by: Account) -> None:
    membership.verified_at = membership.verified_at or now
    membership.save(update_fields=["verified_at"])
    if becomes_active:
        begin_control(membership, now=now)
    audit.record(
        "access_proved", account=membership.account, by=by, now=now, subject=membership, became_active=becomes_active
    )


def _count_wrong(check: AccessCheck, *, membership: Membership, now: datetime, by: Account) -> Refusal:
    check.wrong_tries += 1
    left = rules.tries_left(check.wrong_tries)
    check.blocked_at = None if left else now
    check.save(update_fields=["wrong_tries", "blocked_at"])
    audit.record("access_refused", account=membership.account, by=by, now=now, subject=membership, tries_left=left)
    if left:
        return Refusal("wrong_reading", wrong_reading_sentence(left))
    audit.record("verification_blocked", account=membership.account, by=by, now=now, subject=membership)
    return Refusal("verification_blocked", BLOCKED)
