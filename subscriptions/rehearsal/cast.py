"""The customer of a story, with a car and cards, who does what the story says through the same actions as anybody."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.db.models import F

from accounts.access import current_terms
from accounts.actions.notice_choices import choose_early_notices
from accounts.actions.terms import accept_terms
from accounts.models import Account, BillingProfile
from garage.actions.add import add_vehicle
from garage.actions.prove import prove_access
from garage.models import Membership, RegistryEntry, Vehicle
from portal.models import Market
from portal.refusals import Refusal
from subscriptions.actions import cancel as cancelling
from subscriptions.actions import pay_now as paying
from subscriptions.actions import wallet
from subscriptions.actions import withdraw as withdrawing
from subscriptions.actions.entitle import activate_complimentary
from subscriptions.actions.leave import remove_vehicle
from subscriptions.actions.subscribe import subscribe
from subscriptions.gateway.port import NeedsAuthentication
from subscriptions.gateway.sandbox.cards import card_number
from subscriptions.gateway.sandbox.in_process import InProcessGateway
from subscriptions.models import Package, PaymentCard, Plan, Subscription
from subscriptions.rehearsal.story import Event, PackageSpec, Story

INVENTED_VIN = "JTHREHEARSE000001"
ODOMETER_KM = 10_000
FAR_AWAY_YEARS = 30
# Of a card, by its two digits.
LAST_YEAR = 2099
# Nobody is sent anywhere: the provider is in this process.
RETURN_ORIGIN = "https://portal.invalid"
_NO_CARD = Refusal("no_card", "This card is not in the wallet.")


class Cast:
    def __init__(self, story: Story, *, account: Account, vehicle: Vehicle, gateway: InProcessGateway) -> None:
        self.story, self.account, self.vehicle, self.gateway = story, account, vehicle, gateway
        self.cards: dict[str, PaymentCard] = {}
        self.card_names: dict[str, str] = {}

    @classmethod
    def enter(cls, story: Story, *, market: Market, gateway: InProcessGateway, now: datetime) -> "Cast":
        """The customer as the story finds them: signed up, Terms accepted, the car theirs, an address for bills."""
        for position, (code, spec) in enumerate((story.packages or {}).items()):
            _make_package(code, spec, market=market, position=position, all_of_them=story.packages or {})
        account = _make_account(story, market=market, now=now)
        vehicle = _bring_car(story, account=account, market=market, now=now)
        return cls(story, account=account, vehicle=vehicle, gateway=gateway)

    def act(self, event: Event, *, now: datetime) -> None:
        """Does one event of the story. Raises `Refusal` where a rule says no."""
        acts: dict[str, Callable[..., None]] = {
            "add card": self.add_card,
            "card behaves": self.card_behaves,
            "refund behaves": self.refund_behaves,
            "make primary": self.make_primary,
            "remove card": self.remove_card,
            "activate": self.activate,
            "subscribe": self.subscribe,
            "cancel": self.cancel,
            "undo cancel": self.undo_cancel,
            "withdraw": self.withdraw,
            "remove vehicle": self.remove_vehicle,
            "pay now": self.pay_now,
            "opt in": self.opt_in,
        }
        if "package" in event.values:
            self.membership()
        acts[event.do](now=now, **event.values)

    # Cards

    def add_card(
        self, *, now: datetime, card: str, brand: str, behaves: str = "ok", expires: tuple[int, int] | None = None
    ) -> None:
        setup, _url = wallet.begin_adding_card(
            account=self.account,
            next_path="/",
            return_url=lambda setup: f"{RETURN_ORIGIN}/{setup.public_id}",
            gateway=self.gateway,
            now=now,
        )
        year, month = expires or (min(now.year + FAR_AWAY_YEARS, LAST_YEAR), 12)
        self.gateway.complete_setup(
            setup_ref=setup.setup_ref,
            number=self.number_of(card, brand),
            exp_month=month,
            exp_year=year,
            behaviour=None if behaves == "fails_3ds" else behaves,  # type: ignore[arg-type]
            authenticate=behaves != "fails_3ds",
        )
        added = wallet.finish_adding_card(setup=setup, gateway=self.gateway, now=now, by=self.account)
        self.cards[card] = added
        self.card_names[added.public_id.hex] = card

    def number_of(self, card: str, brand: str) -> str:
        """The same name is the same card, whoever adds it again."""
        names = [event.values["card"] for event in self.story.events if event.do == "add card"]
        return card_number(brand, self.account.pk * 100 + sorted(set(names)).index(card))

    def card_behaves(self, *, now: datetime, card: str, behaves: str) -> None:
        self.gateway.set_behaviour(card_ref=self.card(card).card_ref, behaviour=behaves)  # type: ignore[arg-type]

    def refund_behaves(self, *, now: datetime, card: str, behaves: str) -> None:
        """Of the card as it was ever added: a refund goes to the one that paid, even if it has left the wallet (X6)."""
        self.card(card)
        for kept in PaymentCard.objects.filter(account=self.account):
            if self.card_names[kept.public_id.hex] == card:
                self.gateway.set_refund_behaviour(card_ref=kept.card_ref, behaviour=behaves)  # type: ignore[arg-type]

    def make_primary(self, *, now: datetime, card: str) -> None:
        wallet.make_primary(card=self.card(card), now=now, by=self.account)

    def remove_card(self, *, now: datetime, card: str) -> None:
        """The page of a wallet has no button for a card that has left it; taking it out twice there does no harm."""
        if not PaymentCard.objects.in_wallet().filter(pk=self.card(card).pk).exists():
            raise _NO_CARD
        wallet.remove_card(card=self.card(card), now=now, by=self.account)

    def card(self, name: str) -> PaymentCard:
        """The card as it was last added; one that was refused at adding is none."""
        if name not in self.cards:
            raise _NO_CARD
        return self.cards[name]

    # Subscriptions

    def activate(self, *, now: datetime, package: str) -> None:
        activate_complimentary(
            account=self.account, vehicle=self.vehicle, package=_package(package), now=now, by=self.account
        )

    def subscribe(self, *, now: datetime, package: str, term: str) -> None:
        plan = Plan.objects.filter(package__code=package, market=self.account.market, term=term).first()
        if plan is None:
            raise Refusal("not_offered", "No such plan.")
        subscribe(
            account=self.account,
            vehicle=self.vehicle,
            plan=plan,
            order_key=uuid4(),
            order_text="",
            now=now,
            by=self.account,
            gateway=self.gateway,
        )

    def cancel(self, *, now: datetime, package: str) -> None:
        subscription = self.running(package, else_code="nothing_to_cancel")
        cancelling.cancel(subscription=subscription, confirmed=None, now=now, by=self.account)

    def undo_cancel(self, *, now: datetime, package: str) -> None:
        subscription = self.running(package, else_code="nothing_to_undo")
        cancelling.undo_cancellation(subscription=subscription, now=now, by=self.account)

    def withdraw(self, *, now: datetime, package: str) -> None:
        subscription = self.running(package, else_code="nothing_to_cancel")
        withdrawing.withdraw(subscription=subscription, confirmed=None, now=now, by=self.account)

    def remove_vehicle(self, *, now: datetime) -> None:
        remove_vehicle(membership=self.membership(), confirmed=None, now=now, by=self.account)

    def membership(self) -> Membership:
        membership = Membership.objects.current().filter(account=self.account, vehicle=self.vehicle).first()
        if membership is None:
            raise Refusal("no_vehicle", "The car has left the garage.")
        return membership

    def pay_now(self, *, now: datetime, package: str) -> None:
        """The customer is here, so what the bank asks is confirmed at once (P8)."""
        subscription = self.running(package, else_code="nothing_to_pay")
        outcome = paying.pay_now(
            subscription=subscription,
            card=None,
            return_url=f"{RETURN_ORIGIN}/{subscription.public_id}",
            now=now,
            by=self.account,
            gateway=self.gateway,
        )
        if isinstance(outcome, NeedsAuthentication):
            self.gateway.confirm_charge(url=outcome.url)
            paying.finish_paying(subscription=subscription, now=now, gateway=self.gateway)

    def opt_in(self, *, now: datetime, notices: Sequence[str] = ("early",)) -> None:
        choose_early_notices(account=self.account, is_wanted=True, now=now, by=self.account)

    def running(self, package: str, *, else_code: str) -> Subscription:
        own = Subscription.objects.live().filter(account=self.account, vehicle=self.vehicle)
        # What was ordered ahead, before the free period that it follows.
        running = own.filter(package__code=package).order_by(F("plan").asc(nulls_last=True)).first()
        if running is None:
            raise Refusal(else_code, "There is no running subscription to this package.")
        return running


def _package(code: str) -> Package:
    return Package.objects.get(code=code)


def _make_package(code: str, spec: PackageSpec, *, market: Market, position: int, all_of_them: Any) -> None:
    package, _created = Package.objects.get_or_create(
        code=code,
        defaults={
            "names": {"en": code},
            "suite": "app",
            "position": position,
            "gives_trial": spec.trial,
            "complimentary_months": dict(spec.complimentary_months),
        },
    )
    if spec.needs:
        _make_package(spec.needs, all_of_them[spec.needs], market=market, position=position, all_of_them=all_of_them)
        Package.objects.filter(pk=package.pk).update(base=_package(spec.needs))
    for term, price in spec.prices.items():
        Plan.objects.get_or_create(package=package, market=market, term=term, defaults={"price": price})


def _make_account(story: Story, *, market: Market, now: datetime) -> Account:
    who = story.customer
    account = Account.objects.filter(email=who.email).first()
    if account is None:
        account = Account.objects.create_user(
            email=who.email,
            first_name=who.first_name,
            last_name=who.last_name,
            language=who.language,
            market=market,
        )
    EmailAddress.objects.get_or_create(user=account, email=who.email, defaults={"verified": True, "primary": True})
    terms = current_terms(market, now)
    if terms:
        accept_terms(account=account, version=terms, channel="portal", now=now, by=account)
    BillingProfile.objects.get_or_create(
        account=account,
        defaults={
            "name": account.name,
            "address_line_1": "Leoforos Archiepiskopou Makariou III 12",
            "postcode": "1065",
            "town": "Nicosia",
            "country": market.code,
            "updated_at": now,
        },
    )
    return account


def _bring_car(story: Story, *, account: Account, market: Market, now: datetime) -> Vehicle:
    vin = story.car.vin or INVENTED_VIN
    if not story.car.vin:
        _register_invented_car(story, market=market, now=now)
    elif story.car.warranty_start:
        RegistryEntry.objects.filter(vin=vin).update(warranty_start=story.car.warranty_start)
    RegistryEntry.objects.filter(vin=vin).update(odometer_km=ODOMETER_KM, odometer_at=now)
    membership = add_vehicle(account=account, vin=vin, now=now, by=account)
    prove_access(membership=membership, odometer_km=ODOMETER_KM, now=now, by=account)
    return membership.vehicle


def _register_invented_car(story: Story, *, market: Market, now: datetime) -> None:
    RegistryEntry.objects.get_or_create(
        vin=INVENTED_VIN,
        defaults={
            "model": "Rehearsal",
            "body": "suv",
            "colour": "grey",
            "colour_hex": "#8a8d8f",
            "powertrain": story.car.powertrain,
            "multimedia": story.car.multimedia,
            "market_code": market.code,
            "warranty_start": story.car.warranty_start,
            "updated_at": now,
        },
    )
