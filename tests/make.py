"""What tests are made of: a market, people, cars, packages, cards. Later states are reached by calling actions."""

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pikepdf
from allauth.account.models import EmailAddress
from django.core.files.base import ContentFile

from accounts.actions.terms import accept_terms
from accounts.models import Account, BillingProfile, ConsentWording, Dealer, TermsVersion, Town
from accounts.rules.consents import Purpose
from garage.actions.add import add_vehicle
from garage.actions.bookings import book_service
from garage.actions.manuals import ManualFacts, publish_manual
from garage.actions.orders import OrderFacts, record_order
from garage.actions.prove import prove_access
from garage.actions.service_history import enter_service
from garage.models import (
    Bay,
    Booking,
    MaintenanceItem,
    MaintenancePlan,
    Manual,
    Membership,
    OfferedWork,
    OrderedVehicle,
    Recall,
    RegistryEntry,
    ServiceRecord,
    Vehicle,
    Workshop,
    WorkshopOpening,
)
from garage.rules.orders import Stage
from portal.models import Brand, LegalEntity, Market
from subscriptions.actions import wallet
from subscriptions.actions.subscribe import subscribe
from subscriptions.gateway.sandbox.cards import card_number
from subscriptions.gateway.sandbox.in_process import InProcessGateway
from subscriptions.models import Package, PaymentCard, Plan, Service, Subscription
from subscriptions.rehearsal.cast import RETURN_ORIGIN

PASSWORD = "correct horse battery"
NOW = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)
ODOMETER_KM = 24_500


def market() -> Market:
    """Cyprus, as the rules have it, with Terms in force since 2020."""
    made = Market.objects.create(
        code="CY",
        names={"en": "Cyprus", "el": "Κύπρος"},
        brand=Brand.objects.create(
            code="sample",
            name="Sample",
            portal_name="Sample Owners",
            app_name="Sample Link",
            customer_centre={"en": "Sample customer centre", "el": "Κέντρο πελατών Sample"},
            accent_light="#7a5230",
            accent_dark="#dcb489",
        ),
        legal_entity=LegalEntity.objects.create(
            code="seller",
            series="CY",
            name="Sample Seller Ltd",
            address_lines=["1 Street", "1000 Nicosia"],
            country="CY",
            vat_number="CY00000000X",
            email="seller@example.com",
        ),
        is_default=True,
        currency="EUR",
        vat_rate=Decimal("19.00"),
        time_zone="Asia/Nicosia",
        languages=["en", "el"],
        card_brands=["visa", "mastercard"],
        card_funding=["credit"],
        card_processor={"en": "The provider keeps your card.", "el": "Ο πάροχος κρατά την κάρτα σας."},
        legal_texts={"privacy": {"en": "## What we keep\n\nLittle.", "el": "## Τι κρατάμε\n\nΛίγα."}},
    )
    TermsVersion.objects.create(
        market=made,
        version="2020-01",
        effective_at=datetime(2020, 1, 1, tzinfo=UTC),
        texts={"en": "## Terms\n\nBe fair.", "el": "## Όροι\n\nΔικαιοσύνη."},
    )
    return made


def another_market(market: Market, code: str = "GR", **fields: Any) -> Market:
    """As that one is, but for its code and these fields; with Terms of its own."""
    terms = TermsVersion.objects.filter(market=market).first()
    made = Market.objects.get(pk=market.pk)
    made.pk, made.code, made.is_default, made._state.adding = None, code, False, True
    for name, value in fields.items():
        setattr(made, name, value)
    made.save()
    if terms:
        terms.pk, terms.market, terms._state.adding = None, made, True
        terms.save()
    return made


