"""K3: an agent hands a car over for a customer on the telephone, by the customer's own actions (V4, K6)."""

from decimal import Decimal

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.actions.caller import check_caller_code, issue_caller_code
from garage.models import ControlTransfer
from portal.models import AuditRecord
from portal.roles import load_roles
from subscriptions.actions.control import request_control
from subscriptions.models import Refund
from tests import make
from tests.staff import sign_in_at_the_desk
from tests.subscriptions.sharing import in_control

NOW = make.NOW
TYPED = {"email": "buyer@example.com", "reason": "sold on Friday, called by telephone"}


@pytest.fixture
def agent(market):
    load_roles()
    who = make.account("agent@staff.example.com", market=market, is_staff=True)
    who.groups.set(Group.objects.filter(name="agent"))
    return who


@pytest.fixture
def desk(client, agent):
    with time_machine.travel(NOW, tick=False):
        yield sign_in_at_the_desk(client, agent)


@pytest.fixture
def page(car, card, digital_key, gateway, owner) -> str:
    """60.00 paid for a year."""
    make.subscription(car, package=digital_key, gateway=gateway)
    return reverse("admin:accounts_account_handover", args=[owner.pk])


@pytest.fixture
def checked(agent, owner):
    code = issue_caller_code(account=owner, now=NOW, by=owner).code
    check_caller_code(account=owner, code=code, now=NOW, by=agent)


def handed_over(desk, page, car) -> str:
    """Shown first, then confirmed as shown."""
    typed = TYPED | {"car": car.public_id.hex}
    shown = desk.post(page, typed)
    assert "60.00" in shown.content.decode()
    return desk.post(page, typed | {"shown": shown.context["form"].data["shown"]}, follow=True).content.decode()


def test_K7_nobody_is_handed_a_car_before_the_caller_is_checked(desk, page, car, owner):
    answer = desk.post(page, TYPED | {"car": car.public_id.hex})
    assert answer["Location"] == reverse("admin:accounts_account_caller_facts", args=[owner.pk])


def test_K3_whoever_asked_for_control_has_it_at_once_and_what_ran_ends_as_shown(
    desk, page, car, checked, market, owner
):
    buyer = make.account("buyer@example.com", market=market)
    request_control(membership=make.verified(buyer, car.vehicle), now=NOW, by=buyer)
    assert "has control now" in handed_over(desk, page, car)
    assert in_control(car.vehicle) == ["buyer@example.com"]
    assert Refund.objects.get().amount == Decimal("60.00")
    record = AuditRecord.objects.get(what="control handed over by staff")
    assert (record.account, record.data["reason"]) == (owner, TYPED["reason"])


def test_K6_anybody_else_gets_an_offer_as_the_customer_would_send_it(desk, page, car, checked):
    assert "offer is on its way" in handed_over(desk, page, car)
    assert in_control(car.vehicle) == ["owner@example.com"]
    offer = ControlTransfer.objects.get()
    assert (offer.is_offer, offer.email, offer.is_open) == (True, "buyer@example.com", True)
