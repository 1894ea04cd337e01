"""The ten commonest tasks of an agent, done by the links and buttons of the pages; the clicks are those of the docs."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.conf import settings

from accounts.actions.caller import issue_caller_code
from garage.models import AccessCheck
from subscriptions.actions.control import object_to, request_control
from tests import make
from tests.desk_walk import Clerk
from tests.subscriptions.customers import Town, event
from tests.support.cases import centre, opened, staff

NOON = datetime(2026, 5, 29, 20, tzinfo=UTC)
LATELY = date(2026, 5, 20)
NEW = (
    event("add card", on=LATELY, card="gold", brand="visa"),
    event("subscribe", on=LATELY, package="navigation", term="yearly"),
)
PAGE = settings.BASE_DIR / "docs" / "customer-centre.md"
WHY = {"reason": "asked by telephone"}


def clicks_of(role: str) -> list[int]:
    """The last column of a role's table."""
    table = PAGE.read_text().partition(f"\n| {role} | Where | Clicks |\n")[2].partition("\n\n")[0]
    return [int(number) for number in re.findall(r"\| (\d+) \|$", table, re.MULTILINE)]


@pytest.fixture
def anna(db):
    with time_machine.travel(NOON, tick=False):
        town = Town()
        account = town.live("anna", NEW)
        EmailAddress.objects.get_or_create(user=account, email=account.email, verified=True, primary=True)
        centre(town.market)
        opened(account, category="other", now=NOON)
        yield account


@pytest.fixture
def blocked(anna):
    other = make.account("blocked@example.com", market=anna.market)
    car = anna.memberships.get().vehicle
    return AccessCheck.objects.create(account=other, vehicle=car, wrong_tries=3, blocked_at=NOON)


@pytest.fixture
def disputed(anna):
    buyer = make.account("buyer@example.com", market=anna.market)
    asked = make.verified(buyer, anna.memberships.get().vehicle, now=NOON)
    transfer = request_control(membership=asked, now=NOON, by=buyer)
    object_to(transfer=transfer, now=NOON, by=anna)
    return transfer


def test_an_agent_does_the_ten_commonest_tasks_in_as_many_clicks_as_the_docs_say(client, anna, blocked, disputed):
    staff(client, anna.market, "agent")
    fresh = make.account("fresh@example.com", market=anna.market)
    EmailAddress.objects.create(user=fresh, email=fresh.email, verified=False, primary=True)
    clerk, code = Clerk(client), issue_caller_code(account=anna, now=NOON, by=anna).code

    def customer(account=anna):
        return clerk.home().find(account.email)

    clicks = [
        customer().follow("Check the caller’s code").press("Check the caller’s code", code=code).reads("the customer."),
        customer().follow("Explain").reads("99.00"),
        customer().follow("Withdraw").press("Withdraw from the contract", **WHY).reads("withdrawn from"),
        customer().follow("What if?").press("Play it", act="nothing").reads("What would happen"),
        customer().follow("Send it again").press("Send the document again", **WHY).reads("on its way"),
        customer(fresh).follow("Send the activation mail again").press("Send it", **WHY).reads("on its way"),
        clerk.home().follow("Blocked proofs").follow("blocked@").follow("Unblock").reads("Identity"),
        clerk.home().follow("Cases").follow("CY-").follow("Answer").press("Answer", text="Done.").reads("is with"),
        customer().follow("End all sessions").press("End all sessions", **WHY).reads("signed out everywhere"),
        clerk.home()
        .follow("Control")
        .follow("objected")
        .follow("Decide")
        .press("Decide", outcome="stays", **WHY)
        .clicks,
    ]
    assert clicks == clicks_of("Agent")
