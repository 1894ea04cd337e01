"""An account that is created at a car's screen (A1, A2): the car's generation decides whether days are counted."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.actions.registration import create_from_head_unit
from garage.registry import get_registry
from garage.rules import vin as vin_rules
from portal.hourly_limit import take_turn
from portal.models import Market
from portal.refusals import Refusal

MOST_FROM_ONE_CAR = 5


def create_at_car(*, vin: str, email: str, language: str, now: datetime) -> None:
    """The same whether or not the address is known: one mail goes there, with the link or with the news.

    No password passes through the car's systems: it is chosen by the reset link. Raises `Refusal`: vin_unknown,
    too_many_accounts.
    """
    car = get_registry().by_vin(vin_rules.clean(vin))
    if car is None:
        raise Refusal("vin_unknown", _("The registry does not know this VIN."))
    if not take_turn("accounts-of-car", car.vin, most=MOST_FROM_ONE_CAR, now=now):
        raise Refusal("too_many_accounts", _("Many accounts were asked for in this car. Please wait an hour."))
    market = Market.objects.filter(code=car.market_code).first() or Market.objects.get(is_default=True)
    create_from_head_unit(
        email=email, password=None, generation=car.multimedia, market=market, language=language, now=now
    )
