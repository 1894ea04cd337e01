"""Ordering a plan for a vehicle: with a trial at once, without one by its first charge, or ahead (S2, S3, S7, S11)."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import current_terms
from accounts.actions.dealers import check_in_list
from accounts.barring import check_not_barred
from accounts.models import Account, BillingProfile, Dealer
from garage.models import Vehicle
from portal.refusals import Refusal
from subscriptions.actions.begin import start_payment
from subscriptions.actions.catalogue import keep_up
from subscriptions.actions.conclude import conclude_order, tell_ordered
from subscriptions.actions.entitle import (
    check_active,
    check_base,
    check_suits,
    check_terms,
    lock_base,
    packages_tried,
    settle_reached_end,
)
from subscriptions.actions.send import book, charge, charge_present
from subscriptions.actions.wallet import PROVIDER_DOWN, primary_card
from subscriptions.centre.free_periods import free_period, start_of_plan
from subscriptions.centre.selling_channels import check_sold_here
from subscriptions.gateway.port import Gateway
from subscriptions.models import Package, Payment, PaymentCard, Plan, Subscription
from subscriptions.rules.lifecycle import PaymentStatus, Status
from subscriptions.rules.offer import Channel
from subscriptions.rules.periods import TRIAL_MONTHS
from subscriptions.vat import columns_of, treatment_for
from subscriptions.words.packages import still_free_sentence
from subscriptions.words.reasons import decline_sentence


def subscribe(
    *,
    account: Account,
    vehicle: Vehicle,
    plan: Plan,
    order_key: UUID,
    order_text: str,
    now: datetime,
    by: Account,
    gateway: Gateway,
    first_charge_on: date | None = None,
    referred_dealer: Dealer | None = None,
    channel: Channel = Channel.PORTAL,
    return_url_of: Callable[[Subscription], str] | None = None,
) -> Subscription:
    """Orders; the same `order_key` orders once, however often the form is sent.

    `first_charge_on` is the day that the customer was shown; None where nobody was shown one (rehearsals).
    `referred_dealer` is the one who helped with the purchase, if the customer named one.

    `channel` is where the order comes from: a market may sell in the app alone (C8).

    `return_url_of` is given while the customer is here: where the bank wants the first charge confirmed the order is
    pending, `page_to_confirm` (`pay_now`) has the provider's page, and the customer comes back to that address. Without
    it such a charge is declined. Who never answers there has ordered nothing: the run learns it (S11, P8).

    Answers a subscription in trial, paid, or pending while the outcome of its first charge is not known; or scheduled,
    if the free period runs and its market lets the plan be chosen before it ends: nothing is charged until then (C4).

    Raises `Refusal`: barred, not_sold_here, no_vehicle, terms_missing, not_offered, already_subscribed,
    complimentary_running, base_missing, no_card, card_expired, card_refused, dealer_unknown, first_charge_declined,
    provider_down, or quote_changed where the first charge would fall on another day than was shown: the free month went
    to another car, or midnight has passed, or a new catalogue came into force (X10).
    """
    check_not_barred(by, now=now)
    if keep_up(account.market, now=now):
        if first_charge_on:
            raise _changed()
        plan = Plan.objects.select_related("package__base").get(pk=plan.pk)
    subscription, payment = _order(
        account=account,
        vehicle=vehicle,
        plan=plan,
        order_key=order_key,
        order_text=order_text,
        first_charge_on=first_charge_on,
        referred_dealer=referred_dealer,
        channel=channel,
        now=now,
    )
    if payment is not None:
        if return_url_of is None:
            heard = charge(payment, gateway=gateway)
        else:
            way_back = {"return_url": return_url_of(subscription), "language": by.language}
            heard = charge_present(payment, **way_back, gateway=gateway)
        book([heard], now=now)
        subscription.refresh_from_db()
    check_not_abandoned(subscription)
    return subscription


def _order(
    *,
    account: Account,
    vehicle: Vehicle,
    plan: Plan,
    order_key: UUID,
    order_text: str,
    first_charge_on: date | None,
    referred_dealer: Dealer | None,
    channel: Channel,
    now: datetime,
) -> tuple[Subscription, Payment | None]:
    with transaction.atomic():
        account = Account.objects.select_for_update(of=["self"], no_key=True).get(pk=account.pk)
        ordered_before = Subscription.objects.filter(account=account, order_key=order_key).first()
        if ordered_before:
            return ordered_before, None
        check_sold_here(plan.package, account.market, channel=channel)
        today = account.market.local_date(now)
        lock_base(account=account, vehicle=vehicle, package=plan.package)
        starts_on = check_order(account=account, vehicle=vehicle, plan=plan, now=now)
        card = primary_card(account, today=today)
        check_in_list(referred_dealer, market_id=account.market_id)
        subscription = _new(
            account,
            vehicle,
            plan,
            card=card,
            order_key=order_key,
            order_text=order_text,
            referred_dealer=referred_dealer,
            starts_on=starts_on,
            now=now,
        )
        if first_charge_on and first_charge_on != subscription.next_charge_on:
            raise _changed()
        if not subscription.is_pending:
            conclude_order(subscription, now=now)
            tell_ordered(subscription, now=now)
            return subscription, None
        return subscription, start_payment(subscription, card=card, attempt=1, now=now)


def _changed() -> Refusal:
    return Refusal("quote_changed", _("Something has changed since this page was made. Please look again."))


def _new(
    account: Account,
    vehicle: Vehicle,
    plan: Plan,
    *,
    card: PaymentCard,
    order_key: UUID,
    order_text: str,
    referred_dealer: Dealer | None,
    starts_on: date,
    now: datetime,
) -> Subscription:
    today = account.market.local_date(now)
    trial_months = TRIAL_MONTHS if gets_trial(account, plan.package) else 0
    profile = BillingProfile.objects.filter(account=account).first()
    subscription = Subscription(
        account=account,
        vehicle=vehicle,
        package=plan.package,
        plan=plan,
        market=account.market,
        status=_first_status(is_ahead=starts_on > today, has_trial=trial_months > 0),
        order_key=order_key,
        order_text=order_text,
        referred_dealer=referred_dealer,
        terms_version=current_terms(account.market, now),
        ordered_at=now,
        activated_on=starts_on,
        trial_months=trial_months,
        term_months=plan.term_months,
        price=plan.price,
        currency=account.market.currency,
        **columns_of(treatment_for(account, card=card, profile=profile, on=today)),
    )
    subscription.next_charge_on = subscription.charge_date(0)
    # A pending one is charged by its order, not by the scheduled run; one that is ordered ahead, once it has begun.
    subscription.next_try_on = subscription.next_charge_on if subscription.is_in_trial else None
    subscription.save()
    return subscription


def _first_status(*, is_ahead: bool, has_trial: bool) -> Status:
    if is_ahead:
        return Status.SCHEDULED
    return Status.TRIAL if has_trial else Status.PENDING


def check_not_abandoned(subscription: Subscription) -> None:
    """S11. Raises `Refusal` first_charge_declined or provider_down where nothing came of the order."""
    if subscription.status != Status.ABANDONED:
        return
    payment = subscription.payments.latest("started_at")
    if payment.status == PaymentStatus.FAILED and payment.reason == "provider_down":
        raise PROVIDER_DOWN
    raise Refusal("first_charge_declined", decline_sentence(payment.reason))


def check_order(*, account: Account, vehicle: Vehicle, plan: Plan, now: datetime) -> date:
    """Everything but the card that may stand against an order; gives the day on which it would start."""
    today = account.market.local_date(now)
    check_active(account=account, vehicle=vehicle)
    check_terms(account=account, now=now)
    is_sold = plan.is_offered and plan.market_id == account.market_id
    check_suits(vehicle, plan.package, account.market, is_sold=is_sold)
    starts_on = start_of_plan(vehicle, plan.package, account.market, today=today)
    if starts_on is None:
        free = free_period(vehicle, plan.package, account.market)
        raise Refusal("complimentary_running", still_free_sentence(free, today=today))
    _check_not_running(vehicle, plan.package, is_ahead=starts_on > today, now=now)
    check_base(account=account, vehicle=vehicle, package=plan.package, today=today)
    return starts_on


def _check_not_running(vehicle: Vehicle, package: Package, *, is_ahead: bool, now: datetime) -> None:
    """S7. The free period that runs is no obstacle to what is ordered ahead, to start after it."""
    for running in Subscription.objects.live().filter(vehicle=vehicle, package=package).order_by("pk"):
        is_followed = is_ahead and running.is_complimentary
        if not is_followed and not settle_reached_end(running, now=now):
            raise Refusal(
                "already_subscribed", _("There is a running subscription to this package for this car already.")
            )


def gets_trial(account: Account, package: Package) -> bool:
    """S3: one free month, once per package and account, for ever."""
    return package.gives_trial and package.pk not in packages_tried(account)
