"""What accounts are told of a car that they share: control offered, asked for, moved; drivers; links cut off."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import translation

from accounts.models import Account
from accounts.notices.kinds import tell
from garage.models import ControlTransfer, DataGrant, DriverAccess, Membership, Vehicle
from garage.naming import car_name

NOTHING = Decimal("0.00")


def path_for(account: Account, url_name: str, *arguments: object) -> str:
    """A path of this site in the account's language: jobs have none of their own."""
    with translation.override(account.language):
        return reverse(url_name, args=arguments)


def tell_transfer(transfer: ControlTransfer, *, change: str, now: datetime, refund: Decimal = NOTHING) -> None:
    """Both, at once. An offer that nobody has taken is told to an address by mail, not from here."""
    for account in (transfer.giver, transfer.taker):
        if account is not None:
            _tell_side(transfer, account, change=change, now=now, refund=refund)


def _tell_side(transfer: ControlTransfer, account: Account, *, change: str, now: datetime, refund: Decimal) -> None:
    is_giver = account.pk == transfer.giver_id
    _tell(
        account,
        f"control_{transfer.way}",
        subject_key=f"{transfer.public_id}:{change}",
        vehicle=transfer.vehicle,
        # The deadline is warned of once, on whichever day.
        event_at=transfer.due_at if change == "warned" else now,
        now=now,
        change=str(change),
        is_giver=is_giver,
        due_at=transfer.due_at.isoformat(),
        refund=refund if is_giver else NOTHING,
        url=_page(transfer, account),
    )


def _page(transfer: ControlTransfer, account: Account) -> str:
    if transfer.is_open and account.pk == transfer.giver_id and not transfer.is_offer:
        return path_for(account, "control_answer", transfer.public_id)
    if transfer.is_to_confirm and account.pk == transfer.giver_id:
        return path_for(account, "control_confirmation", transfer.public_id)
    if transfer.is_open and transfer.is_offer and account.pk == transfer.taker_id:
        return path_for(account, "control_offered", transfer.public_id)
    return _car_page(account, transfer.vehicle, "control")


def tell_moved(transfer: ControlTransfer, *, taker: Account, now: datetime, refund: Decimal) -> None:
    """Control has moved; the one who had it learns what was promised back."""
    _tell_moved(transfer, transfer.giver, has_control=False, now=now, refund=refund)
    tell_taken(transfer, taker=taker, now=now)


def tell_taken(transfer: ControlTransfer, *, taker: Account, now: datetime) -> None:
    """Only the one who has control now: whoever left the car is told of that, and of its refunds."""
    _tell_moved(transfer, taker, has_control=True, now=now)


def _tell_moved(
    transfer: ControlTransfer, account: Account, *, has_control: bool, now: datetime, refund: Decimal = NOTHING
) -> None:
    _tell(
        account,
        "control_moved",
        subject_key=f"{transfer.public_id}:moved",
        vehicle=transfer.vehicle,
        now=now,
        has_control=has_control,
        refund=refund,
        url=_car_page(account, transfer.vehicle, "vehicle"),
    )


def tell_driver(access: DriverAccess, *, change: str, now: datetime) -> None:
    """The account that invited, and the driver, where there is one."""
    for account in (access.owner, access.driver):
        if account is None:
            continue
        is_owner = account.pk == access.owner_id
        _tell(
            account,
            "driver_access",
            subject_key=f"{access.public_id}:{change}{access.last_on if change == 'limited' else ''}",
            vehicle=access.vehicle,
            now=now,
            change=change,
            is_owner=is_owner,
            email=access.email if is_owner else "",
            last_on=_plain(access.last_on),
            url=_car_page(account, access.vehicle, "drivers" if is_owner else "vehicle"),
        )


def tell_cut_off(link: Membership, *, now: datetime) -> None:
    account = link.account
    _tell(
        account,
        "link_cut_off",
        subject_key=f"{link.public_id}",
        vehicle=link.vehicle,
        now=now,
        url=path_for(account, "garage"),
    )


def tell_grant(grant: DataGrant, *, change: str, now: datetime) -> None:
    """The account that gave it: given, or why it has ended (D3)."""
    account = grant.account
    _tell(
        account,
        "data_grant",
        subject_key=f"{grant.public_id}:{change}",
        vehicle=grant.vehicle,
        now=now,
        change=str(change),
        third_party=grant.third_party.name,
        kinds=[{"data_kind": name} for name in grant.kinds],
        ends_on=grant.ends_on,
        url=path_for(account, "grant", grant.public_id),
    )


def _tell(
    account: Account,
    kind: str,
    *,
    subject_key: str,
    vehicle: Vehicle,
    now: datetime,
    event_at: datetime | None = None,
    **facts: Any,
) -> None:
    tell(
        account=account,
        kind=kind,
        subject_key=subject_key,
        event_on=account.market.local_date(event_at or now),
        now=now,
        vehicle_label=car_name(vehicle, account),
        currency=account.market.currency,
        **facts,
    )


def _car_page(account: Account, vehicle: Vehicle, page: str) -> str:
    """The page of the car where the account still has it, else the garage."""
    link = Membership.objects.current().filter(account=account, vehicle=vehicle).first()
    if link is None:
        return path_for(account, "garage")
    return path_for(account, page if link.is_active or page == "control" else "vehicle", link.public_id)


def _plain(day: date | None) -> str:
    return day.isoformat() if day else ""
