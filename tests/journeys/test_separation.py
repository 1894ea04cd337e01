"""A car is sold: the buyer reads nothing from the seller's time, the seller nothing from the buyer's (D4, L1)."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine

from accounts.models import Account, BillingProfile, Notice
from garage.actions.arrange import refer_to_vehicle, rename_vehicle
from garage.actions.drivers import invite_driver
from garage.actions.transfer_code import issue_transfer_code
from garage.models import Booking, DataGrant, Membership, RegistryEntry, Sale, ThirdParty, Vehicle, Workshop
from subscriptions.actions.cancel import cancel
from subscriptions.actions.take_over import take_over
from subscriptions.models import Contract, Document, Refund, Subscription
from tests import make
from tests.garage.driving import agree, drive, driving_package
from tests.garage.grants import give, third_party
from tests.garage.reporting import alert, state, take
from tests.journeys.crawling import Read, everything_of
from tests.selling import sold

SOLD = make.NOW + timedelta(days=30)
AFTER = SOLD + timedelta(days=20)
HOUR = timedelta(hours=1)
# What each calls the car, its plate then, and what was driven and reported in each one's time.
SILVERFOX = ("Silverfox", "Silverfox centre", "Silverfox policy", "Silverfox rattles", "ZZA333", "61234", "24987")
BLUEBIRD = ("Bluebird", "Bluebird centre", "Bluebird policy", "Bluebird rattles", "ZZB777", "87654", "31415", "31,415")


def person(email: str, name: str, market) -> Account:
    account = make.account(
        email, market=market, first_name=name, last_name=f"{name}ides", phone=f"+3579{sum(map(ord, name)):07d}"
    )
    BillingProfile.objects.filter(account=account).update(address_line_1=f"{name} Street")
    return account


@pytest.fixture
def seller(market):
    return person("agatha.seller@example.com", "Agathaseller", market)


@pytest.fixture
def buyer(market):
    return person("vasilis.buyer@example.com", "Vasilisbuyer", market)


def lives_with(
    car: Membership, *, nickname: str, driven_m: int, odometer_km: int, now: datetime, packages, gateway
) -> None:
    """Names it, pays for it, cancels one of the plans, invites a driver, lets a company read, books, drives; the car
    reports."""
    account = car.account
    rename_vehicle(membership=car, nickname=nickname, now=now, by=account)
    refer_to_vehicle(membership=car, reference=f"{nickname} centre", now=now, by=account)
    make.card(account, gateway=gateway, now=now)
    bought = [make.subscription(car, package=package, gateway=gateway, now=now) for package in packages]
    cancel(subscription=bought[0], confirmed=None, now=now + timedelta(days=1), by=account)
    email = f"{nickname.lower()}@drivers.example.com"
    invite_driver(membership=car, email=email, last_on=None, now=now, by=account)
    give(car, ThirdParty.objects.get(), now=now, reference=f"{nickname} policy")
    tomorrow_at_8 = make.TOMORROW_AT_8 + (now - make.NOW)
    make.booking(car, Workshop.objects.get(), starts_at=tomorrow_at_8, words=f"{nickname} rattles", now=now)
    agree(account, now=now)
    drive(car, now + HOUR, now=now + 2 * HOUR, distance_m=driven_m)
    take(state(car, nickname, at=now + HOUR, odometer_km=odometer_km), now=now + 2 * HOUR)
    take(alert(car, key=f"{nickname}-alert", at=now + HOUR), now=now + 2 * HOUR)


@pytest.fixture
def sale(seller, buyer, market, gateway, deliver, clock, files) -> Sale:
    """Sold after a month; the buyer has a plate and a life of its own with it since."""
    driving_package(market)
    third_party(market)
    make.workshop(market)
    packages = [make.package(code, market=market, prices={"yearly": "60.00"}) for code in ("one", "two")]
    car = make.active_car(seller, plate="ZZA333")
    lives_with(
        car, nickname="Silverfox", driven_m=61_234, odometer_km=24_987, now=make.NOW, packages=packages, gateway=gateway
    )
    deliver()
    clock.now = SOLD
    finished = sold(car, now=SOLD)
    deliver()
    code = issue_transfer_code(sale=finished, now=SOLD, by=seller).code
    RegistryEntry.objects.update(odometer_at=AFTER, plate="ZZB777")
    clock.now = AFTER
    taken = take_over(account=buyer, code=code, odometer_km=24_987, address="192.0.2.1", now=AFTER, by=buyer)
    Vehicle.objects.update(plate="ZZB777")
    lives_with(
        Membership.objects.select_related("vehicle", "account__market").get(pk=taken.pk),
        nickname="Bluebird",
        driven_m=87_654,
        odometer_km=31_415,
        now=AFTER,
        packages=packages,
        gateway=gateway,
    )
    deliver()
    return finished


def markers(account: Account, *others: str) -> set[str]:
    """What is the account's alone: names, addresses, numbers, public ids."""
    links = Membership.objects.filter(account=account)
    found = {
        *(account.email, account.first_name, account.last_name, account.phone),
        *(f"{account.first_name} Street", *others),
        *Contract.objects.filter(subscription__account=account).values_list("number", flat=True),
        *Document.objects.filter(account=account).values_list("number", flat=True),
        *(str(row.public_id) for model in (Subscription, Document, Refund, Notice) for row in of(model, account)),
        *(str(link.public_id) for link in links),
        *(card.card_ref for card in account.cards.all()),
    }
    assert len(found) > 20, "an account that has lived with a car has left many marks"
    assert "" not in found
    return found


