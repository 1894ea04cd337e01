"""The head unit's pairing code: shown by the car, typed in by whoever sits in it (G2, V1).

Locks the account, then the vehicle, the membership, the access check, and last the code.
"""

from dataclasses import dataclass
from datetime import datetime
from secrets import choice

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from garage.actions.add import in_garage, lock_garage, put_in_garage, vehicle_of
from garage.actions.prove import BLOCKED, accept_proof, locked_check
from garage.lookups import take_code_try
from garage.models import Membership, PairingCode, Vehicle
from garage.registry import get_registry
from garage.rules import pairing as rules
from garage.rules import vin as vin_rules
from portal import audit
from portal.refusals import Refusal

# The same whether the code never was, is used, has expired or was for a car that there is not: it tells of no car.
WRONG = _(
    "This code is not valid, or not any more. A code is good for ten minutes and once. Ask the car for a new one."
)


@dataclass(frozen=True, kw_only=True)
class IssuedCode:
    """What the car's screen shows: the code in its groups, and until when it is good."""

    code: str
    expires_at: datetime


def issue_pairing_code(*, vin: str, now: datetime) -> IssuedCode:
    """A new code for the car, good for ten minutes and once; of three that are open the oldest gives way.

    Called for the head unit, which knows its own VIN. Refuses with `vin_unknown`.
    """
    car = get_registry().by_vin(vin_rules.clean(vin))
    if car is None:
        raise Refusal("vin_unknown", _("The registry does not know this VIN."))
    code = "".join(choice(rules.ALPHABET) for _place in range(rules.LENGTH))
    expires_at = now + rules.LIFETIME
    with transaction.atomic():
        vehicle = Vehicle.objects.select_for_update(no_key=True).get(pk=vehicle_of(car, now=now).pk)
        facts = {"digest": _digest(code), "created_at": now, "expires_at": expires_at}
        slot = _free_slot(vehicle, now=now)
        unused = {"used_at": None, "used_by": None}
        PairingCode.objects.update_or_create(vehicle=vehicle, slot=slot, defaults=facts | unused)
        audit.record("pairing_code_issued", account=None, by=None, now=now, subject=vehicle)
    return IssuedCode(code=rules.grouped(code), expires_at=expires_at)


def redeem_pairing_code(
    *, account: Account, code: str, address: str, now: datetime, by: Account, of_vehicle: int | None = None
) -> Membership:
    """Puts the code's car into the garage if it is not there, and proves access to it at once (V1).

    `of_vehicle`: one of another car is answered like one that never was, and stays good.

    It becomes active where nobody is (G3). Refuses with `code_malformed` (no try is used), `too_many_codes`,
    `code_wrong`, `garage_full`, or `verification_blocked`: what three wrong readings have blocked, only the dealer or
    the customer centre unblocks (V3). A refused code stays good. `address` is the network address that asks.
    """
    code = rules.clean(code)
    if not rules.is_well_formed(code):
        raise Refusal("code_malformed", _("A code has 8 letters and digits, as the car shows it: two groups of four."))
    if not take_code_try(account_id=account.pk, address=address, now=now):
        raise Refusal("too_many_codes", _("Too many codes were tried. Please try again in an hour."))
    found = PairingCode.objects.select_related("vehicle").filter(digest=_digest(code)).first()
    is_of_another = found is not None and of_vehicle not in (None, found.vehicle_id)
    if found is None or is_of_another or not _is_open(found, now=now):
        raise Refusal("code_wrong", WRONG)
    return _redeem(found, account=account, now=now, by=by)


@transaction.atomic
def _redeem(found: PairingCode, *, account: Account, now: datetime, by: Account) -> Membership:
    lock_garage(account)
    vehicle = Vehicle.objects.select_for_update(no_key=True).get(pk=found.vehicle_id)
    membership = in_garage(account, vehicle.vin) or put_in_garage(
        account=account, vehicle=vehicle, identified_as=vehicle.vin, now=now, by=by
    )
    membership = (
        Membership.objects.select_related("vehicle", "account__market")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=membership.pk)
    )
    if locked_check(membership).blocked_at:
        raise Refusal("verification_blocked", BLOCKED)
    # Typed in twice at once, or replaced by a newer one while this waited for the locks.
    code = PairingCode.objects.select_for_update().get(pk=found.pk)
    if code.digest != found.digest or not _is_open(code, now=now):
        raise Refusal("code_wrong", WRONG)
    code.used_at, code.used_by = now, membership
    code.save(update_fields=["used_at", "used_by"])
    accept_proof(membership, by_code=True, now=now, by=by)
    return membership


def _is_open(code: PairingCode, *, now: datetime) -> bool:
    return code.used_at is None and now < code.expires_at


def _free_slot(vehicle: Vehicle, *, now: datetime) -> int:
    """The place of no code, of one that is used or over, or else of the oldest."""
    taken = {code.slot: code for code in PairingCode.objects.filter(vehicle=vehicle)}
    slots = range(1, rules.OPEN_PER_CAR + 1)
    free = [slot for slot in slots if slot not in taken or not _is_open(taken[slot], now=now)]
    return free[0] if free else min(slots, key=lambda slot: taken[slot].created_at)


def _digest(code: str) -> str:
    """Keyed: eight letters could be tried out against a bare hash."""
    return salted_hmac("garage.pairing-code", code, algorithm="sha256").hexdigest()