def account(email: str = "owner@example.com", *, market: Market, now: datetime = NOW, **fields: Any) -> Account:
    """A member: address confirmed, Terms accepted, a billing address kept."""
    names = {"first_name": "Eleni", "last_name": "Georgiou"}
    made = Account.objects.create_user(email, PASSWORD, market=market, **names | fields)
    EmailAddress.objects.create(user=made, email=email, verified=True, primary=True)
    terms = TermsVersion.objects.get(market=market)
    accept_terms(account=made, version=terms, channel="portal", now=now, by=made)
    BillingProfile.objects.create(
        account=made,
        name=made.name,
        address_line_1="Makariou III 12",
        postcode="1065",
        town="Nicosia",
        country="CY",
        updated_at=now,
    )
    return made


def town(market: Market, code: str = "nicosia", **fields: Any) -> Town:
    facts: dict[str, Any] = {
        "names": {"en": "Nicosia", "el": "Λευκωσία"},
        "postcodes": ["1", "2"],
        "latitude": Decimal("35.1753"),
        "longitude": Decimal("33.3642"),
        "search_text": "nicosia λευκωσια",
    }
    return Town.objects.get_or_create(market=market, code=code, defaults=facts | fields)[0]


def dealer(market: Market, code: str = "sample-nicosia", **fields: Any) -> Dealer:
    """Open on weekdays from 7:30 to 18:00."""
    facts: dict[str, Any] = {
        "name": "Sample Motors Nicosia",
        "addresses": {"en": "11 Sample Avenue", "el": "Λεωφόρος Δείγματος 11"},
        "postcode": "2025",
        "town": fields.pop("town", None) or town(market),
        "telephone": "+357 22 000111",
        "email": "nicosia@example.com",
        "latitude": Decimal("35.1401"),
        "longitude": Decimal("33.3560"),
        "services": ["service", "parts"],
        "hours": {"openings": [{"days": [0, 1, 2, 3, 4], "opens": "07:30", "closes": "18:00"}], "holidays": []},
        "search_text": "sample motors nicosia 2025 11 sample avenue nicosia λευκωσια",
    }
    return Dealer.objects.create(market=market, code=code, **facts | fields)


def registry_entry(number: int = 1, *, now: datetime = NOW, **fields: Any) -> RegistryEntry:
    """A car that the registry knows, with a fresh reading. Its free years ended long ago."""
    facts: dict[str, Any] = {
        "vin": f"JTJSAMPLECY9{number:05d}",
        "plate": f"KAA{number:03d}",
        "model": "NX 350h",
        "body": "suv",
        "colour": "Red Mica",
        "colour_hex": "#8a1c2b",
        "powertrain": "hybrid",
        "multimedia": "MM21",
        "market_code": "CY",
        "warranty_start": date(2018, 3, 15),
        "capabilities": ["navigation", "remote"],
        "odometer_km": ODOMETER_KM,
        "odometer_at": now,
        "updated_at": now,
    }
    return RegistryEntry.objects.create(**facts | fields)


def active_car(account: Account, number: int = 1, *, now: datetime = NOW, **facts: Any) -> Membership:
    """A car in the account's garage, access proved, its services under the account's control."""
    entry = registry_entry(number, now=now, **facts)
    membership = add_vehicle(account=account, vin=entry.vin, now=now, by=account)
    return prove_access(membership=membership, odometer_km=ODOMETER_KM, now=now, by=account)


def linked(account: Account, vehicle: Vehicle, *, now: datetime = NOW) -> Membership:
    """A car that is in another garage already, in this one as well."""
    return add_vehicle(account=account, vin=vehicle.vin, now=now, by=account)


def verified(account: Account, vehicle: Vehicle, *, now: datetime = NOW) -> Membership:
    """The same, with proved access: active if nobody is."""
    membership = linked(account, vehicle, now=now)
    return prove_access(membership=membership, odometer_km=ODOMETER_KM, now=now, by=account)


def maintenance_plan(market: Market, **fields: Any) -> MaintenancePlan:
    """Of full hybrids: a service every year or 15,000 km, brake fluid every two years."""
    facts: dict[str, Any] = {"code": "hybrid", "powertrain": "hybrid", "warranty_months": 36, "warranty_km": 100_000}
    plan = MaintenancePlan.objects.create(market=market, **facts | fields)
    for position, (code, name, months, km) in enumerate(
        [("service", "Service", 12, 15_000), ("brake-fluid", "Brake fluid", 24, None)]
    ):
        names = {"en": name, "el": {"service": "Σέρβις"}.get(code, "Υγρό φρένων")}
        MaintenanceItem.objects.create(
            plan=plan, code=code, names=names, every_months=months, every_km=km, position=position
        )
    return plan


