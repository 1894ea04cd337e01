"""Where the provider sends the customer back to from its own pages: on SITE_URL, never on a request's Host header."""

from django.urls import reverse

from portal.links import absolute
from subscriptions.models import CardSetup, Subscription


def after_card(setup: CardSetup) -> str:
    return absolute(reverse("card_return", args=[setup.public_id]))


def after_payment(subscription: Subscription) -> str:
    return absolute(reverse("payment_return", args=[subscription.public_id]))


def after_order(order: Subscription) -> str:
    return absolute(reverse("order_return", args=[order.public_id]))
