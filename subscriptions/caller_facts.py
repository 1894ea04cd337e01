"""What wallet and payments know of a caller (K7)."""

from django.utils.translation import gettext_lazy as _

from accounts.caller_facts import Fact, register
from accounts.models import Account
from subscriptions.models import Payment, PaymentCard
from subscriptions.rules.lifecycle import PaymentStatus


def register_facts() -> None:
    register(
        Fact(
            name="card_expiry",
            question=_("Month and year in which the primary card expires"),
            is_in_mails=False,
            answers=_card_expiry,
        ),
        Fact(
            name="last_charge",
            question=_("The amount of the last charge"),
            is_in_mails=True,
            answers=_last_charge,
        ),
    )


def _card_expiry(account: Account) -> list[str]:
    card = PaymentCard.objects.in_wallet().filter(account=account, is_primary=True).first()
    if card is None:
        return []
    years = (card.exp_year, card.exp_year % 100)
    return [f"{month}/{year:02}" for month in (f"{card.exp_month}", f"{card.exp_month:02}") for year in years]


def _last_charge(account: Account) -> list[str]:
    paid = Payment.objects.filter(account=account, status=PaymentStatus.SUCCEEDED)
    last = paid.order_by("-settled_at", "-pk").first()
    if last is None:
        return []
    whole = [str(int(last.amount))] if last.amount == int(last.amount) else []
    return [str(last.amount), *whole]
