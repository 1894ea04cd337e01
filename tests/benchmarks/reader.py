"""A customer of a populated database whose pages are read: with two cars and trips, twenty documents and notices."""

from datetime import timedelta
from types import SimpleNamespace

from django.db.models import Count
from django.utils import timezone

from accounts.models import Account, Notice
from subscriptions.models import Document
from tests.benchmarks.databases import People, lead_to
from tests.meta.routes import ROUTES
from tests.subscriptions.histories import invoice_more

ROWS = 20
# Ordered by nobody there.
PACKAGE = "smart"


def reader_of(people: People) -> Account:
    """In the middle of those with two cars and trips."""
    lead_to(people.name)
    driving = Account.objects.filter(consent_changes__purpose="driving_analytics").annotate(cars=Count("memberships"))
    with_two = driving.filter(cars=2).order_by("pk")
    account = with_two[with_two.count() // 2]
    documents = Document.objects.filter(account=account)
    if (missing := ROWS - documents.count()) > 0:
        invoice_more(documents.latest("pk").subscription, missing, now=timezone.now())
    _tell_more(account, ROWS - account.notices.count())
    return account


def _tell_more(account: Account, number: int) -> None:
    """What it was told last, of days before."""
    last = account.notices.latest("pk")
    for days in range(1, number + 1):
        facts = {"kind": last.kind, "subject_key": last.subject_key, "facts": last.facts, "read_at": last.read_at}
        before = {"event_on": last.event_on - timedelta(days), "created_at": last.created_at - timedelta(days)}
        account.notices.create(**facts, **before)


def things_of(account: Account) -> SimpleNamespace:
    """What the addresses of its pages name."""
    document = Document.objects.filter(account=account).latest("pk")
    return SimpleNamespace(
        car=account.memberships.order_by("pk")[0].public_id,
        subscription=document.subscription.public_id,
        document=document.public_id,
        card=account.cards.get().public_id,
        notice=Notice.objects.filter(account=account).latest("pk").public_id,
        package=PACKAGE,
        month=f"{timezone.now():%Y-%m}",
        slug="privacy",
        market_code="cy",
        api_section="orders",
        help_category="cancelling",
        help_slug="how-to-cancel",
    )


def addresses(things: SimpleNamespace, *, of_visitors: bool = False) -> dict[str, str]:
    """Every page of ours that these things are enough for: that a signed-in customer sees, or that anybody does."""
    known = {name: each for name, each in ROUTES.items() if each.is_ours and not each.is_api}
    shown = {
        name: each
        for name, each in known.items()
        if (each.visitor if of_visitors else each.owner) == 200 and set(each.arguments) <= vars(things).keys()
    }
    return {name: each.url(name, things) for name, each in shown.items()}
