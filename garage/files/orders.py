"""The order file: ordered cars with their stages (G4), row by row, each its own transaction."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.db import DatabaseError
from django.db.models import QuerySet
from django.utils.translation import override

from accounts.models import Dealer
from garage.actions.orders import OrderFacts, deliver_ordered_vehicle, record_order
from garage.files.csv_rows import (
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
from garage.files.json_rows import parse_json_row
from garage.models import OrderedVehicle
from garage.models.vehicle import Body
from garage.rules.orders import Stage
from portal.models import Market
from portal.refusals import Refusal

logger = logging.getLogger(__name__)

LONGEST_ADDRESS = 254
# Hears of each bad cell.
Report = Callable[[BadCell], None]


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
    "dealer": ("dealer", lambda written: text(40)(written) if written else ""),
}
# Who does not know it yet leaves it out, and changes nothing of what is known.
OPTIONAL = frozenset({"dealer"})


@dataclass(kw_only=True)
class Outcome:
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    bad: int = 0
    delivered: int = 0
    markets: dict[str, Market] = field(default_factory=dict, repr=False)
    # By the code of their market and their own.
    dealers: dict[tuple[str, str], Dealer] = field(default_factory=dict, repr=False)
    # Numbers of the orders that are told to be delivered.
    arrived: list[str] = field(default_factory=list, repr=False)

    @property
    def kept(self) -> int:
        return self.new + self.changed + self.unchanged


def load_orders(path: Path, *, now: datetime, report: Report) -> Outcome:
    """Takes every good row; tells `report` what is wrong with the others. The same file twice changes nothing.

    Afterwards what is delivered is put into the garages that have room. Raises `UnreadableFile` before anything is
    written.
    """
    outcome = _outcome()
    with opened(path) as file, override("en"):
        names = _names(next(file, ""), path)
        for number, line in enumerate(file, start=2):
            if line.strip():
                cells = parse_cells(line, number=number, names=names, columns=COLUMNS)
                _take(*cells, number=number, outcome=outcome, now=now, report=report)
    outcome.delivered = deliver_waiting(now=now)
    return outcome


def load_order_rows(rows: Iterable[object], *, now: datetime, report: Report) -> Outcome:
    """The same of the rows of a call; what it delivers goes into the garages at once, what waited before in time."""
    outcome = _outcome()
    with override("en"):
        for number, row in enumerate(rows):
            cells = parse_json_row(row, number=number, columns=COLUMNS, optional=OPTIONAL)
            _take(*cells, number=number, outcome=outcome, now=now, report=report)
    outcome.delivered = _deliver(waiting_orders().filter(order_number__in=outcome.arrived), now=now)
    return outcome


def deliver_waiting(*, now: datetime) -> int:
    """Delivered orders that are in no garage yet; how many are now. One that fails does not hold the others up."""
    return _deliver(waiting_orders(), now=now)


def waiting_orders() -> QuerySet[OrderedVehicle]:
    return OrderedVehicle.objects.filter(stage=Stage.DELIVERED, membership__isnull=True).order_by("pk")


def _deliver(orders: QuerySet[OrderedVehicle], *, now: datetime) -> int:
    return sum(_delivers(order, now=now) for order in orders.iterator())


def _delivers(order: OrderedVehicle, *, now: datetime) -> bool:
    try:
        return deliver_ordered_vehicle(order=order, now=now) is not None
    except Exception:
        logger.exception("order %s could not be delivered", order.pk)
        return False


def _names(header: str, path: Path) -> list[str]:
    try:
        return read_header(header, columns=COLUMNS, optional=OPTIONAL)
    except BadHeader as error:
        raise UnreadableFile(f"{path} is not an order file. {error}") from error


def _outcome() -> Outcome:
    dealers = Dealer.objects.filter(is_active=True).select_related("market")
    return Outcome(
        markets={market.code: market for market in Market.objects.all()},
        dealers={(dealer.market.code, dealer.code): dealer for dealer in dealers},
    )


def _take(
    values: dict[str, Any],
    bad: list[BadCell],
    *,
    number: int,
    outcome: Outcome,
    now: datetime,
    report: Report,
) -> None:
    bad = bad or _bad_together(values, outcome, cell=partial(BadCell, line=number))
    if not bad:
        try:
            told = record_order(facts=_facts(values, outcome), now=now)
            setattr(outcome, told, getattr(outcome, told) + 1)
            if values["stage"] == Stage.DELIVERED:
                outcome.arrived.append(values["order_number"])
            return
        except Refusal as refusal:
            bad = [BadCell(line=number, column="stage", reason=str(refusal.sentence), code=refusal.code)]
        except (DatabaseError, ValueError) as error:
            logger.exception("row %s of the orders could not be kept", number)
            bad = [
                BadCell(line=number, column="line", reason=f"could not be kept ({type(error).__name__})", code="error")
            ]
    outcome.bad += 1
    for cell in bad:
        report(cell)


def _facts(values: dict[str, Any], outcome: Outcome) -> OrderFacts:
    told, code = values | {"market": outcome.markets[values["market"]]}, values.get("dealer")
    if code is not None:
        told["dealer"] = outcome.dealers.get((values["market"], code))
    return OrderFacts(**told, says_dealer=code is not None)


def _bad_together(values: dict[str, Any], outcome: Outcome, *, cell: Callable[..., BadCell]) -> list[BadCell]:
    """What is wrong with values that are each well formed."""
    bad, dealer = [], values.get("dealer")
    if values["market"] not in outcome.markets:
        bad.append(cell(column="market", reason=f"{values['market']!r} is no market of this portal"))
    if dealer and (values["market"], dealer) not in outcome.dealers:
        bad.append(cell(column="dealer", reason=f"{dealer!r} is no dealer of this market"))
    if values["stage_on"] is None:
        bad.append(cell(column="stage_on", reason="is empty"))
    if values["stage"] == Stage.DELIVERED and not values["vin"]:
        bad.append(cell(column="vin", reason="a delivered car has a VIN"))
    return bad
