"""The customer's answer to a new price (S10): accepted it amends the contract, else it ends on that charge date."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, TermsVersion
from portal import audit
from portal.models import Market
from portal.querying.written import Given, written
from portal.refusals import Refusal
from subscriptions.actions.end import end_now
from subscriptions.actions.whose import given, only
from subscriptions.models import ContractAmendment, PriceOffer, Subscription
from subscriptions.notices.telling import tell_price_accepted, tell_stopped
from subscriptions.rules.lifecycle import LIVE, EndReason


@dataclass(frozen=True, kw_only=True)
class NewPrice:
    """What the customer is asked to agree to; the form carries it sealed (X10)."""

    old_price: Decimal
    price: Decimal
    vat_rate: Decimal
    charge_on: date


def offer_to_answer(subscription: Subscription, *, now: datetime) -> PriceOffer:
    """The offer that waits for an answer. Raises `Refusal` nothing_to_accept, from the charge date on too."""
    offer = subscription.open_offer
    if offer is None or offer.charge_on <= subscription.market.local_date(now):
        raise Refusal("nothing_to_accept", _("There is no new price that waits for your answer."))
    return offer


def shown(offer: PriceOffer) -> NewPrice:
    return NewPrice(old_price=offer.old_price, price=offer.price, vat_rate=offer.vat_rate, charge_on=offer.charge_on)


def accept_price(
    *, subscription: Subscription, confirmed: NewPrice, order_text: str, now: datetime, by: Account
) -> ContractAmendment:
    """Agrees to the new price from its charge on, in the words that were shown, and confirms it by mail.

    Raises `Refusal`: nothing_to_accept, or quote_changed where another price was shown (X10).
    """
    with transaction.atomic():
        subscription = Subscription.objects.select_for_update(of=["self"], no_key=True).get(pk=subscription.pk)
        offer = offer_to_answer(subscription, now=now)
        if shown(offer) != confirmed:
            raise Refusal("quote_changed", _("Something has changed since this page was made. Please look again."))
        amendment = ContractAmendment.objects.create(
            subscription=subscription,
            offer=offer,
            first_index=offer.period_index,
            first_charge_on=offer.charge_on,
            price=offer.price,
            currency=subscription.currency,
            vat_rate=offer.vat_rate,
            accepted_at=now,
            terms_version=_accepted_terms(subscription),
            language=by.language,
            order_text=order_text,
        )
        _record("price accepted", subscription, offer, now=now, by=by)
        tell_price_accepted(subscription, amendment, now=now)
        return amendment


def decline_price(*, subscription: Subscription, now: datetime, by: Account) -> PriceOffer:
    """Keeps the answer no: it ends on the charge date, as without an answer. Until then it can still be accepted.

    Raises `Refusal` nothing_to_accept.
    """
    with transaction.atomic():
        subscription = Subscription.objects.select_for_update(of=["self"], no_key=True).get(pk=subscription.pk)
        offer = offer_to_answer(subscription, now=now)
        if offer.declined_at is None:
            offer.declined_at = now
            offer.save(update_fields=["declined_at"])
            _record("price declined", subscription, offer, now=now, by=by)
        return offer


def offers_unaccepted(*, market: Market, now: datetime, account_id: int | None = None) -> list[int]:
    """Ids of the subscriptions whose charge date has come without a yes, oldest first, an add-on after its base."""
    return _unaccepted(**given(market, account_id), today=market.local_date(now))


@written
def _unaccepted(*, market: Given, today: Given, account: Given | None = None) -> QuerySet[PriceOffer, int]:
    offers = PriceOffer.objects.filter(
        only(account, path="subscription__account"),
        charge_on__lte=today,
        amendment__isnull=True,
        subscription__market=market,
        subscription__status__in=sorted(LIVE),
        subscription__next_charge_on__isnull=False,
    )
    base_first = F("subscription__package__base").asc(nulls_first=True)
    in_turn = offers.order_by("charge_on", base_first, "subscription_id")
    return in_turn.values_list("subscription_id", flat=True)


def end_unaccepted(*, subscription_id: int, now: datetime) -> bool:
    """Ends on the charge date, without a charge, a subscription whose new price nobody accepted; True if it did."""
    with transaction.atomic():
        Account.objects.select_for_update(of=["self"], no_key=True).get(subscriptions=subscription_id)
        subscription = Subscription.objects.select_for_update(of=["self"], no_key=True).get(pk=subscription_id)
        offer = subscription.open_offer
        if offer is None or offer.charge_on > subscription.market.local_date(now):
            return False
        subscription.ends_on = offer.charge_on
        subscription.end_reason = EndReason.PRICE_NOT_ACCEPTED
        end_now(subscription, now=now, by=None)
        tell_stopped(subscription, now=now)
        return True


def _accepted_terms(subscription: Subscription) -> TermsVersion:
    """The version that the account accepted last; nobody has a contract without one (C3)."""
    accepted = subscription.account.terms_acceptances.order_by("-accepted_at", "-pk").select_related("version")
    return accepted[0].version


def _record(what: str, subscription: Subscription, offer: PriceOffer, *, now: datetime, by: Account) -> None:
    audit.record(
        what,
        account=subscription.account,
        by=by,
        now=now,
        subject=subscription,
        package=subscription.package.code,
        old_price=offer.old_price,
        price=offer.price,
        charge_on=offer.charge_on,
    )
