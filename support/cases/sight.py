"""Which leave holds, for which cars it can be given, and what is seen with it (K1, D4)."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Account
from garage.driving.trips import TripLine
from garage.last_state import last_states
from garage.models import ControlPeriod, Membership, Trip
from garage.own_time import own, periods_of
from garage.state_portrait import StatePortrait, state_portrait
from portal.models import StaffRead
from support.models import Case, SightLeave

# The newest of the car's time with this account.
MOST_TRIPS = 100


@dataclass(frozen=True, kw_only=True)
class Sight:
    trips: list[TripLine]
    state: StatePortrait | None


def running_leave(case: Case, *, now: datetime) -> SightLeave | None:
    """None where it was never given, was taken back, has run out, or the case is closed."""
    leave = SightLeave.objects.select_related("case", "vehicle").filter(case=case, withdrawn_at__isnull=True).first()
    return leave if leave and leave.holds(now) else None


def cars_with_trips(account: Account) -> list[Membership]:
    """One link of each car of which the account has, or had, control; the newest first."""
    controlled = ControlPeriod.objects.filter(account=account).values("vehicle")
    links = Membership.objects.filter(account=account, vehicle__in=controlled).select_related("vehicle")
    return list({link.vehicle_id: link for link in links.order_by("linked_at", "pk")}.values())[::-1]


def may_be_shown(membership: Membership, account: Account) -> bool:
    return membership.account_id == account.pk and periods_of(account, membership.vehicle).exists()


def seen_with(leave: SightLeave, *, now: datetime) -> Sight:
    """What arose in the account's own times of control, and nothing else (D4)."""
    account = leave.case.account
    if account is None:
        raise LookupError("a leave without an account")
    trips = own(Trip.objects.all(), account=account, vehicle=leave.vehicle, field="started_at")
    state = last_states(account.pk, [leave.vehicle_id]).get(leave.vehicle_id)
    return Sight(
        trips=[TripLine(trip) for trip in trips.order_by("-started_at", "-pk")[:MOST_TRIPS]],
        state=state_portrait(state, now=now) if state else None,
    )


def times_seen(leave: SightLeave) -> list[datetime]:
    """When staff looked, the last first: what the customer is told beside the leave."""
    looked = StaffRead.objects.filter(subject_type=leave._meta.label_lower, subject_id=leave.pk)
    return list(looked.order_by("-at").values_list("at", flat=True))
