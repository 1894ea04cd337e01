"""What the car of a subscription is called to its account (D4): of a car that was sold, as it was."""

from garage.naming import known_plate
from subscriptions.models import Subscription


def car_of(subscription: Subscription) -> str:
    return f"{subscription.vehicle.model} {plate_of(subscription)}".strip()


def plate_of(subscription: Subscription) -> str:
    """Whoever has something running has control; of what is over the account knows what it knew: by one query, unless
    the row came by `with_known_plate`."""
    if subscription.is_live:
        return subscription.vehicle.plate
    if hasattr(subscription, "known_plate"):
        return subscription.known_plate
    return known_plate(subscription.vehicle, subscription.account)
