"""The owner of a car lets a third party read data of it (D3)."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.barring import check_not_barred
from accounts.models import Account
from garage.actions.drivers import check_active
from garage.actions.grant_ends import end_grant_if_over
from garage.actions.locks import lock_car
from garage.data.vehicle_data import kinds_that_may_leave
from garage.models import DataGrant, Membership, ThirdParty
from garage.notices.sharing import tell_grant
from garage.rules import grants as rules
from portal import audit
from portal.refusals import Refusal


@transaction.atomic
def give_grant(
    *,
    membership: Membership,
    third_party: ThirdParty,
    kinds: Collection[str],
    ends_on: date,
    has_history: bool,
    reference: str,
    now: datetime,
    by: Account,
) -> DataGrant:
    """From now on, to the end of the last day; told. One of a car and third party at a time.

    Raises `Refusal`: barred, not_active, third_party_unknown, kinds_unknown, last_day_out_of_range,
    grant_there_already.
    """
    check_not_barred(by, now=now)
    account, vehicle = membership.account, membership.vehicle
    lock_car(vehicle_id=vehicle.pk, account_ids=[account.pk])
    check_active(membership)
    _check(third_party, kinds, ends_on, account=account, now=now)
    _check_first(membership, third_party, now=now)
    grant = DataGrant.objects.create(
        account=account,
        vehicle=vehicle,
        third_party=third_party,
        kinds=[kind.name for kind in kinds_that_may_leave() if kind.name in kinds],
        has_history=has_history,
        reference=reference,
        purpose=third_party.purpose,
        granted_at=now,
        ends_on=ends_on,
    )
    facts = {"third_party": third_party.code, "kinds": grant.kinds, "ends_on": ends_on, "has_history": has_history}
    audit.record("data grant given", account=account, by=by, now=now, subject=grant, **facts)
    tell_grant(grant, change="given", now=now)
    return grant


def _check(third_party: ThirdParty, kinds: Collection[str], ends_on: date, *, account: Account, now: datetime) -> None:
    if not third_party.is_active or third_party.market_id != account.market_id:
        raise Refusal("third_party_unknown", _("This company is not among those that may be chosen any more."))
    if not kinds or not set(kinds) <= {kind.name for kind in kinds_that_may_leave()}:
        raise Refusal("kinds_unknown", _("Please choose at least one kind of data."))
    if not rules.may_end_on(ends_on, today=account.market.local_date(now)):
        raise Refusal("last_day_out_of_range", _("Please choose a day from today on, within the next twelve months."))


def _check_first(membership: Membership, third_party: ThirdParty, *, now: datetime) -> None:
    """One that has run out is ended first, whether the job has come by or not."""
    running = DataGrant.objects.running().filter(vehicle=membership.vehicle_id, third_party=third_party).first()
    if running is not None and not end_grant_if_over(grant_id=running.pk, now=now):
        raise Refusal("grant_there_already", _("It may read data of this car already. End that access first."))
