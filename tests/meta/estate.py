"""One customer who has one of everything that has an address, at a moment that stands still."""

from collections.abc import Iterator
from types import SimpleNamespace
from uuid import UUID

import pytest
import time_machine
from allauth.idp.oidc.models import Client
from django.contrib.auth.models import Group

from accounts.actions.copies import ask_for_copies
from accounts.actions.export import ask_for_export
from accounts.actions.sign_ins import begin_sign_in
from accounts.copy_links import confirmation_token
from accounts.models import Account, Notice, SignIn
from garage.actions.dealer_code import issue_dealer_code, open_dealer_access
from garage.actions.dealer_staff import invite_staff
from garage.models import Membership, Trip, Workshop, WorkshopStaff
from portal.roles import load_roles
from subscriptions.actions.accountants import accept_invitation, invite_accountant
from subscriptions.actions.bundle import bundle_year
from subscriptions.actions.trade_in import declare_trade_in
from subscriptions.gateway.sandbox.in_process import InProcessGateway
from subscriptions.models import AccountantAccess, CardSetup, Document, Package, PaymentCard
from subscriptions.papers.history import Wanted
from support.actions.articles import load_articles
from support.files.content import CONTENT
from support.models import Article, Attachment
from tests import make, oidc, old_system
from tests.garage import grants
from tests.garage.driving import agree, drive, driving_package
from tests.meta.selling import sales
from tests.meta.sharing import shared
from tests.support.cases import centre, opened, upload

# Whatever listens on the sandbox's port is none of these tests'.
NOWHERE = "http://127.0.0.1:1"


def invited(by: Account, email: str) -> AccountantAccess:
    return invite_accountant(owner=by, email=email, vehicles=None, now=make.NOW, by=by)


def driven(car: Membership) -> Trip:
    """A trip of this moment, with the service and the consent that keep it."""
    driving_package(car.account.market)
    agree(car.account, now=make.NOW)
    drive(car, make.NOW, now=make.NOW, minutes=5)
    return Trip.objects.get(vehicle=car.vehicle)


def cases_of(owner: Account) -> dict[str, UUID]:
    centre(owner.market)
    case = opened(owner, text="Οι πόρτες φαίνονται ανοικτές.", uploads=[upload()])
    return {"case": case.public_id, "case_file": Attachment.objects.get(message__case=case).public_id}


def at_the_dealers(car: Membership, shop: Workshop) -> dict[str, UUID]:
    """A code was shown, a trade-in stated, and the owner invited to work there."""
    # Tests of several processes have emptied the tables, the roles' too.
    load_roles()
    who = make.account("mechanic@staff.example.com", market=car.account.market, is_staff=True)
    who.groups.set(Group.objects.filter(name="dealer_manager"))
    WorkshopStaff.objects.create(account=who, workshop=shop)
    code = issue_dealer_code(membership=car, now=make.NOW, by=car.account).code
    stated = {"vin": car.vehicle.vin, "reference": "T-1", "is_screen_cleared": True}
    invited = {"workshop": shop, "email": car.account.email, "is_manager": False}
    return {
        "dealer_access": open_dealer_access(code=code, now=make.NOW, by=who).public_id,
        "trade_in": declare_trade_in(**stated, now=make.NOW, by=who).public_id,
        "staff_invitation": invite_staff(**invited, now=make.NOW, by=who).public_id,
    }


def signed_in_app(owner: Account) -> SignIn:
    oidc.clients()
    client = Client.objects.get(pk=oidc.APP)
    return begin_sign_in(account=owner, client=client, label="", tokens=[], now=make.NOW, by=owner)


def estate_of(
    car: Membership, *, navigation: Package, digital_key: Package, gateway: InProcessGateway
) -> SimpleNamespace:
    """The things of the car's owner. The digital key is paid and invoiced, navigation can be ordered."""
    owner, card = car.account, car.account.cards.get()
    with time_machine.travel(make.NOW, tick=False):
        subscription = make.subscription(car, package=digital_key, gateway=gateway).public_id
        make.consent_wordings(owner.market)
        if not Article.objects.exists():
            load_articles(CONTENT, now=make.NOW)
        asked_for = bundle_year(account=owner, wanted=Wanted(year=make.NOW.year), now=make.NOW, by=owner)
        asked = ask_for_copies(account=owner, email="books@example.com", now=make.NOW, by=owner)
        client = make.account("client@example.com", market=owner.market)
        make.card(client, gateway=gateway)
        clients = make.active_car(client, 9)
        make.subscription(clients, package=digital_key, gateway=gateway)
        return SimpleNamespace(
            **shared(car, clients),
            **sales(owner),
            owner=owner,
            car=car.public_id,
            trip=driven(car).reported_id,
            month="2026-06",
            card=card.public_id,
            setup=CardSetup.objects.get(account=owner).public_id,
            package=navigation.code,
            subscription=subscription,
            bundle=asked_for.public_id,
            document=Document.objects.get(account=owner).public_id,
            old_document=old_system.old_document(owner).public_id,
            notice=Notice.objects.filter(account=owner).first().public_id,
            copy_address=asked.public_id,
            copy_token=confirmation_token(asked),
            accountant=invited(owner, "tax@example.com").public_id,
            invitation=invited(make.account("asks@example.com", market=owner.market), owner.email).public_id,
            access=accept_invitation(access=invited(client, owner.email), now=make.NOW, by=owner).public_id,
            other_document=Document.objects.get(account=client).public_id,
            dealer=make.dealer(owner.market).public_id,
            booking=make.booking(car, shop := make.workshop(owner.market)).public_id,
            **at_the_dealers(car, shop),
            service_entry=make.service_entry(car, items=["inspection"]).public_id,
            manual_edition=make.manual(car.vehicle).editions.get().public_id,
            order=make.ordered_vehicle(owner).public_id,
            **cases_of(owner),
            export=ask_for_export(account=owner, now=make.NOW, by=owner).public_id,
            purpose="marketing",
            data_grant=grants.give(car, grants.third_party(owner.market)).public_id,
            kind="specification",
            csv="csv",
            zip="zip",
            sign_in=signed_in_app(owner).public_id,
            slug="privacy",
            vin=car.vehicle.vin,
            market_code="cy",
            help_category="cancelling",
            help_slug="how-to-cancel",
            guide_slug="paid-subscription",
            video_slug="qr-code",
            help_language="en",
            track_kind="captions",
            figures_slug="how-to-cancel",
            api_section="orders",
            key="unknown",
            uidb36="1",
            # None there is; its owner must not find a stranger's either (tests/accounts/test_second_step.py).
            passkey=1,
        )


@pytest.fixture
def estate(
    car: Membership,
    card: PaymentCard,
    navigation: Package,
    digital_key: Package,
    gateway: InProcessGateway,
    files: object,
    settings: object,
) -> Iterator[SimpleNamespace]:
    settings.SANDBOX_URL = NOWHERE
    made = estate_of(car, navigation=navigation, digital_key=digital_key, gateway=gateway)
    with time_machine.travel(make.NOW, tick=False):
        yield made
