"""What notices are about: a table of topics, each of one importance (N1). Choices and the inbox's filter go by them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.rules.notices import CONTRACTUAL, OPTIONAL, SERVICE


@dataclass(frozen=True)
class Topic:
    importance: str
    title: str | Promise
    text: str | Promise


TOPICS: dict[str, Topic] = {
    "contracts": Topic(
        CONTRACTUAL,
        _("Orders and contracts"),
        _("Orders, free months and charges that are near, new prices, cancellations and withdrawals."),
    ),
    "payments": Topic(
        CONTRACTUAL, _("Payments and documents"), _("Invoices, credit notes, and payments that did not go through.")
    ),
    "control": Topic(
        CONTRACTUAL,
        _("Who reaches your cars"),
        _("Tries to reach a car of yours, control that is asked for, offered or moved, and who reads its data."),
    ),
    "recalls": Topic(
        CONTRACTUAL, _("Recalls"), _("What the brand mends in your car free of charge, so that it is safe to drive.")
    ),
    "cars": Topic(
        SERVICE,
        _("Your cars"),
        _(
            "Service and warranty that are due, bookings, ordered cars, drivers, cars that leave your garage, and "
            "trips that are about to be deleted."
        ),
    ),
    "car_alerts": Topic(
        SERVICE,
        _("What your car reports"),
        _("After a trip: something left open, unlocked or switched on, and warning lights."),
    ),
    "services": Topic(SERVICE, _("Your services"), _("Free years that end, and terms that can begin.")),
    "cards": Topic(SERVICE, _("Your cards"), _("Cards that are about to expire, or have expired.")),
    "account": Topic(SERVICE, _("Your account"), _("Who receives copies of your documents, and who can read them.")),
    "cases": Topic(
        SERVICE, _("Your messages to us"), _("That a message of yours was received, answered, or its case closed.")
    ),
    "early_charges": Topic(
        OPTIONAL,
        _("Charges, told early"),
        _("Also 30 days before each yearly and four-yearly charge, and 60 days before a four-yearly one."),
    ),
}
# Of a kind that names no topic of its own.
TOPIC_OF_IMPORTANCE = {CONTRACTUAL: "contracts", SERVICE: "account"}
