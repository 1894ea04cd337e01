"""The categories of the hub, in the order in which it shows them; their slugs are folders and parts of addresses."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CATEGORIES: dict[str, str | Promise] = {
    "getting-started": _("Getting started"),
    "account": _("Account"),
    "garage": _("Garage and verification"),
    "connected-services": _("Connected services"),
    "subscriptions": _("Subscriptions"),
    "trials": _("Trials and free years"),
    "payment-methods": _("Payment methods"),
    "payments": _("Payments and invoices"),
    "cancelling": _("Cancelling and refunds"),
    "privacy": _("Privacy and data"),
    "driving": _("Driving analytics"),
    "remote": _("Remote and vehicle status"),
    "multimedia": _("Multimedia and maps"),
    "selling": _("Selling and buying"),
    "insurance": _("Insurance"),
}

# What a message is about that is begun at an answer of the category; not said where it may be about anything.
CASE_CATEGORY_OF = {
    "account": "account",
    "garage": "garage",
    "connected-services": "connected-services",
    "subscriptions": "connected-services",
    "trials": "connected-services",
    "payment-methods": "billing",
    "payments": "billing",
    "cancelling": "billing",
    "privacy": "privacy",
    "driving": "connected-services",
    "remote": "connected-services",
    "multimedia": "connected-services",
    "selling": "garage",
    "insurance": "insurance",
}
