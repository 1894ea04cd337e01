"""A buyer takes a car over (L1): the seller's code says which car, proof of access says that it is there (V1).

Each step is an action of its own, since a wrong reading counts whatever becomes of the rest (V2); done again, it does
what is missing.
"""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from garage.actions.pair import redeem_pairing_code
from garage.actions.prove import prove_access
from garage.actions.transfer_code import open_transfer_code, put_bought_car_in_garage, use_transfer_code
from garage.lookups import take_transfer_try
from garage.models import Membership, TransferCode
from garage.rules import sale as rules
from portal.refusals import Refusal
from subscriptions.actions.control import request_control

# The same whether the code never was, is used, replaced or too old: it tells of no car.
WRONG = _("This transfer code is not valid, or not any more. Nothing was counted. Ask the seller for a new one.")


def take_over(
    *,
    account: Account,
    code: str,
    odometer_km: int | None = None,
    pairing_code: str = "",
    address: str,
    now: datetime,
    by: Account,
) -> Membership:
    """Adds the car, proves access and takes control in one step. Where another account has control by now, it is asked
    for by the rules of V4: at once, or after its consent or days.

    A transfer code that is wrong costs no try of V2. Raises `Refusal`: transfer_malformed, too_many_codes,
    transfer_wrong, transfer_own, proof_missing, garage_full, and what proving access, redeeming a pairing code and
    asking for control raise.
    """
    if odometer_km is None and not pairing_code:
        raise Refusal("proof_missing", _("Please type the odometer reading, or the code on the car’s screen."))
    found = _open_code(code, account=account, address=address, now=now)
    vehicle = found.sale.membership.vehicle_id
    if odometer_km is None:
        membership = redeem_pairing_code(
            account=account, code=pairing_code, address=address, now=now, by=by, of_vehicle=vehicle
        )
    else:
        membership = put_bought_car_in_garage(code=found, account=account, now=now, by=by)
        membership = prove_access(membership=membership, odometer_km=odometer_km, now=now, by=by)
    use_transfer_code(code=found, membership=membership, now=now, by=by)
    if not membership.is_active:
        request_control(membership=membership, now=now, by=by)
    return Membership.objects.select_related("vehicle", "account__market").get(pk=membership.pk)


def _open_code(code: str, *, account: Account, address: str, now: datetime) -> TransferCode:
    code = rules.clean(code)
    if not rules.is_well_formed(code):
        raise Refusal("transfer_malformed", _("A transfer code has 12 letters and digits: three groups of four."))
    if not take_transfer_try(account_id=account.pk, address=address, now=now):
        raise Refusal("too_many_codes", _("Too many codes were tried. Please try again in an hour."))
    found = open_transfer_code(code, now=now)
    if found is None:
        raise Refusal("transfer_wrong", WRONG)
    if found.sale.membership.account_id == account.pk:
        raise Refusal("transfer_own", _("You made this code yourself: it is for the buyer of the car."))
    return found