def service_entry(membership: Membership, *, now: datetime = NOW, **facts: Any) -> ServiceRecord:
    """The owner's own, of a hundred days ago at 20,000 km."""
    wanted: dict[str, Any] = {
        "done_on": (now - days(100)).date(),
        "odometer_km": 20_000,
        "items": ["service"],
        "works": ["New tyres"],
    }
    return enter_service(membership=membership, now=now, by=membership.account, **wanted | facts)


def dealers_record(vehicle: Vehicle, dealer: Dealer, *, now: datetime = NOW, **facts: Any) -> ServiceRecord:
    wanted: dict[str, Any] = {
        "done_on": (now - days(100)).date(),
        "odometer_km": 20_000,
        "items": ["service"],
        "recorded_at": now,
    }
    return ServiceRecord.objects.create(vehicle=vehicle, dealer=dealer, is_own=False, **wanted | facts)


def recall(market: Market, **facts: Any) -> Recall:
    wanted: dict[str, Any] = {
        "code": "26SMP01",
        "names": {"en": "Bracket of the cable", "el": "Στήριγμα καλωδίου"},
        "texts": {"en": "It can come loose.", "el": "Μπορεί να χαλαρώσει."},
        "for_models": ["NX 350h"],
        "opened_on": date(2026, 2, 2),
    }
    return Recall.objects.create(market=market, **wanted | facts)


def workshop(market: Market, *, bays: int = 1, dealer: Dealer | None = None) -> Workshop:
    """Open on weekdays from 8 to 12 by its clock; a service takes an hour and a half, tyres an hour."""
    made = Workshop.objects.create(dealer=dealer or Dealer.objects.filter(market=market).first() or _dealer(market))
    for day in range(5):
        WorkshopOpening.objects.create(workshop=made, weekday=day, opens=time(8), closes=time(12))
    for number in range(bays):
        Bay.objects.create(workshop=made, name=f"Bay {number + 1}")
    names = {"service": {"en": "Yearly service", "el": "Ετήσιο σέρβις"}, "tyres": {"en": "Tyres", "el": "Ελαστικά"}}
    for position, (code, minutes, items) in enumerate([("service", 90, ["service"]), ("tyres", 60, [])]):
        OfferedWork.objects.create(
            workshop=made, code=code, names=names[code], minutes=minutes, items=items, position=position
        )
    return made


def pdf(words: str = "Owner's manual", *, pages: int = 1) -> "ContentFile[bytes]":
    """A file as it is uploaded; other words make other bytes."""
    made = io.BytesIO()
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page()
        document.docinfo["/Title"] = words
        document.save(made)
    return ContentFile(made.getvalue(), name="manual.pdf")


def manual(vehicle: Vehicle, *, words: str = "Owner's manual", now: datetime = NOW, **facts: Any) -> Manual:
    """Of that car's model, from 2015 on, in English."""
    wanted: dict[str, Any] = {
        "market": Market.objects.get(code=vehicle.market_code),
        "title": "Owner's manual",
        "language": "en",
        "for_models": [vehicle.model],
        "first_year": 2015,
        "last_year": None,
        "generation": "",
    }
    return publish_manual(facts=ManualFacts(**wanted | facts), file=pdf(words), now=now, by=None)


