"""The order file: ordered cars with their stages (G4), row by row, each its own transaction."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.db import DatabaseError
from django.utils.translation import override

from garage.actions.orders import OrderFacts, deliver_ordered_vehicle, record_order
from garage.csv_rows import (
    BadCell,
    BadHeader,
    Columns,
    UnreadableFile,
    day,
    matching,
    one_of,
    opened,
    parse_cells,
    read_header,
    text,
    vin,
)
from garage.models import OrderedVehicle
from garage.models.vehicle import Body
from garage.rules.orders import Stage
from portal.models import Market
from portal.refusals import Refusal

logger = logging.getLogger(__name__)

LONGEST_ADDRESS = 254


def _address(written: str) -> str:
    written = text(LONGEST_ADDRESS)(written.lower())
    return matching(r"[^@\s]+@[^@\s]+\.[^@\s]+", "name@example.com")(written)


def _stage(written: str) -> Stage:
    return Stage(one_of([str(stage) for stage in Stage])(written))


COLUMNS: Columns = {
    "order_number": ("order_number", text(40)),
    "market": ("market", matching(r"[A-Z]{2}", "CY")),
    "email": ("email", _address),
    "model": ("model", text(60)),
    "body": ("body", one_of(Body.values)),
    "colour_hex": ("colour_hex", matching(r"#[0-9a-fA-F]{6}", "#8a1c2b")),
    "stage": ("stage", _stage),
    "stage_on": ("stage_on", day),
    "expected_on": ("expected_on", day),
    "vin": ("vin", lambda written: vin(written) if written else ""),
}


@dataclass(kw_only=True)
class Outcome:
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    bad: int = 0
    delivered: int = 0
    markets: dict[str, Market] = field(default_factory=dict, repr=False)

    @property
    def kept(self) -> int:
        return self.new + self.changed + self.unchanged


def load_orders(path: Path, *, now: datetime, report: Callable[[BadCell], None]) -> Outcome:
    """Takes every good row; tells `report` what is wrong with the others. The same file twice changes nothing.

    Afterwards what is delivered is put into the garages that have room. Raises `UnreadableFile` before anything is
    written.
    """
    outcome = Outcome(markets={market.code: market for market in Market.objects.all()})
    with opened(path) as file, override("en"):
        names = _names(next(file, ""), path)
        for number, line in enumerate(file, start=2):
            if line.strip():
                _take(line, number=number, names=names, outcome=outcome, now=now, report=report)
    outcome.delivered = deliver_waiting(now=now)
    return outcome


def deliver_waiting(*, now: datetime) -> int:
    """Delivered orders that are in no garage yet; how many are now. One that fails does not hold the others up."""
    waiting = OrderedVehicle.objects.filter(stage=Stage.DELIVERED, membership__isnull=True).order_by("pk")
    return sum(_delivers(order, now=now) for order in waiting.iterator())


def _delivers(order: OrderedVehicle, *, now: datetime) -> bool:
    try:
        return deliver_ordered_vehicle(order=order, now=now) is not None
    except Exception:
        logger.exception("order %s could not be delivered", order.pk)
        return False


def _names(header: str, path: Path) -> list[str]:
    try:
        return read_header(header, columns=COLUMNS)
    except BadHeader as error:
        raise UnreadableFile(f"{path} is not an order file. {error}") from error


def _take(
    line: str,
    *,
    number: int,
    names: list[str],
    outcome: Outcome,
    now: datetime,
    report: Callable[[BadCell], None],
) -> None:
    values, bad = parse_cells(line, number=number, names=names, columns=COLUMNS)
    bad = bad or _bad_together(values, markets=outcome.markets, cell=partial(BadCell, line=number))
    if not bad:
        try:
            told = record_order(facts=OrderFacts(**values | {"market": outcome.markets[values["market"]]}), now=now)
            setattr(outcome, told, getattr(outcome, told) + 1)
            return
        except Refusal as refusal:
            bad = [BadCell(line=number, column="stage", reason=str(refusal.sentence))]
        except (DatabaseError, ValueError) as error:
            logger.exception("line %s of the order file could not be kept", number)
            bad = [BadCell(line=number, column="line", reason=f"could not be kept ({type(error).__name__})")]
    outcome.bad += 1
    for cell in bad:
        report(cell)


def _bad_together(values: dict[str, Any], *, markets: dict[str, Market], cell: Callable[..., BadCell]) -> list[BadCell]:
    """What is wrong with values that are each well formed."""
    bad = []
    if values["market"] not in markets:
        bad.append(cell(column="market", reason=f"{values['market']!r} is no market of this portal"))
    if values["stage_on"] is None:
        bad.append(cell(column="stage_on", reason="is empty"))
    if values["stage"] == Stage.DELIVERED and not values["vin"]:
        bad.append(cell(column="vin", reason="a delivered car has a VIN"))
    return bad
