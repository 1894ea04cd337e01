"""Invented customers by the thousand: they are clean to the last row, and their pages open."""

from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.models import Account
from garage.driving.check import wrong_days
from garage.models import Membership, Trip
from subscriptions.ledger.check import check_ledger
from subscriptions.models import Document, Payment, Subscription
from subscriptions.rehearsal.scratch import scratch_database
from tests.meta.routes import ROUTES

DATA = Path(__file__).resolve().parents[2] / "portal" / "data" / "lexus_cy"


@pytest.fixture(scope="module")
def populated(django_db_setup, django_db_blocker):
    """A database of their own, since filling ends with a commit and a vacuum."""
    with django_db_blocker.unblock(), scratch_database("[]"):
        for loader in ("brand", "terms", "consents", "catalogue"):
            call_command(f"load_{loader}", str(DATA / f"{loader}.yaml"), stdout=StringIO())
        call_command("populate", "--customers", "190", "--days", "1", stdout=StringIO())
        yield


def things_of(account: Account) -> SimpleNamespace:
    """Beside what is named, a month and a package that everybody has."""
    document = Document.objects.filter(account=account).latest("pk")
    return SimpleNamespace(
        car=Membership.objects.filter(account=account).latest("pk").public_id,
        subscription=document.subscription.public_id,
        document=document.public_id,
        card=account.cards.get().public_id,
        package="remote",
        month="2026-06",
        zip="zip",
    )


def pages_of(account: Account) -> dict[str, int]:
    """Every address that its own things are enough for, and the answer."""
    browser, things = Client(SERVER_NAME="localhost"), things_of(account)
    browser.force_login(account)
    # Measures are for whoever has the token.
    known = {name: each for name, each in ROUTES.items() if each.is_ours and each.owner and not each.is_api}
    known.pop("metrics")
    mine = {name: each for name, each in known.items() if set(each.arguments) <= vars(things).keys()}
    return {name: browser.get(each.url(name, things)).status_code for name, each in mine.items()}


def test_two_hundred_customers_are_made_as_the_rules_have_it(populated):
    counts = [model.objects.count() for model in (Account, Membership, Subscription, Payment, Document, Trip)]
    # Documents: an invoice for each payment, and a credit note for one of twenty.
    assert counts == [200, 260, 300, 1200, 1210, 600]
    assert [str(finding) for finding in check_ledger(now=timezone.now())] == []
    assert list(wrong_days()) == []


def test_every_page_of_one_of_them_opens(populated):
    answers = pages_of(Account.objects.order_by("pk")[77])
    assert len(answers) > 60
    assert {name: status for name, status in answers.items() if status not in {200, 302}} == {}


def test_it_is_refused_beside_customers_and_in_production(populated, settings):
    with pytest.raises(CommandError, match="has customers"):
        call_command("populate", "--customers", "20")
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        call_command("populate", "--customers", "20", "--beside-customers")
