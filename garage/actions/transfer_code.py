"""The code that a seller hands to the buyer (L1): made, made anew, found, used up."""

from dataclasses import dataclass
from datetime import datetime
from secrets import choice

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.barring import check_not_barred
from accounts.models import Account
from garage.actions.add import in_garage, lock_garage, put_in_garage
from garage.models import Membership, Sale, TransferCode, Vehicle
from garage.rules import pairing
from garage.rules import sale as rules
from portal import audit
from portal.hourly_limit import take_turn
from portal.refusals import Refusal


@dataclass(frozen=True, kw_only=True)
class IssuedTransferCode:
    """What stands on the note, in its groups, and until when it is good. It is shown this once."""

    code: str
    expires_at: datetime


def issue_transfer_code(*, sale: Sale, now: datetime, by: Account) -> IssuedTransferCode:
    """Good for 30 days and once; the one before it is not good any more.

    Raises `Refusal`: barred, not_left while the car is in the seller's garage, too_many.
    """
    check_not_barred(by, now=now)
    if not take_turn("transfer-codes", str(sale.pk), most=rules.CODES_AN_HOUR, now=now):
        raise Refusal("too_many", _("Many codes were made for this car. Please try again in an hour."))
    code = "".join(choice(pairing.ALPHABET) for _place in range(rules.CODE_LENGTH))
    with transaction.atomic():
        sale = Sale.objects.select_for_update(of=("self",), no_key=True).select_related("membership").get(pk=sale.pk)
        if not sale.has_left or sale.called_off_at:
            raise Refusal("not_left", _("A code can be made once the car has left your garage."))
        sale.codes.filter(replaced_at__isnull=True, used_at__isnull=True).update(replaced_at=now)
        made = TransferCode.objects.create(
            sale=sale, digest=_digest(code), issued_at=now, expires_at=rules.expires_at(issued_at=now)
        )
        audit.record("transfer code issued", account=by, by=by, now=now, subject=made)
    return IssuedTransferCode(code=rules.grouped(code), expires_at=made.expires_at)


def open_transfer_code(code: str, *, now: datetime) -> TransferCode | None:
    """None whether there never was one, or it is replaced, used, or too old."""
    rows = TransferCode.objects.select_related("sale__membership__vehicle")
    found = rows.filter(digest=_digest(code), replaced_at__isnull=True, used_at__isnull=True)
    return found.filter(expires_at__gt=now).first()


@transaction.atomic
def put_bought_car_in_garage(*, code: TransferCode, account: Account, now: datetime, by: Account) -> Membership:
    """The code's car, not verified, if it is not there already. Until access is proved the buyer reads the end of the
    VIN, as on the certificate. Raises `Refusal`: garage_full, account_closed."""
    lock_garage(account)
    vehicle = Vehicle.objects.select_for_update(no_key=True).get(pk=code.sale.membership.vehicle_id)
    return in_garage(account, vehicle.vin) or put_in_garage(
        account=account, vehicle=vehicle, identified_as=rules.vin_shown(vehicle.vin), now=now, by=by
    )


@transaction.atomic
def use_transfer_code(*, code: TransferCode, membership: Membership, now: datetime, by: Account) -> None:
    """After access was proved. Another may have used it in between: that proof stands all the same."""
    locked = TransferCode.objects.select_for_update().get(pk=code.pk)
    if locked.used_at is None:
        locked.used_at, locked.used_by = now, membership
        locked.save(update_fields=["used_at", "used_by"])
        audit.record("transfer code used", account=membership.account, by=by, now=now, subject=membership)


def _digest(code: str) -> str:
    """Keyed: nobody who reads the table can try codes out."""
    return salted_hmac("garage.transfer-code", code, algorithm="sha256").hexdigest()
