"""Proving physical access to a car by its odometer (V1, V2, G3)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from garage.actions.unlink import begin_control
from garage.markets import market_of_car
from garage.models import AccessCheck, AccessTry, AccessUnblocking, ControlPeriod, Membership, Vehicle
from garage.notices.announcing import tell_access_tried
from garage.registry import get_registry
from garage.rules import verification as rules
from garage.rules.verification import OdometerReading, Verdict
from garage.words.refusals import wrong_reading_sentence
from portal import audit
from portal.querying.written import Given, written
from portal.refusals import Refusal

BLOCKED = _("Three readings did not match. Please go to your dealer, who can verify that the car is yours.")
# One sentence for both reasons: which of them holds would tell a stranger of the car.
NO_PROOF = _(
    "The odometer can prove nothing for this car at the moment: the car has not reported it lately, or too many wrong "
    "readings were given for it. Use the code that the car’s screen shows, or go to your dealer. No try was used."
)


def prove_access(*, membership: Membership, odometer_km: int, now: datetime, by: Account) -> Membership:
    """Verifies the link if the reading matches; the first to verify a car nobody controls becomes active (G3).

    Refuses with `wrong_reading` (a try is used up), `verification_blocked` (the third wrong reading, and every one
    after it), `reading_proves_nothing` (no try is used: the car's last reading is too old, or the car's cap over all
    accounts is reached) or `not_in_garage`. An account that needs no proof is not asked; one whose proof is older than
    the present control needs it again. The account that has control is told of each judged try of another.
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
    if not needs_proof(membership):
        return None
    check = locked_check(membership)
    if check.blocked_at:
        return Refusal("verification_blocked", BLOCKED)
    market = market_of_car(membership)
    # Not judged at all: a right reading must not be told from a wrong one once the car's cap is reached.
    wrong = wrong_readings_of(membership.vehicle_id, since=now - timedelta(days=market.wrong_readings_days))
    if not rules.may_be_tried(wrong_on_car=wrong, most=market.wrong_readings_per_car):
        return Refusal("reading_proves_nothing", NO_PROOF)
    match rules.judge_reading(stated_km=odometer_km, known=known, tolerance_km=market.odometer_tolerance_km, now=now):
        case Verdict.MATCHES:
            _keep_try(membership, is_right=True, now=now)
            accept_proof(membership, now=now, by=by)
            return None
        case Verdict.DIFFERS:
            _keep_try(membership, is_right=False, now=now)
            return _count_wrong(check, membership=membership, now=now, by=by)
        case Verdict.NO_FRESH_READING:
            return Refusal("reading_proves_nothing", NO_PROOF)


def needs_proof(membership: Membership) -> bool:
    """Not proved yet, nobody in control, or V4: proved before the account that has control now began to have it."""
    is_current = rules.is_proof_current(
        proved_at=membership.verified_at, control_began_at=control_began_at(membership.vehicle_id)
    )
    return not membership.is_active and not is_current


def control_began_at(vehicle_id: int) -> datetime | None:
    """Since when the account that has control of the car has it; None where nobody has."""
    running = ControlPeriod.objects.filter(vehicle=vehicle_id, ended_at__isnull=True)
    return running.values_list("started_at", flat=True).first()


def locked_check(membership: Membership) -> AccessCheck:
    """The count of this account and car; it outlives the membership, so that adding the car again resets nothing."""
    AccessCheck.objects.get_or_create(account_id=membership.account_id, vehicle_id=membership.vehicle_id)
    checks = AccessCheck.objects.select_for_update(no_key=True)
    return checks.get(account_id=membership.account_id, vehicle_id=membership.vehicle_id)


def active_link(vehicle_id: int) -> Membership | None:
    """The link of the account that has control of the car."""
    return next(iter(_active_links(vehicle=vehicle_id)), None)


@written
def _active_links(*, vehicle: Given) -> QuerySet[Membership]:
    """One at most."""
    current = Membership.objects.current().select_related("account__market", "vehicle")
    return current.filter(vehicle=vehicle, is_active=True)


def wrong_readings_of(vehicle_id: int, *, since: datetime) -> int:
    """V2: wrong readings of the car by all accounts, without those of a person whose identity was checked since."""
    forgiven = AccessUnblocking.objects.filter(
        access_check__vehicle=OuterRef("vehicle"),
        access_check__account=OuterRef("account"),
        unblocked_at__gte=OuterRef("at"),
    )
    return AccessTry.objects.filter(~Exists(forgiven), vehicle=vehicle_id, is_right=False, at__gt=since).count()


def accept_proof(membership: Membership, *, now: datetime, by: Account | None, by_code: bool = False) -> None:
    """Under the locks of vehicle and membership: verified from now on, and active where nobody is (G3).

    `verified_at` is the last proof: only one given under the present control lets its account ask for it (V4). The
    account that has control is told that another has proved access.
    """
    if not needs_proof(membership):
        return
    active = active_link(membership.vehicle_id)
    membership.verified_at = now
    membership.save(update_fields=["verified_at"])
    if active is None:
        begin_control(membership, now=now)
    facts = {"became_active": active is None} | ({"by_code": True} if by_code else {})
    audit.record("access_proved", account=membership.account, by=by, now=now, subject=membership, **facts)
    if active and by_code:
        tell_access_tried(active, what="code", subject_key=f"pairing-{membership.pk}-{now.isoformat()}", now=now)


def _keep_try(membership: Membership, *, is_right: bool, now: datetime) -> None:
    """One row without the kilometres, and word of it to the account that has control (V2)."""
    row = AccessTry.objects.create(
        account_id=membership.account_id, vehicle_id=membership.vehicle_id, at=now, is_right=is_right
    )
    active = active_link(membership.vehicle_id)
    if active:
        tell_access_tried(active, what="right" if is_right else "wrong", subject_key=f"access-try-{row.pk}", now=now)


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
