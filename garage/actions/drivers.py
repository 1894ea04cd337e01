"""Drivers of a car: invited by e-mail, accepted, limited, ended by either side or by their last day (G12)."""

from datetime import date, datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.barring import check_not_barred
from accounts.mail import enqueue_mail
from accounts.models import Account
from garage.actions.control import settle_after_leaving
from garage.actions.locks import lock_car
from garage.actions.unlink import unlink
from garage.models import DriverAccess, Membership, Vehicle
from garage.notices.sharing import path_for, tell_driver
from garage.rules import drivers as rules
from garage.rules import membership as membership_rules
from portal import audit
from portal.links import absolute
from portal.refusals import Refusal

NOT_ACTIVE = _("Your account does not control this car any more.")
DAY = timedelta(days=1)
PROMOTED = "promoted"


@transaction.atomic
def invite_driver(
    *, membership: Membership, email: str, last_on: date | None, now: datetime, by: Account
) -> DriverAccess:
    """Mails a link of seven days to the address, whether an account has it or not.

    One that was not accepted gives way to the new one. Raises `Refusal`: barred, not_active, driver_oneself,
    driver_there_already, drivers_too_many, last_day_over, too_many.
    """
    check_not_barred(by, now=now)
    email = email.lower()
    owner, vehicle = membership.account, membership.vehicle
    lock_car(vehicle_id=vehicle.pk, account_ids=[owner.pk])
    check_active(membership)
    _check_invitable(owner, vehicle, email, last_on=last_on, now=now)
    for waiting in _live(vehicle).filter(email=email, driver__isnull=True):
        _end(waiting, change="replaced", now=now, by=by)
    if not rules.has_room(taking_places(vehicle, now=now).count()):
        raise Refusal("drivers_too_many", _("A car has ten drivers at most. Please end one of the others first."))
    access = DriverAccess.objects.create(vehicle=vehicle, owner=owner, email=email, last_on=last_on, invited_at=now)
    audit.record("driver invited", account=owner, by=by, now=now, subject=access, email=email)
    _mail_invitation(access, now=now)
    return access


@transaction.atomic
def accept_driving(*, access: DriverAccess, now: datetime, by: Account) -> Membership:
    """Once, within seven days, by the account whose confirmed address was invited; the car counts to its ten (G1).

    Raises `Refusal`: invitation_over, garage_full.
    """
    lock_car(vehicle_id=access.vehicle_id, account_ids=[by.pk])
    current = _live(access.vehicle).filter(pk=access.pk, driver__isnull=True).first()
    is_meant = EmailAddress.objects.filter(user=by, email__iexact=access.email, verified=True).exists()
    if current is None or not is_meant or not _may_accept(current, by, now=now):
        raise Refusal("invitation_over", _("This invitation is not valid any more."))
    link = _link(current, by, now=now)
    current.driver, current.accepted_at = by, now
    current.save(update_fields=["driver", "accepted_at"])
    for account in (current.owner, by):
        audit.record("driver accepted", account=account, by=by, now=now, subject=current)
    tell_driver(current, change="begun", now=now)
    return link


@transaction.atomic
def limit_driver(*, access: DriverAccess, last_on: date | None, now: datetime, by: Account) -> DriverAccess:
    """Sets the last day, or takes it away; the driver is told. Raises `Refusal`: driver_over, last_day_over."""
    lock_car(vehicle_id=access.vehicle_id, account_ids=[access.owner_id])
    current = _live(access.vehicle).filter(pk=access.pk, owner=by).first()
    if current is None:
        raise Refusal("driver_over", _("This access has ended already."))
    _check_last_day(current.owner, last_on, now=now)
    if current.last_on == last_on:
        return current
    current.last_on = last_on
    current.save(update_fields=["last_on"])
    if current.driver:
        until = rules.ends_at(last_on, current.owner.market.zone)
        _links(current).update(driver_until=until)
        tell_driver(current, change="limited", now=now)
    audit.record(
        "driver limited", account=current.owner, by=by, now=now, subject=current, last_on=last_on, email=current.email
    )
    return current


@transaction.atomic
def end_driver(*, access: DriverAccess, now: datetime, by: Account) -> None:
    """By the account that invited, from that moment on; both are told. A second time changes nothing."""
    lock_car(vehicle_id=access.vehicle_id, account_ids=[access.owner_id])
    current = _live(access.vehicle).filter(pk=access.pk, owner=by).first()
    if current is not None:
        _end(current, change="ended", now=now, by=by)


@transaction.atomic
def end_driver_if_over(*, access_id: int, now: datetime) -> bool:
    """After the last day; True if this call ended it."""
    access = DriverAccess.objects.get(pk=access_id)
    lock_car(vehicle_id=access.vehicle_id, account_ids=[access.owner_id])
    current = _live(access.vehicle).filter(pk=access_id).first()
    until = rules.ends_at(current.last_on, current.owner.market.zone) if current else None
    if current is None or until is None or now < until:
        return False
    _end(current, change="over", now=now, by=None)
    return True


def drivers_over(*, now: datetime) -> list[int]:
    """Those whose last day may be over: by the day before in any zone, the action looks at the market's clock."""
    limited = DriverAccess.objects.filter(ended_at__isnull=True, last_on__lte=now.date() + DAY)
    return list(limited.order_by("last_on", "pk").values_list("pk", flat=True))


# With the control of the car


