"""Cards come from the provider's own page and leave by the customer's wish (W1 to W5)."""

from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.barring import check_not_barred
from accounts.models import Account, BillingProfile
from portal import audit, outbox
from portal.refusals import Refusal
from subscriptions.gateway.port import CardAdded, CardDetails, Gateway, ProviderDown, SetupFailed, SetupPending
from subscriptions.models import CardSetup, PaymentCard, Subscription
from subscriptions.rules.lifecycle import TO_BE_CHARGED, Status
from subscriptions.rules.wallet import is_accepted, may_remove

PROVIDER_DOWN = Refusal(
    "provider_down", _("The payment provider cannot be reached at the moment. Nothing was charged; please try again.")
)


def no_billing_address() -> Refusal:
    return Refusal("no_billing_address", _("Enter your billing address first: your bank checks it with the card."))


def begin_adding_card(
    *, account: Account, next_path: str, return_url: Callable[[CardSetup], str], gateway: Gateway, now: datetime
) -> tuple[CardSetup, str]:
    """Opens the provider's page; answers the setup and the address to which the customer is sent.

    `return_url` gives the address to which they come back. Raises `Refusal`: barred, no_billing_address, provider_down.
    """
    check_not_barred(account, now=now)
    profile = BillingProfile.objects.filter(account=account).first()
    if profile is None:
        raise no_billing_address()
    setup = CardSetup.objects.create(
        account=account,
        next_path=next_path,
        billing_address={"name": profile.name, "address_lines": profile.address_lines},
        started_at=now,
    )
    try:
        page = gateway.begin_card_setup(
            key=f"setup:{setup.public_id}",
            customer_ref=str(account.public_id),
            return_url=return_url(setup),
            language=account.language,
        )
    except ProviderDown as down:
        raise PROVIDER_DOWN from down
    setup.setup_ref = page.setup_ref
    setup.save(update_fields=["setup_ref"])
    return setup, page.url


def finish_adding_card(*, setup: CardSetup, gateway: Gateway, now: datetime, by: Account) -> PaymentCard:
    """What became of the visit to the provider's page; asking again changes nothing.

    Raises `Refusal`: card_brand, card_known, card_expired, card_refused (for whatever else the bank said),
    authentication_failed, cancelled, not_finished, provider_down.
    """
    try:
        outcome = gateway.card_setup(setup_ref=setup.setup_ref)
    except ProviderDown as down:
        raise PROVIDER_DOWN from down
    match outcome:
        case SetupPending():
            raise Refusal("not_finished", _("The card was not entered to the end. Nothing was added."))
        case SetupFailed(reason=reason):
            _close_failed(setup, reason=reason, now=now)
            raise _refusal_for(reason)
        case CardAdded(card=details):
            return _keep_card(setup, details, now=now, by=by)


def _refusal_for(reason: str) -> Refusal:
    sentences = {
        "authentication_failed": _("Your bank did not confirm that it was you, so the card was not added."),
        "cancelled": _("You went back before the card was entered. Nothing was added."),
        "card_brand": _("This kind of card is not accepted. The page says which cards are."),
        "card_known": _("This card is in your wallet already."),
        "card_expired": _("The card has expired. Please use another card."),
        "card_refused": _("Your bank refused this card, so it was not added. Please use another one."),
    }
    code = "card_expired" if reason == "expired" else reason
    code = code if code in sentences else "card_refused"
    return Refusal(code, sentences[code])


def _close_failed(setup: CardSetup, *, reason: str, now: datetime) -> None:
    CardSetup.objects.filter(pk=setup.pk, finished_at__isnull=True).update(finished_at=now, failure=reason)


def _keep_card(setup: CardSetup, details: CardDetails, *, now: datetime, by: Account) -> PaymentCard:
    with transaction.atomic():
        account = Account.objects.select_for_update(of=["self"], no_key=True).get(pk=setup.account_id)
        locked = CardSetup.objects.select_for_update(of=["self"], no_key=True).get(pk=setup.pk)
        if locked.card is not None:
            return locked.card
        reason = locked.failure or _why_not_kept(account, details)
        if not reason:
            card = _add_card(account, details, setup=locked, now=now)
            CardSetup.objects.filter(pk=setup.pk).update(card=card, finished_at=now)
            audit.record("card added", account=account, by=by, now=now, subject=card, last4=card.last4)
            return card
        _close_failed(locked, reason=reason, now=now)
        # The provider must not keep what the portal does not.
        outbox.enqueue("forget_card", dedup_key=f"forget:{details.card_ref}", now=now, card_ref=details.card_ref)
    raise _refusal_for(reason)


def _why_not_kept(account: Account, details: CardDetails) -> str:
    market = account.market
    if not account.is_active:
        # Closed while the card was being entered.
        return "cancelled"
    if not is_accepted(
        brand=details.brand, funding=details.funding, brands=market.card_brands, fundings=market.card_funding
    ):
        return "card_brand"
    if PaymentCard.objects.in_wallet().filter(account=account, fingerprint=details.fingerprint).exists():
        return "card_known"
    return ""


