"""The facts of each package of a car, and what the rule makes of them: why it does not work (C1, D2, G11)."""

from dataclasses import dataclass
from datetime import datetime

from accounts.pausing import has_ever_accepted
from garage.models import Membership, MultimediaProfile
from garage.models.vehicle import Powertrain
from subscriptions.centre.incidents import incident_of, incidents_of, work_of
from subscriptions.centre.packages import Offer, is_paused, offers_for
from subscriptions.models import Package as PackageRow
from subscriptions.models import ServiceIncident, Subscription
from subscriptions.rules.lifecycle import Status
from subscriptions.rules.not_working import Control, Diagnosis, Facts, Finding, Package, Profile, diagnose
from subscriptions.told import Told, told_by

CHARGED_FROM_OUTSIDE = {Powertrain.PLUG_IN, Powertrain.ELECTRIC}


@dataclass(frozen=True, kw_only=True)
class Case:
    """One package of a car, with what its words are made of."""

    membership: Membership
    offer: Offer
    told: Told
    incident: ServiceIncident | None
    # The account's own last subscription of it on this car that is over.
    ended: Subscription | None
    diagnosis: Diagnosis

    @property
    def package(self) -> PackageRow:
        return self.offer.package

    @property
    def failing(self) -> Finding | None:
        return self.diagnosis.failing


@dataclass(frozen=True, kw_only=True)
class _Car:
    """What holds for every package of the car."""

    membership: Membership
    told: Told
    is_paused: bool
    is_counting: bool
    profile: Profile
    incidents: list[ServiceIncident]
    ended: dict[int, Subscription]


def cases_of(membership: Membership, *, now: datetime) -> list[Case]:
    """Every package, in the catalogue's order. A fixed number of queries."""
    today = membership.account.market.local_date(now)
    car = _car(membership, now=now)
    return [_case(offer, car, now=now) for offer in offers_for(membership, today=today)]


def case_of(membership: Membership, package_code: str, *, now: datetime) -> Case | None:
    """Of one package; None where there is no such package."""
    return next((case for case in cases_of(membership, now=now) if case.package.code == package_code), None)


def _car(membership: Membership, *, now: datetime) -> _Car:
    account = membership.account
    paused = is_paused(membership, today=account.market.local_date(now))
    # Whoever is not asked about Terms, nor counted, has accepted them (accounts/access.py).
    counting = not paused and account.terms_due_on is not None and not has_ever_accepted(account)
    return _Car(
        membership=membership,
        told=told_by(membership),
        is_paused=paused,
        is_counting=counting and membership.is_active,
        profile=_profile(membership),
        incidents=incidents_of(account.market, now=now),
        ended=_ended(membership),
    )


def _case(offer: Offer, car: _Car, *, now: datetime) -> Case:
    incident = incident_of(offer.package, car.incidents)
    facts = Facts(
        package=_package(offer, car.membership),
        control=_control(car.membership),
        is_paused=car.is_paused,
        is_counting=car.is_counting,
        status=Status(offer.subscription.status) if offer.subscription else None,
        waits_for_car=offer.waits_for_car,
        has_car_failed=bool(offer.subscription and offer.subscription.has_car_failed),
        is_in_free_period=offer.free_period is not None
        and car.membership.account.market.local_date(now) in offer.free_period,
        has_ended=offer.package.pk in car.ended,
        profile=car.profile,
        may_see_data=car.told.may_see,
        privacy_is_on=car.told.privacy_is_on,
        contact_at=car.told.contact_at,
        charge_percent=car.told.charge_percent,
        work=work_of(incident, now=now),
    )
    return Case(
        membership=car.membership,
        offer=offer,
        told=car.told,
        incident=incident,
        ended=car.ended.get(offer.package.pk),
        diagnosis=diagnose(facts, now=now),
    )


def _package(offer: Offer, membership: Membership) -> Package:
    services = list(offer.package.services.all())
    is_charged = membership.vehicle.powertrain in CHARGED_FROM_OUTSIDE
    return Package(
        is_standard=offer.package.is_standard,
        uses_profile=any(service.uses_profile for service in services),
        uses_location=any(service.uses_location for service in services),
        uses_charge=is_charged and any(service.uses_charge for service in services),
        missing=offer.missing,
        is_partial=bool(offer.without),
    )


def _control(membership: Membership) -> Control:
    if membership.is_active:
        return Control.OWN
    return Control.ANOTHERS if membership.has_other_active else Control.NOBODYS


def _profile(membership: Membership) -> Profile:
    own = MultimediaProfile.objects.filter(vehicle=membership.vehicle_id, account=membership.account_id)
    last = own.order_by("-linked_at", "-pk").first()
    if last is None:
        return Profile.UNTOLD
    if not last.is_linked:
        return Profile.REMOVED
    return Profile.CONFIRMED if last.is_confirmed else Profile.DECLARED


def _ended(membership: Membership) -> dict[int, Subscription]:
    over = Subscription.objects.filter(
        account=membership.account_id, vehicle=membership.vehicle_id, status=Status.ENDED
    )
    last = over.order_by("package", "-ends_on", "-pk").distinct("package")
    return {subscription.package_id: subscription for subscription in last}
