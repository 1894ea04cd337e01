"""The words with which a new price is accepted (S10): the same on the page and in the app."""

from django.utils.translation import gettext as _

from portal.templatetags.frame import day_in_words, money
from subscriptions.models import PriceOffer, Subscription


def order_text(row: Subscription, offer: PriceOffer) -> str:
    """The words beside the button: what the amendment will say was agreed."""
    facts = {
        "package": row.package.name,
        "price": money(offer.price, row.currency),
        "old": money(offer.old_price, row.currency),
        "day": day_in_words(offer.charge_on),
    }
    return (
        _("I accept %(price)s instead of %(old)s for %(package)s, VAT included, from the charge of %(day)s on.") % facts
    )
