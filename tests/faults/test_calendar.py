"""New Year, summer time and long outages (faults 30, 31, 48): the market's calendar counts, and nothing drifts."""

import os
import time
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from accounts.models import Notice
from subscriptions.actions.run import charging_run
from subscriptions.gateway.pacing import shared_turns
from subscriptions.models import Document, Payment
from tests import make
from tests.faults.bank import open_bank
from tests.faults.books import assert_books_are_right
from tests.proof.results import note

pytestmark = pytest.mark.django_db(transaction=True)

# Thousands of them in `make proof`.
DUE = int(os.environ.get("PROOF_DUE", "9"))


def test_F30_four_workers_at_the_turn_of_the_year_number_by_the_markets_own_date(order, start, market, bank):
    order(12)
    before = datetime(2026, 12, 31, 23, 59, 59, tzinfo=market.zone)
    workers = [start("run", now=before + timedelta(seconds=second)) for second in (0, 0, 1, 1)]
    assert [worker.wait()[0] for worker in workers] == [0] * 4
    after = before + timedelta(days=1)
    charging_run(market=market, now=after, gateway=bank.gateway)
    assert (len(bank.charged()), Document.objects.count()) == (12, 12)
    assert all(document.year == document.issued_on.year for document in Document.objects.all())
    assert_books_are_right(bank, now=after)


@pytest.mark.parametrize(("ordered_on", "changes_on"), [("2026-09-25", "2026-10-25"), ("2027-02-28", "2027-03-28")])
def test_F31_on_the_day_of_25_or_23_hours_each_is_charged_once_and_no_date_drifts(market, bank, ordered_on, changes_on):
    """Summer time ends, or begins; a run in each hour of that day and before it and after, by the market's clock."""
    ordered_at = datetime.fromisoformat(f"{ordered_on}T12:00").replace(tzinfo=market.zone)
    member = make.account("member@example.com", market=market, now=ordered_at)
    make.card(member, gateway=bank.gateway, now=ordered_at)
    package = make.package("monthly", market=market, prices={"monthly": "9.90"})
    car = make.active_car(member, now=ordered_at)
    subscription = make.subscription(car, package=package, term="monthly", gateway=bank.gateway, now=ordered_at)
    midnight = datetime.fromisoformat(f"{changes_on}T00:00").replace(tzinfo=market.zone).timestamp()
    for hour in range(-2, 27):
        at = datetime.fromtimestamp(midnight + 3600 * hour, tz=market.zone)
        charging_run(market=market, now=at, gateway=bank.gateway)
        charged = Payment.objects.count() - 1
        assert charged == (at.date() >= date.fromisoformat(changes_on))
    assert [str(day) for day in Payment.objects.order_by("period_index").values_list("period_from", flat=True)] == [
        ordered_on,
        changes_on,
    ]
    subscription.refresh_from_db()
    assert subscription.next_charge_on.day == ordered_at.day
    assert_books_are_right(bank, now=at)


def test_F48_all_that_fell_due_in_three_days_of_downtime_is_charged_oldest_first_and_told_once(
    market, tmp_path, settings, ordered_at, today
):
    # What they did on days before is not of this morning, when the provider takes 25 calls a second.
    with open_bank(tmp_path) as bank:
        package = make.package("monthly", market=market, prices={"monthly": "9.90"}, gives_trial=True)
        for number in range(DUE):
            at = ordered_at - timedelta(days=number % 3)
            member = make.account(f"member-{number}@example.com", market=market, now=at)
            make.card(member, gateway=bank.gateway, now=at)
            car = make.active_car(member, number + 1, now=at)
            make.subscription(car, package=package, term="monthly", gateway=bank.gateway, now=at)
    with open_bank(tmp_path, calls_per_second=25) as bank:
        began = time.monotonic()
        charging_run(market=market, now=today, gateway=Paced(bank.gateway))
        seconds = time.monotonic() - began
    # Nor has whoever reads all of the provider's books afterwards to keep to it.
    with open_bank(tmp_path) as bank:
        due_on = list(Payment.objects.order_by("pk").values_list("period_from", flat=True))
        assert all(earlier <= later for earlier, later in pairwise(due_on))
        assert len(bank.charged()) == len(due_on) == DUE
        assert Notice.objects.filter(kind="invoice_issued").count() == DUE
        assert Notice.objects.filter(kind__startswith="charge_upcoming").count() == 0
        assert_books_are_right(bank, now=today)
    note("due after three days of downtime, at 25 calls a second", due=DUE, seconds=round(seconds))


class Paced:
    """A gateway that keeps to 20 charges a second, as the workers do together."""

    def __init__(self, gateway) -> None:
        self._gateway, self._wait = gateway, shared_turns(20)

    def __getattr__(self, name):
        if name == "charge":
            self._wait()
        return getattr(self._gateway, name)
