"""The end of ordering: it becomes a contract, or nothing comes of it (S3, S10, S11)."""

from datetime import datetime

from portal import audit
from portal.texts import localized
from subscriptions.actions.provision import ask_to_switch_on
from subscriptions.actions.work import open_work_items
from subscriptions.invoicing.build import seller_of
from subscriptions.ledger.finding import Finding
from subscriptions.models import Contract, Subscription, TrialUse, WithdrawalUse
from subscriptions.notices.telling import tell_about
from subscriptions.rules.lifecycle import Status
from subscriptions.rules.withdrawal import last_withdrawal_day

# No vowels and no look-alikes: nothing to misread on the telephone.
_ALPHABET = "BCDFGHJKLMNPQRSTVWXZ23456789"


def conclude_order(subscription: Subscription, *, now: datetime) -> None:
    """Within the caller's transaction: the trial is used up, where it begins, and the contract kept."""
    if subscription.is_in_trial:
        use_trial(subscription, now=now)
    _keep_contract(subscription)
    if subscription.is_in_service:
        ask_to_switch_on(subscription, now=now)
    _hand_to_finance(subscription, now=now)
    first_charge_on = subscription.charge_date(0)
    audit.record(
        "subscribed",
        account=subscription.account,
        by=subscription.account,
        now=now,
        subject=subscription,
        package=subscription.package.code,
        term=subscription.term,
        trial=bool(subscription.trial_months),
        price=subscription.price,
        first_charge_on=first_charge_on,
        starts_on=subscription.activated_on,
        referred_dealer=subscription.referred_dealer.code if subscription.referred_dealer else "",
    )


def use_trial(subscription: Subscription, *, now: datetime) -> None:
    """S3: from now on the account has had the free month of this package."""
    TrialUse.objects.create(
        account=subscription.account, package=subscription.package, subscription=subscription, used_at=now
    )


def tell_ordered(subscription: Subscription, *, now: datetime) -> None:
    """The order's confirmation; it follows the first charge and its invoice."""
    first_charge_on = subscription.charge_date(0)
    tell_about(
        subscription,
        "order_confirmed",
        event_on=subscription.activated_on,
        now=now,
        term=subscription.term,
        price=subscription.price,
        first_charge_on=first_charge_on,
        starts_on=subscription.activated_on if subscription.is_scheduled else "",
        trial_ends_on=first_charge_on if subscription.trial_months else "",
        contract_number=subscription.contract.number,
    )


def _keep_contract(subscription: Subscription) -> Contract:
    """Freezes what was agreed, in the words that the customer saw as they ordered (S10)."""
    if subscription.terms_version is None:
        raise ValueError("an order without accepted Terms")
    language = subscription.account.language
    return Contract.objects.create(
        subscription=subscription,
        number=contract_number(subscription),
        ordered_at=subscription.ordered_at,
        terms_version=subscription.terms_version,
        language=language,
        order_text=subscription.order_text,
        agreed={
            "package": localized(subscription.package.names, language),
            "services": [localized(service.names, language) for service in subscription.package.services.all()],
            "vin": subscription.vehicle.vin,
            "term": subscription.term,
            "price": str(subscription.price),
            "currency": subscription.currency,
            "vat_rate": str(subscription.vat_rate),
            "vat_country": subscription.vat_country,
            "vat_evidence": subscription.vat_evidence,
            "trial_months": subscription.trial_months,
            "activated_on": subscription.activated_on.isoformat(),
            "is_ahead": subscription.is_scheduled,
            "first_charge_on": subscription.charge_date(0).isoformat(),
            "withdraw_until": _withdraw_until(subscription),
            "seller": seller_of(subscription.market.legal_entity, subscription.market),
            "referred_dealer": subscription.referred_dealer.name if subscription.referred_dealer else "",
        },
    )


def _withdraw_until(subscription: Subscription) -> str:
    """X5, as the summary said it: nothing where a refund by withdrawal was had before."""
    if not subscription.trial_months and WithdrawalUse.objects.filter(account=subscription.account_id).exists():
        return ""
    return last_withdrawal_day(subscription.activated_on).isoformat()


def _hand_to_finance(subscription: Subscription, *, now: datetime) -> None:
    """I3: where the evidence of the customer's country leaves something open, the order goes on and finance looks."""
    if subscription.vat_review:
        evidence = ", ".join(f"{item['kind']} {item['country']}" for item in subscription.vat_evidence)
        text = f"{subscription.get_vat_review_display()}: {evidence}; charged {subscription.vat_rate} %"
        finding = Finding(check="vat_in_doubt", subject=str(subscription.public_id), text=text)
        open_work_items([finding], now=now)


def contract_number(subscription: Subscription) -> str:
    return number_from(subscription.public_id.int, market_code=subscription.market.code)


def number_from(public_id: int, *, market_code: str) -> str:
    """Ten signs from the subscription's random public id: short enough to be read out, too many to be guessed."""
    value, signs = public_id, ""
    for _ in range(10):
        value, place = divmod(value, len(_ALPHABET))
        signs += _ALPHABET[place]
    return f"{market_code}-{signs[:5]}-{signs[5:]}"


def abandon_order(subscription: Subscription, *, reason: str, now: datetime) -> None:
    """S11: the first charge was refused; nothing is activated, nothing is owed, no trial is used."""
    subscription.move_to(Status.ABANDONED)
    subscription.save(update_fields=["status"])
    audit.record(
        "order refused",
        account=subscription.account,
        by=None,
        now=now,
        subject=subscription,
        package=subscription.package.code,
        reason=reason,
    )
