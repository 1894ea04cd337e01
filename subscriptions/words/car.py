"""What the car has still to switch on, in words: for the Centre, the subscription and "why is it not working" (C1)."""

from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.templatetags.frame import clock, day_in_words
from subscriptions.models import Subscription


def car_sentence(row: Subscription, zone: ZoneInfo) -> str:
    """Empty where it waits for nothing. `row` was read by `with_car`."""
    if not row.waits_for_car or row.car_asked_at is None:
        return ""
    if row.has_car_failed:
        return _(
            "The car could not switch it on. The customer centre has been told and sees to it. Start the car where it "
            "has reception; often that is enough."
        )
    asked_at = timezone.localtime(row.car_asked_at, zone)
    said = _(
        "The car is asked to switch it on, since %(day)s, %(time)s. It does so as soon as it has reception. If it "
        "takes longer than some minutes, start the car in the open. Your dates and prices do not depend on it."
    )
    return said % {"day": day_in_words(asked_at.date()), "time": clock(asked_at.time())}
