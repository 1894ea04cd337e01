"""The database part of collecting against hand-written SQL and against django-plans, all in the same slices."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from portal import outbox
from tests.benchmarks import portal_side, same_rows
from tests.benchmarks.bench import Bench, collecting, cpu_each
from tests.benchmarks.floor_sql import Floor
from tests.benchmarks.harness import Slices, Variant, rates, ratios, spread
from tests.benchmarks.peers.django_plans import CannotBeInstalled, Plans
from tests.benchmarks.population import DUE_AT, DUE_ON
from tests.benchmarks.provider import InstantProvider
from tests.benchmarks.report import Found, Line, Skipped

# Statements a charge, by variant.
Statements = dict[str, float]


def measure(bench: Bench) -> Found:
    database, batch = bench.middle, bench.extent.batch
    floor = Floor(database.conninfo, now=DUE_AT, today=DUE_ON, charge=lambda row: f"ch_{row['key']}")
    with outbox.asleep(), _plans(bench) as plans:
        same_rows.check(database, portal=lambda each: _pay_one([each]), floor=lambda each: floor.collect([each]))
        statements = _statements(bench, floor)
        variants = [
            collecting("portal, one", database, _pay_one, at_once=1),
            collecting("floor, one", database, floor.collect, at_once=1),
            collecting("portal, batch", database, _collect_batch, at_once=batch),
            collecting("floor, batch", database, floor.collect, at_once=batch),
        ]
        if isinstance(plans, Plans):
            variants.append(Variant("django-plans", plans.work))
        done = bench.interleave(variants)
    floor.close()
    batched = rates(done, "portal, batch")
    return [
        _to_floor("a1", "Paying one, in two transactions: portal to floor", done, "one", statements, at_least=0.39),
        _to_floor("a2", f"{batch} at a time: portal to floor", done, "batch", statements, at_least=0.6),
        Line("a3", f"{batch} at a time: charges a second, database part", "/s", batched, at_least=250),
        *_to_plans(done, plans, batch=batch),
    ]


def _pay_one(subscription_ids: Sequence[int]) -> int:
    return portal_side.pay_one(subscription_ids[0], now=DUE_AT, gateway=InstantProvider())


def _collect_batch(subscription_ids: Sequence[int]) -> int:
    return portal_side.collect_batch(subscription_ids, now=DUE_AT, gateway=InstantProvider())


def _statements(bench: Bench, floor: Floor) -> Statements:
    """The same in every round, so they are counted once."""
    database, found = bench.middle, {}
    database.refill()
    for name, at_once, collect in (("one", 1, _pay_one), ("batch", bench.extent.batch, _collect_batch)):
        with portal_side.Statements() as sent:
            charged = collect(database.take(at_once))
        before, by_hand = floor.statements, floor.collect(database.take(at_once))
        found[f"portal, {name}"] = sent.count / charged
        found[f"floor, {name}"] = (floor.statements - before) / by_hand
    return found


def _to_floor(
    code: str, what: str, done: Slices, name: str, statements: Statements, *, at_least: float | None = None
) -> Line:
    portal, floor = f"portal, {name}", f"floor, {name}"
    beside = "; ".join(
        f"{side.split(',')[0]} {spread(rates(done, side)).median:.0f}/s, {statements[side]:.3g} SQL, "
        f"{cpu_each(done[side])}"
        for side in (portal, floor)
    )
    return Line(code, what, "", ratios(done, portal, to=floor), beside=beside, at_least=at_least)


@contextmanager
def _plans(bench: Bench) -> Iterator[Plans | str]:
    """The process of django-plans, or why it cannot be had."""
    environment = bench.folder / "django-plans"
    plans: Plans | str
    try:
        plans = Plans(bench.server, environment=environment, may_install=bench.extent.may_install)
    except CannotBeInstalled as reason:
        plans = str(reason)
    try:
        yield plans
    finally:
        if isinstance(plans, Plans):
            plans.close()


def _to_plans(done: Slices, plans: Plans | str, *, batch: int) -> Found:
    what = "Charges to renewals by django-plans' own task"
    if isinstance(plans, str):
        return [Skipped("c1", what, plans)]
    rate = spread(rates(done, "django-plans")).median
    beside = f"django-plans {rate:.1f}/s, {plans.statements_each:.0f} SQL"
    one, many = (ratios(done, f"portal, {name}", to="django-plans") for name in ("one", "batch"))
    return [
        Line("c1", f"{what}, one at a time", "", one, beside=beside),
        Line("c2", f"{what}, {batch} at a time", "", many, beside=beside, at_least=10),
    ]
