"""What an app, a car or a machine may be allowed to do; in words for the owner who is asked (A5)."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# A client is given some of them by its file (`load_clients`); each call of the API names the one that it needs.
SCOPES: dict[str, str | Promise] = {
    "openid": _("Know that it is you"),
    "email": _("See your e-mail address"),
    "profile": _("See your name and language"),
    "account.read": _("See your profile"),
    "account.write": _("Change your name, telephone and language"),
    "notices": _("Show your notices and mark them as read"),
    "vehicles.read": _("See your cars, who drives them and who reaches them"),
    "vehicles.write": _("Add and remove cars, prove access, share them and hand over control"),
    "services.read": _("See connected services, prices and your subscriptions"),
    "services.write": _("Order, change, cancel and withdraw from subscriptions"),
    "services.status": _("Show which connected services run, and until when"),
    "payments.read": _("See your cards by their last four digits, payments, invoices and refunds"),
    "payments.write": _("Manage your cards, and pay what is due"),
    "driving.read": _("See your trips, scores and what your car last reported"),
    "service.read": _("See service history, what is due and your bookings"),
    "service.write": _("Book services at a dealer, change and cancel them"),
    "support": _("Write to the customer centre and read its answers"),
}

# Of machines, which call in nobody's name: no owner is asked, so these are words for whoever runs the site.
MACHINE_SCOPES: dict[str, str] = {
    "vehicles.registry": "Bring cars and orders into the registry",
    "vehicles.report": "Report what cars send: states, alerts, trips, profiles, pairing codes",
    "head_unit.accounts": "Create accounts at a car's screen",
    "vehicle_data.read": "Read what owners have granted",
    "webhooks": "Be told of events by webhooks",
    "dealer": "Act for a dealer: verification, bookings, service records",
}


def in_words(scopes: Iterable[str]) -> list[str | Promise]:
    """Sentences in the order of the table; a scope that the table does not know shows as it is."""
    wanted = list(scopes)
    known = [words for scope, words in SCOPES.items() if scope in wanted]
    return known + [scope for scope in wanted if scope not in SCOPES]
