"""The words for what a bank, a car or a rule said: the same for customer and agent (P6, C2)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from subscriptions.rules.eligibility import Missing
from subscriptions.rules.lifecycle import EndReason

DECLINES: dict[str, Promise] = {
    "insufficient_funds": _("Your bank declined the charge because there was not enough money available."),
    "stolen": _("Your bank has blocked this card for good. Please use another card."),
    "expired": _("The card has expired. Please use another card."),
    "needs_authentication": _("Your bank asks you to confirm this payment yourself."),
    "authentication_failed": _("Your bank did not confirm that it was you, so nothing was charged."),
    "provider_down": _("The payment provider could not be reached. Nothing was charged."),
    "not_charged": _("The payment provider did not carry out the charge."),
    "key_spent": _("The payment provider did not carry out the charge."),
}
DECLINED = _("Your bank declined the charge. It can tell you why.")

# Why a refund did not reach its card (X6), in the words of the provider's code; for staff.
REFUND_REJECTIONS: dict[str, Promise] = {
    "rejected": _("The bank of the card does not take it, and gives no reason."),
    "declined": _("The bank of the card does not take it."),
    "lost_or_stolen_card": _("The card was reported lost or stolen."),
    "expired_or_canceled_card": _("The card has expired or was cancelled."),
    "insufficient_funds": _("Our balance at the payment provider is too low."),
    "disputed": _("The customer’s bank is looking into the payment."),
    "charge_for_pending_refund_disputed": _("The customer’s bank is looking into the payment."),
    "exceeds_charge": _("The provider has paid back as much as was charged already."),
    "merchant_request": _("It was stopped at the payment provider by hand."),
}

ENDS: dict[str, Promise] = {
    EndReason.CANCELLED: _("You cancelled it."),
    EndReason.WITHDRAWN: _("You withdrew from the contract."),
    EndReason.PAYMENT_FAILED: _("The charge was declined on three days."),
    EndReason.VEHICLE_REMOVED: _("The car left your garage."),
    EndReason.BASE_ENDED: _("The package that it belonged to has ended."),
    EndReason.EXPIRED: _("The complimentary period is over."),
    EndReason.DISPUTE_LOST: _("Your bank took the payment back."),
    EndReason.PRICE_NOT_ACCEPTED: _("The new price was not accepted."),
    EndReason.DISCONTINUED: _("The package is not offered any more."),
    EndReason.ACCOUNT_CLOSED: _("You closed your account."),
    EndReason.CONTROL_LOST: _("Control of the car went to another account."),
    EndReason.STILL_FREE: _("The package is still included with the car. Nothing was charged."),
}

# Why a statement of withdrawal, taken signed out, changed nothing (X9): by the code of the refusal.
WITHDRAWAL_ANSWERS: dict[str, Promise] = {
    "withdrawal_over": _("The fourteen days in which you could withdraw are over."),
    "withdrawal_used": _("You have withdrawn from a contract with a refund before, which is possible once."),
    "nothing_to_cancel": _("This contract is not running any more."),
}

MISSING: dict[Missing, Promise] = {
    Missing.DISCONTINUED: _("This package is not offered any more."),
    Missing.MARKET: _("This package is not sold in your country."),
    Missing.LAW: _("The law of your country does not allow it for this kind of drive."),
    Missing.CAR_MARKET: _("This car was built for another market."),
    Missing.MODEL: _("It is not made for this model."),
    Missing.GENERATION: _("The multimedia system of this car does not support it."),
    Missing.POWERTRAIN: _("It is made for another kind of drive than this car's."),
    Missing.BOUGHT: _("It is not for cars that were bought when this one was."),
    Missing.CAPABILITY: _("This car does not have the equipment that it needs."),
}


def decline_sentence(reason: str) -> str | Promise:
    """Why a charge did not succeed, in words that the customer can act on."""
    return DECLINES.get(reason, DECLINED)


def refund_rejection(reason: str) -> str | Promise:
    return REFUND_REJECTIONS.get(reason, REFUND_REJECTIONS["rejected"])


def withdrawal_answer(code: str) -> str | Promise:
    return WITHDRAWAL_ANSWERS.get(code, code)


def sentence_for(reason: str) -> str | Promise:
    """Why a charge was declined, or why a subscription ended: notices name either by one word."""
    return ENDS[reason] if reason in ENDS else decline_sentence(reason)  # type: ignore[index]
