"""The customer centre's desk in Django's admin: customers' services, money and documents, to find and to read.

Nothing is added, changed or deleted here, not even by a superuser (law 8): what staff do for a customer are operations,
which call the same actions as the customer's own pages (K6).
"""

from subscriptions.admin import (
    bundles,
    car,
    catalogue,
    catalogue_versions,
    control,
    customer,
    dealer,
    disputes,
    documents,
    incidents,
    money,
    provisioning,
    referrals,
    refunds,
    subscriptions,
    terms,
    timeline,
    trade_ins,
    undelivered,
    wallet,
    work,
)

__all__ = [
    "bundles",
    "car",
    "catalogue",
    "catalogue_versions",
    "control",
    "customer",
    "dealer",
    "disputes",
    "documents",
    "incidents",
    "money",
    "provisioning",
    "referrals",
    "refunds",
    "subscriptions",
    "terms",
    "timeline",
    "trade_ins",
    "undelivered",
    "wallet",
    "work",
]
