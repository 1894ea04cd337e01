"""Customers by COPY, each with a car and something to come that day or not: one of five kinds in turn (S9, C5)."""

import random
from datetime import date, timedelta
from typing import Any

import psycopg

from accounts.models import NoticeChoice
from accounts.rules.notices import INBOX
from portal.models import Market
from subscriptions.models import Plan, Subscription
from subscriptions.rules.lifecycle import EndReason, Status
from tests.benchmarks.population import PAID_AT, N, Pattern, Table, copy_rows, customers, let_ids_go_on, portions

NONE = r"\N"
# What is to be told of each, in turn.
KINDS = ("trial_ending", "charge_upcoming", "complimentary_ending", "charge_upcoming_early", "")


def populate(*, conninfo: str, market: Market, size: int, today: date) -> None:
    """Fills the migrated database; the market and its catalogue are there."""
    tables = [*customers(market), *_subscriptions(market)]
    plans = {plan.term: plan for plan in Plan.objects.filter(package__code="navigation", market=market)}
    with psycopg.connect(conninfo, autocommit=True) as database:
        database.execute("SET session_replication_role = replica")
        for numbers in portions(size):
            rows = [_person(number, plans, today=today) for number in numbers]
            for table in tables:
                copy_rows(database, table, [row for row in rows if table.model is not NoticeChoice or row["is_early"]])
        for table in tables:
            let_ids_go_on(database, table.model)
        database.execute("VACUUM ANALYZE")


def _subscriptions(market: Market) -> list[Table]:
    names = ("status", "plan", "trial_months", "term_months", "price", "activated_on", "periods_paid", "next_charge_on")
    dated = {name: Pattern(f"%({name})s") for name in (*names, "next_try_on", "ends_on", "end_reason")}
    package = Plan.objects.filter(package__code="navigation").values_list("package", flat=True)[0]
    whose = {"id": N, "public_id": Pattern("%(uuid)s"), "order_key": Pattern("%(uuid)s"), "account": N, "vehicle": N}
    what = {"package": package, "market": market.pk, "currency": market.currency, "vat_rate": market.vat_rate}
    choice = {"choice": NoticeChoice.EARLY, "channel": INBOX, "is_wanted": True, "chosen_at": PAID_AT}
    return [
        Table(Subscription, whose | what | dated | {"ordered_at": PAID_AT}),
        Table(NoticeChoice, {"id": N, "account": N} | choice),
    ]


def _person(number: int, plans: dict[str, Plan], *, today: date) -> dict[str, Any]:
    kind = KINDS[number % len(KINDS)]
    facts = {"n": number, "uuid": f"{random.getrandbits(128):032x}", "plate": f"K{number % 1_000_000:06d}"}
    return facts | {"is_early": kind == "charge_upcoming_early"} | _standing(kind, number, plans, today=today)


def _standing(kind: str, number: int, plans: dict[str, Plan], *, today: date) -> dict[str, Any]:
    soon = today + timedelta(days=1 + number % 7)
    match kind:
        case "complimentary_ending":
            return _free(ends_on=today + timedelta(days=1 + number % 30))
        case "trial_ending":
            return _paid(plans["monthly"], Status.TRIAL, soon, trial_months=1, periods_paid=0)
        case "charge_upcoming":
            return _paid(plans["yearly"], Status.PAID, soon)
        case "charge_upcoming_early":
            return _paid(plans["yearly"], Status.PAID, today + timedelta(days=8 + number % 22))
    # Monthly renewals are not announced.
    return _paid(plans["monthly"], Status.PAID, soon)


def _paid(
    plan: Plan, status: Status, charge_on: date, *, trial_months: int = 0, periods_paid: int = 1
) -> dict[str, Any]:
    term = {"status": status, "plan": plan.pk, "price": plan.price, "term_months": plan.term_months}
    # The day itself is of no account here: the sweep asks for the next charge.
    begun = {"trial_months": trial_months, "periods_paid": periods_paid, "activated_on": charge_on - timedelta(days=31)}
    return term | begun | {"next_charge_on": charge_on, "next_try_on": charge_on, "ends_on": NONE, "end_reason": ""}


def _free(*, ends_on: date) -> dict[str, Any]:
    nothing = {"plan": NONE, "price": 0, "term_months": 0, "trial_months": 0, "periods_paid": 0}
    end = {"ends_on": ends_on, "end_reason": EndReason.EXPIRED, "next_charge_on": NONE, "next_try_on": NONE}
    return {"status": Status.COMPLIMENTARY, "activated_on": ends_on - timedelta(days=400)} | nothing | end
