"""Cars, accounts and garages to test with; later states are reached by the actions."""

from datetime import date, datetime, timedelta

from accounts.models import Account
from garage.actions.add import add_vehicle
from garage.actions.prove import prove_access
from garage.models import Membership, RegistryEntry
from portal.models import Market
from tests import make

NOW = make.NOW
KM = make.ODOMETER_KM


def vin(number: int) -> str:
    return f"JTJSAMPLECY9{number:05d}"


def make_market() -> Market:
    return make.market()


def make_account(email: str, market: Market) -> Account:
    return make.account(email, market=market)


def make_entry(number: int = 1, **fields: object) -> RegistryEntry:
    """A car within its free years that the registry knows, with a reading one hour old."""
    facts = {"warranty_start": date(2024, 3, 15), "odometer_at": NOW - timedelta(hours=1)}
    return make.registry_entry(number, now=NOW, **facts | fields)


def add(account: Account, number: int = 1) -> Membership:
    """The car in the account's garage, made known to the registry if it was not."""
    if not RegistryEntry.objects.filter(vin=vin(number)).exists():
        make_entry(number)
    return add_vehicle(account=account, vin=vin(number), now=NOW, by=account)


def prove(membership: Membership, km: int = KM, now: datetime = NOW) -> Membership:
    return prove_access(membership=membership, odometer_km=km, now=now, by=membership.account)
