"""An ordered car as My Garage shows it: where it is, when it comes, what has happened and what is to come (G4)."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from garage.models import OrderedVehicle, OrderStage
from garage.models.order import STAGE_NAMES
from garage.rules.orders import Stage, to_come


@dataclass(frozen=True, kw_only=True)
class OrderPortrait:
    order: OrderedVehicle
    tone: str
    badge: str | Promise
    sentence: str
    expected_on: date | None
    # The stages so far, the newest first; and as events of a timeline, before them the delivery that is planned.
    reached: list[OrderStage]
    events: list[dict[str, object]]

    @property
    def body(self) -> str:
        return self.order.body

    @property
    def colour(self) -> str:
        return self.order.colour_hex


def order_portrait(order: OrderedVehicle) -> OrderPortrait:
    stage = Stage(order.stage)
    tone, sentence = _standing(stage)
    reached = sorted(order.stages.all(), key=lambda one: (one.on, one.pk), reverse=True)
    is_coming = stage not in {Stage.DELIVERED, Stage.CANCELLED}
    return OrderPortrait(
        order=order,
        tone=tone,
        badge=STAGE_NAMES[stage],
        sentence=sentence,
        expected_on=order.expected_on if is_coming else None,
        reached=reached,
        events=_events(order, reached, stage),
    )


def _standing(stage: Stage) -> tuple[str, str]:
    if stage == Stage.CANCELLED:
        return "neutral", _("This order was cancelled. Your dealer knows more.")
    if stage == Stage.DELIVERED:
        return "warn", _("It comes into your garage as soon as there is room and the car is registered with us.")
    return "info", _("It comes into your garage by itself when your dealer hands it over.")


def _events(order: OrderedVehicle, reached: list[OrderStage], stage: Stage) -> list[dict[str, object]]:
    happened = [{"date": one.on, "title": STAGE_NAMES[Stage(one.stage)]} for one in reached]
    if order.expected_on and Stage.DELIVERED in to_come(stage):
        planned = {"date": order.expected_on, "title": STAGE_NAMES[Stage.DELIVERED], "is_planned": True}
        return [planned, *happened]
    return happened
