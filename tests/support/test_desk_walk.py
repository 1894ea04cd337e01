"""The ten commonest tasks of an agent, done by the links and buttons of the pages; the clicks are those of the docs."""

import re

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.conf import settings

from accounts.actions.caller import issue_caller_code
from garage.models import AccessCheck
from subscriptions.actions.control import object_to, request_control
from tests import make
from tests.desk_walk import Clerk
from tests.support.cases import centre, opened, staff

PAGE = settings.BASE_DIR / "docs" / "customer-centre.md"
ACTIVATION = "Send the activation mail again"
PAPERS = {"identity_checked_by": "Anna Panou, Nicosia", "note": "identity card and key"}
WHY = {"reason": "asked by telephone"}


def clicks_of(role: str) -> list[int]:
    """The last column of a role's table."""
    table = PAGE.read_text().partition(f"\n| {role} | Where | Clicks |\n")[2].partition("\n\n")[0]
    return [int(number) for number in re.findall(r"\| (\d+) \|$", table, re.MULTILINE)]


@pytest.fixture
def anna(car, card, digital_key, gateway, market):
    """60.00 paid for a year, and a message that waits."""
    with time_machine.travel(make.NOW, tick=False):
        make.subscription(car, package=digital_key, gateway=gateway)
        centre(market)
        opened(car.account, category="other")
        yield car.account


@pytest.fixture
def blocked(car, market):
    other = make.account("blocked@example.com", market=market)
    return AccessCheck.objects.create(account=other, vehicle=car.vehicle, wrong_tries=3, blocked_at=make.NOW)


@pytest.fixture
def disputed(anna, car, market):
    buyer = make.account("buyer@example.com", market=market)
    transfer = request_control(membership=make.verified(buyer, car.vehicle), now=make.NOW, by=buyer)
    object_to(transfer=transfer, now=make.NOW, by=anna)
    return transfer


def test_an_agent_does_the_ten_commonest_tasks_in_as_many_clicks_as_the_docs_say(client, anna, blocked, disputed):
    staff(client, anna.market, "agent")
    fresh = make.account("fresh@example.com", market=anna.market)
    EmailAddress.objects.filter(user=fresh).update(verified=False)
    clerk, code = Clerk(client), issue_caller_code(account=anna, now=make.NOW, by=anna).code

    def customer(account=anna):
        return clerk.home().find(account.email)

    clicks = [
        customer().follow("Check the caller’s code").press("Check the caller’s code", code=code).reads("the customer."),
        customer().follow("Explain").reads("60.00"),
        customer().follow("What if?").press("Play it", act="nothing").reads("What would happen"),
        customer().follow("Send it again").press("Send it again", **WHY).reads("on its way"),
        customer().follow("Withdraw").press("Withdraw from the contract", **WHY).reads("withdrawn from"),
        customer(fresh).follow(ACTIVATION).press(ACTIVATION, **WHY).reads("on its way"),
        clerk.home().follow("Blocked").follow("NX").follow("Unblock").press("Unblock", **PAPERS).reads("tries"),
        clerk.home().follow("Cases").follow("CY-").follow("Answer").press("Answer", text="Done.").reads("is with"),
        customer().follow("End all sessions").press("End all sessions", **WHY).reads("signed out everywhere"),
        clerk.home()
        .follow("Control")
        .follow("NX")
        .follow("Decide")
        .press("Decide", outcome="stays", **WHY)
        .reads("told"),
    ]
    assert clicks == clicks_of("Agent")
