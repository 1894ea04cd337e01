"""The confirmation of an order as PDF (S10): mailed on ordering, and to be downloaded for ever.

Made when it is wanted from the contract's row, in the contract's language: the same row gives the same bytes. What was
agreed later stands on the contract's page and not here, because this is what was ordered.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from portal.links import absolute
from portal.money import split_gross
from portal.templatetags.frame import clock, day_in_words, money, percentage
from subscriptions.invoicing.render import typeset
from subscriptions.models import Contract
from subscriptions.rules.cancellation import upcoming_charges
from subscriptions.templatetags.subscriptions import cancellation_sentence
from subscriptions.words.terms import term_name

# What is read to draw it, in one query.
DRAWN_FROM = ("terms_version", "subscription__plan", "subscription__market__brand")
Pair = dict[str, str]


def contract_pdf(contract: Contract) -> bytes:
    """In English or Greek, as it was ordered; a fetch with `DRAWN_FROM` leaves no query to it."""
    market = contract.subscription.market
    ordered_at = contract.ordered_at.astimezone(market.zone)
    with translation.override(contract.language):
        page = {
            "language": contract.language,
            "wordmark": market.brand.name,
            "accent": market.brand.accent_light,
            "title": _("Confirmation of your order"),
            "number": _("Contract %(number)s") % {"number": contract.number},
            "facts": [
                _pair(_("Ordered"), f"{day_in_words(ordered_at)}, {clock(ordered_at.time())}"),
                *([_pair(_("Terms of Use"), contract.terms_version.version)] if contract.terms_version else []),
            ],
            "seller": _seller(contract.agreed["seller"]),
            "agreed": {"title": _("What was agreed"), "rows": _agreed(contract)},
            "words": {"title": _("You ordered with these words"), "sentences": [contract.order_text]},
            "rights": {"title": _("Your rights"), "sentences": _rights(contract)},
            "footer": _("This never changes. What you agree to later stands beside it in the portal."),
        }
    return typeset("contract.typ", page, made_on=ordered_at.date())


def _seller(seller: dict[str, Any]) -> dict[str, Any]:
    numbers = [
        _pair(_("VAT number"), seller["vat_number"]),
        _pair(_("Company registration number"), seller["registration"]),
    ]
    lines = [*seller["address_lines"], *(seller.get("contact") or [seller["email"]])]
    numbers = [each for each in numbers if each["value"]]
    return {"title": _("Seller"), "name": seller["name"], "lines": lines, "numbers": numbers}


def _agreed(contract: Contract) -> list[Pair]:
    return [*_subject(contract.agreed), *_money_and_dates(contract)]


def _subject(agreed: dict[str, Any]) -> list[Pair]:
    rows = [
        _pair(_("Package"), agreed["package"]),
        _pair(_("Services"), ", ".join(agreed["services"])),
        _pair(_("VIN"), agreed["vin"]),
    ]
    dealer = [_pair(_("Dealer who helped"), agreed["referred_dealer"])] if agreed["referred_dealer"] else []
    return [*rows, *dealer]


def _money_and_dates(contract: Contract) -> list[Pair]:
    agreed, currency = contract.agreed, contract.agreed["currency"]
    price, rate = Decimal(agreed["price"]), Decimal(agreed["vat_rate"])
    parts = split_gross(price, rate)
    first, *later = upcoming_charges(
        activated_on=date.fromisoformat(agreed["activated_on"]),
        trial_months=agreed["trial_months"],
        term_months=contract.subscription.term_months,
        first=0,
        count=3,
    )
    vat = {"vat": money(parts.vat, currency), "rate": percentage(rate), "net": money(parts.net, currency)}
    return [
        _pair(_("Plan"), term_name(agreed["term"])),
        _pair(_("Price with VAT"), money(price, currency)),
        _pair(_("VAT included"), _("%(vat)s (%(rate)s), net %(net)s") % vat),
        _pair(
            _("Starts") if agreed.get("is_ahead") else _("Activated"),
            day_in_words(date.fromisoformat(agreed["activated_on"])),
        ),
        _pair(_("First charge"), day_in_words(first)),
        _pair(_("Then"), ", ".join([*map(day_in_words, later), "…"])),
    ]


def _rights(contract: Contract) -> list[str]:
    """X1, X5 and S6, as the summary promised them."""
    subscription = contract.subscription
    plan = [cancellation_sentence(subscription.plan)] if subscription.plan else []
    renewal = _(
        "It renews by itself until you cancel. We write to you seven days before the first charge after a free month "
        "and before each yearly or four-yearly charge."
    )
    return [*plan, *_withdrawal(contract.agreed), renewal]


def _withdrawal(agreed: dict[str, Any]) -> list[str]:
    if not agreed["withdraw_until"]:
        return [_("You have withdrawn from a contract with a refund before. You can still cancel.")]
    until = day_in_words(date.fromisoformat(agreed["withdraw_until"]))
    if agreed["trial_months"]:
        right = _(
            "You can withdraw from the contract until %(until)s without a reason. It then ends at once; nothing has "
            "been paid by then."
        )
    else:
        right = _(
            "You can withdraw from the contract until %(until)s without a reason. It then ends at once, and you get "
            "back all that you paid."
        )
    where = _("You withdraw on this page, without signing in if you like: %(address)s")
    return [right % {"until": until}, where % {"address": absolute(reverse("withdrawal"))}]


def _pair(label: str, value: str) -> Pair:
    return {"label": label, "value": value}
