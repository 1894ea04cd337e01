"""The page of all invoices and credit notes (I1): of an account with 2,000 of them against one with 20."""

import time
from collections.abc import Callable

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions.terms import accept_terms
from accounts.models import Account, TermsVersion
from subscriptions.models import Document, Subscription
from tests.benchmarks.bench import Bench, cpu_each
from tests.benchmarks.databases import Database, lead_to
from tests.benchmarks.harness import Slice, Variant, ratios
from tests.benchmarks.population import DUE_AT
from tests.benchmarks.portal_side import Statements
from tests.benchmarks.report import Found, Line
from tests.subscriptions.histories import invoice_more

FEW = 20


def measure(bench: Bench) -> Found:
    database, many = bench.middle, bench.extent.documents
    readers = {"few": _reader(database, place=0, documents=FEW), "many": _reader(database, place=1, documents=many)}
    done = bench.interleave([Variant(name, _reading(database, reader)) for name, reader in readers.items()])
    costs = [_cost(name, reader, done[name]) for name, reader in readers.items()]
    added = [_queries(readers["many"]) - _queries(readers["few"])] * bench.extent.rounds
    return [
        Line(
            "f2",
            f"History of {many:,} documents to one of {FEW}",
            "",
            ratios(done, "many", "few"),
            beside="; ".join(costs),
            at_least=0.8,
        ),
        Line("f3", "Queries that the longer history asks more", "", added, at_most=0),
    ]


def _reader(database: Database, *, place: int, documents: int) -> Client:
    """A browser of one of the last customers, who are never due, signed in, with so many documents."""
    lead_to(database.name)
    account = Account.objects.order_by("-pk")[place]
    there = Document.objects.filter(account=account).count()
    invoice_more(Subscription.objects.get(account=account), documents - there, now=DUE_AT)
    terms = TermsVersion.objects.latest("effective_at")
    accept_terms(account=account, version=terms, channel="portal", now=timezone.now(), by=account)
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(account)
    return browser


def _reading(database: Database, browser: Client) -> Callable[[float], int]:
    def read(seconds: float) -> int:
        lead_to(database.name)
        until, count = time.perf_counter() + seconds, 0
        while time.perf_counter() < until:
            _page(browser)
            count += 1
        return count

    return read


def _page(browser: Client) -> None:
    answer = browser.get(reverse("documents"))
    if answer.status_code != 200:
        raise RuntimeError(f"the history answered {answer.status_code}")


def _queries(browser: Client) -> int:
    _page(browser)
    with Statements() as statements:
        _page(browser)
    return statements.count


def _cost(name: str, browser: Client, slices: list[Slice]) -> str:
    return f"{name} {_queries(browser)} SQL, {cpu_each(slices)}"
