"""Third parties and what owners have granted them; a kind of data of which tests make as many rows as they want."""

from datetime import date, datetime, timedelta

from accounts.models import Account
from garage.actions.grants import give_grant
from garage.data.own_rows import Table, own_table
from garage.data.vehicle_data import Kind
from garage.models import AccessTry, DataGrant, Membership, ThirdParty, Vehicle
from garage.own_time import OwnTime
from portal.models import Market
from tests import make, oidc

INSURER = "sample-insurance"
LAST_DAY = date(2026, 12, 31)


def third_party(market: Market, code: str = INSURER, *, client_id: str = INSURER) -> ThirdParty:
    oidc.clients()
    return ThirdParty.objects.create(
        market=market,
        code=code,
        name="Sample Insurance",
        purposes={"en": "A premium by distance.", "el": "Ασφάλιστρο ανά απόσταση."},
        privacy_url="https://insurance.example.com/privacy/",
        client_id=client_id,
    )


def give(membership: Membership, to: ThirdParty, *, now: datetime = make.NOW, **facts: object) -> DataGrant:
    said = {"kinds": ["specification"], "ends_on": LAST_DAY, "has_history": False, "reference": "P-4711"}
    return give_grant(membership=membership, third_party=to, now=now, by=membership.account, **said | facts)


def _rows(own: OwnTime) -> Table:
    reports = AccessTry.objects.filter(is_right=False)
    return own_table(reports, "at", "is_right", own=own)


# As a car's reports are: many, each of a moment.
REPORTS = Kind(
    name="reports",
    title="Reports",
    unit="km",
    columns=("at", "is_right"),
    rows=_rows,
    retention_months=12,
)


def report(vehicle: Vehicle, *, by: Account, at: datetime, count: int = 1, every: timedelta = timedelta()) -> None:
    AccessTry.objects.bulk_create(
        [AccessTry(account=by, vehicle=vehicle, at=at + number * every, is_right=False) for number in range(count)]
    )