def _add_card(account: Account, details: CardDetails, *, setup: CardSetup, now: datetime) -> PaymentCard:
    is_first = not PaymentCard.objects.in_wallet().filter(account=account).exists()
    return PaymentCard.objects.create(
        account=account,
        card_ref=details.card_ref,
        fingerprint=details.fingerprint,
        brand=details.brand,
        funding=details.funding,
        last4=details.last4,
        exp_month=details.exp_month,
        exp_year=details.exp_year,
        country=details.country,
        billing_address=setup.billing_address,
        is_primary=is_first,
        refused_at=_mark_that_comes_back(account, details),
        added_at=now,
    )


def _mark_that_comes_back(account: Account, details: CardDetails) -> datetime | None:
    """W2: a card refused for good that is added again keeps its mark, unless its expiry is new."""
    before = PaymentCard.objects.filter(
        account=account,
        fingerprint=details.fingerprint,
        exp_month=details.exp_month,
        exp_year=details.exp_year,
        refused_at__isnull=False,
    ).first()
    return before.refused_at if before else None


def make_primary(*, card: PaymentCard, now: datetime, by: Account) -> None:
    """W3: only the primary card is charged, and it can be changed at any time. Raises `Refusal`: barred, no_card."""
    check_not_barred(by, now=now)
    with transaction.atomic():
        account = Account.objects.select_for_update(of=["self"], no_key=True).get(pk=card.account_id)
        cards = PaymentCard.objects.in_wallet().filter(account=account)
        if not cards.filter(pk=card.pk).exists():
            # Removed meanwhile: the wallet must not be left without a primary card.
            raise Refusal("no_card", _("This card has been removed from your wallet."))
        cards.filter(is_primary=True).update(is_primary=False)
        cards.filter(pk=card.pk).update(is_primary=True)
        audit.record("primary card", account=account, by=by, now=now, subject=card, last4=card.last4)


def remove_card(*, card: PaymentCard, now: datetime, by: Account) -> PaymentCard | None:
    """W5. Answers the card that has become the primary one, if that has changed.

    Raises `Refusal`: barred, last_card.
    """
    check_not_barred(by, now=now)
    with transaction.atomic():
        account = Account.objects.select_for_update(of=["self"], no_key=True).get(pk=card.account_id)
        locked = PaymentCard.objects.in_wallet().filter(pk=card.pk).first()
        if locked is None:
            return None
        others = PaymentCard.objects.in_wallet().filter(account=account).exclude(pk=card.pk)
        if not may_remove(cards_left=others.count(), has_charging_subscription=_is_charging(account)):
            raise Refusal(
                "last_card", _("This is your last card, and a subscription still needs it. Add another one first.")
            )
        PaymentCard.objects.filter(pk=card.pk).update(removed_at=now, is_primary=False)
        outbox.enqueue("forget_card", dedup_key=f"forget:{card.card_ref}", now=now, card_ref=card.card_ref)
        audit.record("card removed", account=account, by=by, now=now, subject=card, last4=card.last4)
        return _promote_newest(account) if locked.is_primary else None


def may_leave(card: PaymentCard) -> bool:
    """W5: what `remove_card` will say, for the page that asks."""
    others = PaymentCard.objects.in_wallet().filter(account=card.account_id).exclude(pk=card.pk)
    return may_remove(cards_left=others.count(), has_charging_subscription=_is_charging(card.account))


def _is_charging(account: Account) -> bool:
    # An order whose first charge is not known yet renews as well, once it turns out charged.
    charging = sorted(TO_BE_CHARGED | {Status.PENDING})
    return Subscription.objects.filter(account=account, status__in=charging, ends_on__isnull=True).exists()


def _promote_newest(account: Account) -> PaymentCard | None:
    newest = PaymentCard.objects.in_wallet().filter(account=account).order_by("-added_at", "-pk").first()
    if newest:
        newest.is_primary = True
        newest.save(update_fields=["is_primary"])
    return newest


def primary_card(account: Account, *, today: date) -> PaymentCard:
    """The card that an order would charge. Raises `Refusal`: no_card, card_expired, card_refused (S11)."""
    return chargeable(PaymentCard.objects.in_wallet().filter(account=account, is_primary=True).first(), today=today)


def chargeable(card: PaymentCard | None, *, today: date) -> PaymentCard:
    """The same of what stands first in the wallet, where it was read before."""
    if card is None or not card.is_primary:
        raise Refusal("no_card", _("Add a card before you order."))
    if card.is_expired_on(today):
        raise Refusal("card_expired", _("Your primary card has expired. Add another one, or make another one primary."))
    if card.is_refused:
        raise Refusal("card_refused", _("Your bank has refused your primary card for good. Please use another one."))
    return card
