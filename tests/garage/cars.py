"""Cars, accounts and garages to test with; later states are reached by the actions."""

from datetime import UTC, date, datetime, timedelta

from accounts.models import Account
from garage.actions.add import add_vehicle
from garage.actions.prove import prove_access
from garage.models import Membership, RegistryEntry
from portal.models import Brand, LegalEntity, Market

NOW = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)
KM = 24_500


def vin(number: int) -> str:
    return f"JTJSAMPLECY9{number:05d}"


def make_market() -> Market:
    brand = Brand.objects.create(code="brand", name="Brand", portal_name="Portal", app_name="App")
    entity = LegalEntity.objects.create(
        code="entity",
        name="Entity Ltd",
        address_lines=["1 Road"],
        country="CY",
        vat_number="CY1",
        email="a@example.com",
    )
    return Market.objects.create(
        code="CY",
        names={"en": "Cyprus"},
        brand=brand,
        legal_entity=entity,
        is_default=True,
        currency="EUR",
        vat_rate="19.00",
        time_zone="Asia/Nicosia",
        languages=["en", "el"],
        card_brands=["visa"],
        card_funding=["credit"],
    )


def make_account(email: str, market: Market) -> Account:
    return Account.objects.create_user(email, "long enough password", market=market)


def make_entry(number: int = 1, **fields: object) -> RegistryEntry:
    """A car that the registry knows, with a reading one hour old."""
    facts = {
        "vin": vin(number),
        "plate": f"KAA{number:03d}",
        "model": "NX 350h",
        "body": "suv",
        "colour": "Red Mica",
        "colour_hex": "#8a1c2b",
        "powertrain": "hybrid",
        "multimedia": "MM21",
        "market_code": "CY",
        "warranty_start": date(2024, 3, 15),
        "capabilities": ["navigation", "remote"],
        "odometer_km": KM,
        "odometer_at": NOW - timedelta(hours=1),
        "updated_at": NOW,
    }
    return RegistryEntry.objects.create(**facts | fields)


def add(account: Account, number: int = 1) -> Membership:
    """The car in the account's garage, made known to the registry if it was not."""
    if not RegistryEntry.objects.filter(vin=vin(number)).exists():
        make_entry(number)
    return add_vehicle(account=account, vin=vin(number), now=NOW, by=account)


def prove(membership: Membership, km: int = KM, now: datetime = NOW) -> Membership:
    return prove_access(membership=membership, odometer_km=km, now=now, by=membership.account)