def ordered_vehicle(account: Account, number: int = 1, *, now: datetime = NOW, **facts: Any) -> OrderedVehicle:
    """Of the account's address, to be handed over on this day; its market shows ordered cars."""
    account.market.shows_ordered_cars = True
    account.market.save(update_fields=["shows_ordered_cars"])
    wanted: dict[str, Any] = {
        "order_number": f"LX-{number}",
        "market": account.market,
        "email": account.email,
        "model": "NX 450h+",
        "body": "suv",
        "colour_hex": "#8a1c2b",
        "stage": Stage.AT_DEALER,
        "stage_on": now.date(),
        "expected_on": now.date(),
        "vin": "",
    }
    record_order(facts=OrderFacts(**wanted | facts), now=now)
    return OrderedVehicle.objects.get(order_number=(wanted | facts)["order_number"])


def _dealer(market: Market) -> Dealer:
    return dealer(market)


# The Thursday after `NOW`, when the workshop opens by its clock.
TOMORROW_AT_8 = datetime(2026, 6, 11, 5, 0, tzinfo=UTC)


def booking(
    membership: Membership,
    workshop: Workshop,
    *,
    starts_at: datetime = TOMORROW_AT_8,
    codes: Sequence[str] = ("service",),
    words: str = "",
    now: datetime = NOW,
) -> Booking:
    return book_service(
        membership=membership,
        workshop=workshop,
        codes=codes,
        starts_at=starts_at,
        words=words,
        now=now,
        by=membership.account,
    )


def package(
    code: str = "navigation", *, market: Market, prices: dict[str, str] | None = None, **fields: Any
) -> Package:
    """A package with one service, and plans at these gross prices."""
    facts: dict[str, Any] = {"names": {"en": code.title(), "el": code.title()}, "suite": Package.MULTIMEDIA}
    made = Package.objects.create(code=code, **facts | fields)
    made.services.add(Service.objects.create(code=f"{code}-service", names={"en": f"{code} service"}))
    for term, price in (prices or {"monthly": "9.90", "yearly": "99.00", "four-yearly": "299.00"}).items():
        Plan.objects.create(package=made, market=market, term=term, price=Decimal(price))
    return made


def card(
    account: Account,
    *,
    gateway: InProcessGateway,
    brand: str = "visa",
    behaves: str = "ok",
    nth: int = 0,
    now: datetime = NOW,
) -> PaymentCard:
    """A card entered on the provider's page and kept in the wallet."""
    setup, _url = wallet.begin_adding_card(
        account=account,
        next_path="/",
        return_url=lambda setup: f"{RETURN_ORIGIN}/{setup.public_id}",
        gateway=gateway,
        now=now,
    )
    gateway.complete_setup(
        setup_ref=setup.setup_ref,
        number=card_number(brand, account.pk * 100 + nth),
        exp_month=12,
        exp_year=now.year + 30,
        behaviour=behaves,  # type: ignore[arg-type]
    )
    return wallet.finish_adding_card(setup=setup, gateway=gateway, now=now, by=account)


def subscription(
    membership: Membership,
    *,
    package: Package,
    term: str = "yearly",
    gateway: InProcessGateway,
    now: datetime = NOW,
) -> Subscription:
    """Ordered through the action, on the account's primary card."""
    return subscribe(
        account=membership.account,
        vehicle=membership.vehicle,
        plan=Plan.objects.get(package=package, term=term),
        order_key=uuid4(),
        order_text="I order.",
        now=now,
        by=membership.account,
        gateway=gateway,
    )


def days(count: int) -> timedelta:
    return timedelta(days=count)


def consent_wordings(market: Market) -> dict[str, ConsentWording]:
    """What the market asks for, in both languages, since 2024."""
    return {
        purpose: ConsentWording.objects.create(
            market=market,
            purpose=purpose,
            version="2024-01",
            effective_at=datetime(2024, 1, 1, tzinfo=UTC),
            names={"en": f"About {purpose}", "el": f"Περί {purpose}"},
            texts={"en": f"We may do {purpose}.", "el": f"Μπορούμε {purpose}."},
            effects_of_giving={"en": f"It does {purpose}.", "el": f"Κάνει {purpose}."},
            effects_of_withdrawing={"en": f"No new {purpose}.", "el": f"Όχι άλλο {purpose}."},
        )
        for purpose in Purpose
    }