def of(model, account: Account):
    return model.objects.filter(account=account)


def ids_of(account: Account, **more: object) -> SimpleNamespace:
    """What the account has, by the names of tests/meta/routes.py."""
    return SimpleNamespace(
        car=Membership.objects.filter(account=account).latest("pk").public_id,
        subscription=of(Subscription, account).first().public_id,
        booking=of(Booking, account).first().public_id,
        grant=of(DataGrant, account).first().public_id,
        document=of(Document, account).first().public_id,
        notice=of(Notice, account).first().public_id,
        card=account.cards.first().public_id,
        package="one",
        slug="privacy",
        purpose="marketing",
        **more,
    )


def leaks(read: Read, marks: set[str]) -> list[tuple[str, str]]:
    return sorted((where, mark) for where, text in read.items() for mark in marks if mark in text)


@pytest.fixture
def at_the_end():
    with time_machine.travel(AFTER + timedelta(days=2), tick=False):
        yield


def test_D4_the_buyer_reads_nothing_of_the_sellers(sale, seller, buyer, at_the_end):
    read = everything_of(buyer, ids_of(buyer))
    assert leaks(read, markers(seller, *SILVERFOX, "24,987", str(sale.public_id), sale.check_number)) == []
    # What is looked for would have been found.
    assert {mark for _where, mark in leaks(read, markers(buyer, *BLUEBIRD))} >= {
        *(buyer.email, *BLUEBIRD),
        *Contract.objects.filter(subscription__account=buyer).values_list("number", flat=True),
        *Document.objects.filter(account=buyer).values_list("number", flat=True),
    }


def test_D4_the_seller_reads_nothing_of_the_buyers(sale, seller, buyer, at_the_end):
    read = everything_of(seller, ids_of(seller, sale=sale.public_id, sold=sale.public_id))
    assert leaks(read, markers(buyer, *BLUEBIRD, "…900001")) == []
    assert {mark for _where, mark in leaks(read, markers(seller, *SILVERFOX))} >= {
        *(seller.email, *SILVERFOX),
        *Contract.objects.filter(subscription__account=seller).values_list("number", flat=True),
        *Document.objects.filter(account=seller).values_list("number", flat=True),
    }