def end_drivers_of(membership: Membership, *, now: datetime, by: Account | None) -> None:
    """Within the caller's locks: whom this account invited drives no more, now that it gives up control."""
    for access in _live(membership.vehicle).filter(owner=membership.account_id):
        _end(access, change="ended", now=now, by=by)


def end_driving_of(membership: Membership, *, now: datetime, by: Account | None, change: str = "left") -> None:
    """Within the caller's locks: the driver leaves alone, or takes control (`promoted`); the link is the caller's."""
    for access in _live(membership.vehicle).filter(driver=membership.account_id):
        _close(access, change=change, now=now, by=by)


def taking_places(vehicle: Vehicle, *, now: datetime) -> QuerySet[DriverAccess]:
    """Who drives, and whose invitation may still be accepted: one that has expired takes nobody's place."""
    return _live(vehicle).filter(Q(driver__isnull=False) | Q(invited_at__gt=now - rules.TO_ACCEPT))


def check_active(membership: Membership) -> None:
    """Within the caller's lock on the vehicle. Raises `Refusal` not_active."""
    if not Membership.objects.current().filter(pk=membership.pk, is_active=True).exists():
        raise Refusal("not_active", NOT_ACTIVE)


def _end(access: DriverAccess, *, change: str, now: datetime, by: Account | None) -> None:
    """One who has proved access stays linked by that; the others leave the garage."""
    driver = access.driver
    link = _links(access).select_related("account__market", "vehicle").first() if driver else None
    _close(access, change=change, now=now, by=by)
    if link is None:
        return
    link.driver_since = link.driver_until = None
    link.save(update_fields=["driver_since", "driver_until"])
    if not link.is_verified:
        unlink(link, now=now, by=by)
        settle_after_leaving(link, now=now)


def _close(access: DriverAccess, *, change: str, now: datetime, by: Account | None) -> None:
    access.ended_at = now
    access.save(update_fields=["ended_at"])
    audit.record("driver ended", account=access.owner, by=by, now=now, subject=access, email=access.email, how=change)
    if access.driver:
        audit.record("driver ended", account=access.driver, by=by, now=now, subject=access, how=change)
        # Whoever takes control is told of that instead.
        if change != PROMOTED:
            tell_driver(access, change=change, now=now)


def _link(access: DriverAccess, driver: Account, *, now: datetime) -> Membership:
    until = rules.ends_at(access.last_on, access.owner.market.zone)
    held = Membership.objects.current().filter(account=driver)
    link = held.filter(vehicle=access.vehicle).first()
    if link is None:
        if not membership_rules.has_room(held.count()):
            raise Refusal("garage_full", _("Your garage is full: it holds 10 cars. Remove one before you add another."))
        link = Membership(
            account=driver,
            vehicle=access.vehicle,
            identified_as=access.vehicle.plate or access.vehicle.vin,
            linked_at=now,
            is_selected=not held.filter(is_selected=True).exists(),
        )
    link.driver_since, link.driver_until = now, until
    link.save()
    return link


def _may_accept(access: DriverAccess, driver: Account, *, now: datetime) -> bool:
    """Still good, by an account that still has control, for somebody who does not drive the car already."""
    until = rules.ends_at(access.last_on, access.owner.market.zone)
    is_over = until is not None and now >= until
    controls = Membership.objects.current().filter(account=access.owner, vehicle=access.vehicle, is_active=True)
    drives = _live(access.vehicle).filter(driver=driver)
    return (
        rules.may_still_accept(invited_at=access.invited_at, now=now)
        and not is_over
        and driver.pk != access.owner_id
        and controls.exists()
        and not drives.exists()
    )


def _check_invitable(owner: Account, vehicle: Vehicle, email: str, *, last_on: date | None, now: datetime) -> None:
    if email == owner.email.lower():
        raise Refusal("driver_oneself", _("This is your own address."))
    if _live(vehicle).filter(email=email, driver__isnull=False).exists():
        raise Refusal("driver_there_already", _("This person drives the car already."))
    _check_last_day(owner, last_on, now=now)
    lately = DriverAccess.objects.filter(invited_at__gt=now - DAY)
    if not rules.may_invite(
        from_account=lately.filter(owner=owner).count(), to_address=lately.filter(email=email).count()
    ):
        raise Refusal("too_many", _("No more invitations can be sent today. Please try again tomorrow."))


def _check_last_day(owner: Account, last_on: date | None, *, now: datetime) -> None:
    if last_on and last_on < owner.market.local_date(now):
        raise Refusal("last_day_over", _("This day is over. Please choose today or a day to come."))


def _mail_invitation(access: DriverAccess, *, now: datetime) -> None:
    owner = access.owner
    enqueue_mail(
        to=access.email,
        language=owner.language,
        brand=owner.market.brand,
        template="emails/drivers/invitation",
        context={
            "brand": owner.market.brand,
            "url": absolute(path_for(owner, "driver_invitation", access.public_id)),
        },
        now=now,
    )


def _live(vehicle: Vehicle) -> QuerySet[DriverAccess]:
    rows = DriverAccess.objects.filter(vehicle=vehicle, ended_at__isnull=True)
    return rows.select_related("vehicle", "owner__market__brand", "driver__market")


def _links(access: DriverAccess) -> QuerySet[Membership]:
    return Membership.objects.current().filter(account=access.driver_id, vehicle=access.vehicle_id)
