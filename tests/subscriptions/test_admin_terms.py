"""The desk of finance: a new price of running contracts, the end of a package (S10, K1, K3)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.contrib.auth.models import Group

from portal.models import AuditRecord
from portal.roles import load_roles
from subscriptions.actions.price_answer import accept_price, decline_price, offer_to_answer, shown
from subscriptions.actions.price_change import announce_price
from subscriptions.actions.run import charging_run
from subscriptions.models import Discontinuation, Plan, PriceChange
from tests import make
from tests.clean_ledger import _the_ledger_adds_up as _the_ledger_adds_up
from tests.staff import sign_in_at_the_desk
from tests.subscriptions.test_admin import ROLES, hidden, page, text

MAY_DECIDE = {"finance", "administrator"}


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def yearly(car, card, digital_key, gateway):
    return make.subscription(car, package=digital_key, gateway=gateway)


@pytest.fixture
def plan(yearly) -> Plan:
    return Plan.objects.get(pk=yearly.plan_id)


@pytest.fixture
def staff(client, market):
    """Signs a member of staff with a role in."""
    load_roles()

    def sign_in(role: str):
        who = make.account(f"{role}@staff.example.com", market=market, is_staff=True)
        who.groups.set(Group.objects.filter(name=role))
        return sign_in_at_the_desk(client, who)

    return sign_in


@pytest.fixture
def offered(yearly, plan, market, gateway, clock, stranger):
    """A new price of 72.00, offered on 11 April 2027."""
    announce_price(
        plan=plan, price=Decimal("72.00"), effective_on=date(2027, 1, 1), reason="dearer", now=make.NOW, by=stranger
    )
    clock.now = datetime(2027, 4, 11, 9, tzinfo=UTC)
    charging_run(market=market, now=clock.now, gateway=gateway)
    return yearly


def decide(client, url, **fields) -> str:
    """Fills the form in, looks at what it brings, and confirms it."""
    seen = client.post(url, hidden(client, url) | fields)
    assert seen.status_code == 200
    seal = seen.context["form"].initial["shown"]
    return client.post(url, fields | {"shown": seal}, follow=True).content.decode()


PRICE = {"price": "72.00", "day": "2027-01-01", "reason": "the provider is dearer"}


def test_S10_a_new_price_is_shown_with_what_it_brings_and_then_announced(staff, plan):
    desk, url = staff("finance"), page("plan", "price", plan)
    seen = desk.post(url, PRICE).content.decode()
    for words in ("€72.00", "1 January 2027", "Running subscriptions that pay another price now", "60 days before"):
        assert words in seen
    assert not PriceChange.objects.exists()
    assert "The new price is announced" in decide(desk, url, **PRICE)
    change = PriceChange.objects.get()
    assert (change.price, change.effective_on, change.announced_by.email) == (
        Decimal("72.00"),
        date(2027, 1, 1),
        "finance@staff.example.com",
    )
    record = AuditRecord.objects.get(what="price announced")
    assert (record.by, record.data["reason"]) == (change.announced_by, "the provider is dearer")
    assert "the provider is dearer" in text(desk, page("plan", "change", plan))


def test_X10_a_price_that_was_changed_after_the_preview_is_shown_again(staff, plan):
    desk, url = staff("finance"), page("plan", "price", plan)
    seal = desk.post(url, PRICE).context["form"].initial["shown"]
    again = desk.post(url, PRICE | {"price": "720.00", "shown": seal})
    assert "€720.00" in again.content.decode()
    assert not PriceChange.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"day": "2026-06-09"}, "today or later"),
        ({"price": "0"}, "greater than or equal to 0.01"),
        ({"price": "dear"}, "Enter a number"),
        ({"reason": " "}, "This field is required"),
    ],
)
def test_a_price_that_cannot_be_is_answered_with_the_reason_and_loses_nothing(staff, plan, fields, words):
    desk = staff("finance")
    seen = desk.post(page("plan", "price", plan), PRICE | fields).content.decode()
    assert words in seen
    assert ("2027-01-01" if "day" not in fields else "72.00") in seen
    assert not PriceChange.objects.exists()


END = {"day": "2026-10-01", "reason": "the service ends"}


def test_S10_a_package_is_discontinued_as_shown_with_how_many_it_touches(staff, market, yearly):
    desk, url = staff("administrator"), page("package", "discontinuation", yearly.package)
    fields = END | {"market": str(market.pk)}
    seen = desk.post(url, fields).content.decode()
    for words in ("1 October 2026", "Paid", "not any more, from now on", "Additions that end with it"):
        assert words in seen
    assert not Discontinuation.objects.exists()
    assert "The package is discontinued" in decide(desk, url, **fields)
    assert Discontinuation.objects.get().ends_on == date(2026, 10, 1)
    assert "the service ends" in text(desk, page("package", "change", yearly.package))
    assert "discontinued in this market already" in desk.post(url, fields).content.decode()


def test_S10_customers_need_sixty_days(staff, market, yearly):
    url = page("package", "discontinuation", yearly.package)
    seen = staff("finance").post(url, END | {"market": str(market.pk), "day": "2026-08-08"})
    assert "sixty days from today" in seen.content.decode()


@pytest.mark.parametrize("role", ROLES)
def test_K1_who_may_set_prices_and_discontinue(staff, plan, role):
    desk = staff(role)
    urls = [page("plan", "price", plan), page("package", "discontinuation", plan.package)]
    for url in urls:
        assert desk.get(url).status_code == (200 if role in MAY_DECIDE else 403)
        if role not in MAY_DECIDE:
            assert desk.post(url, PRICE | END).status_code == 403
    if role == "agent":
        assert urls[0] not in text(desk, page("plan", "change", plan))
    if role in MAY_DECIDE:
        assert urls[0] in text(desk, page("plan", "change", plan))
        assert urls[1] in text(desk, page("package", "change", plan.package))


def test_the_lists_of_decisions_can_be_read_by_agents(staff, offered, market):
    desk = staff("agent")
    assert "€72.00" in text(desk, page("pricechange"))
    assert "1 January 2027" in text(desk, page("pricechange", "change", PriceChange.objects.get())).replace(
        "Jan. 1, 2027", "1 January 2027"
    )
    assert text(desk, page("discontinuation"))


@pytest.mark.parametrize("answer", ["none yet", "accepted 12 April 2027", "not accepted 12 April 2027"])
def test_K5_a_subscriptions_page_shows_what_was_offered_and_answered(staff, offered, answer):
    later = datetime(2027, 4, 12, 9, tzinfo=UTC)
    if answer.startswith("accepted"):
        confirmed = shown(offer_to_answer(offered, now=later))
        accept_price(subscription=offered, confirmed=confirmed, order_text="I.", now=later, by=offered.account)
    elif answer.startswith("not"):
        decline_price(subscription=offered, now=later, by=offered.account)
    seen = text(staff("agent"), page("subscription", "change", offered))
    assert answer in seen
    assert "€72.00" in seen
