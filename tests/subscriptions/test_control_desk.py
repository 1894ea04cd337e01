"""The customer centre decides about control that two accounts want (V4, K1, K3)."""

from decimal import Decimal

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.models import Account
from garage.models import ControlTransfer
from garage.rules.control import State
from portal.roles import load_roles
from subscriptions.actions.control import decide, object_to, request_control
from subscriptions.models import Refund, WorkItem
from tests import make
from tests.refusing import refusal_code
from tests.staff import sign_in_at_the_desk
from tests.subscriptions.sharing import in_control, told

NOW = make.NOW


@pytest.fixture
def objected(car, card, digital_key, gateway, owner, market) -> ControlTransfer:
    """60.00 paid for a year on a car that a buyer asks for."""
    make.subscription(car, package=digital_key, gateway=gateway)
    buyer = make.account("buyer@example.com", market=market)
    transfer = request_control(membership=make.verified(buyer, car.vehicle), now=NOW, by=buyer)
    object_to(transfer=transfer, now=NOW, by=owner)
    return transfer


@pytest.fixture
def desk(client, market):
    load_roles()

    def sit_down(role: str):
        who = make.account(f"{role}@staff.example.com", market=market, is_staff=True)
        who.groups.set(Group.objects.filter(name=role))
        sign_in_at_the_desk(client, who)
        return client

    with time_machine.travel(NOW, tick=False):
        yield sit_down


def address(transfer: ControlTransfer, page: str = "decision") -> str:
    return reverse(f"admin:garage_controltransfer_{page}", args=[transfer.pk])


def decided(client, transfer, outcome: str):
    shown = client.get(address(transfer)).context["form"].initial["shown"]
    return client.post(address(transfer), {"outcome": outcome, "reason": "papers seen", "shown": shown}, follow=True)


def test_V4_control_stays_by_decision_and_both_are_told(desk, objected, car, owner):
    assert b"It is decided" in decided(desk("agent"), objected, "stays").content
    objected.refresh_from_db()
    assert (objected.state, objected.decided_by.email, objected.reason) == (
        State.DECLINED,
        "agent@staff.example.com",
        "papers seen",
    )
    assert in_control(car.vehicle) == ["owner@example.com"]
    assert (
        told(owner, "control_request") == told(objected.taker, "control_request") == ["asked", "objected", "declined"]
    )
    assert WorkItem.objects.get().closed_at is not None


def test_V4_X7_control_moves_by_decision_with_the_refund_that_was_shown(desk, objected, car):
    agent = desk("agent")
    assert "€60.00" in agent.get(address(objected)).content.decode()
    decided(agent, objected, "moves")
    assert in_control(car.vehicle) == ["buyer@example.com"]
    assert Refund.objects.get().amount == Decimal("60.00")
    assert WorkItem.objects.get().closed_at is not None


def test_X10_staff_decide_about_what_they_saw(desk, objected):
    agent = desk("agent")
    again = agent.post(address(objected), {"outcome": "moves", "reason": "papers seen", "shown": "stale"})
    assert b"Something has changed" in again.content
    assert ControlTransfer.objects.get().state == State.OBJECTED


def test_V4_it_is_decided_once(desk, objected):
    agent = desk("agent")
    decided(agent, objected, "stays")
    assert b"This is over already" in decided(agent, objected, "moves").content


def test_V4_staff_decide_only_where_somebody_objected(car, card, digital_key, gateway, owner, market):
    make.subscription(car, package=digital_key, gateway=gateway)
    buyer = make.account("buyer@example.com", market=market)
    transfer = request_control(membership=make.verified(buyer, car.vehicle), now=NOW, by=buyer)
    facts = {"transfer": transfer, "moves": True, "confirmed": None, "reason": "why", "now": NOW, "by": owner}
    assert refusal_code(lambda: decide(**facts)) == "transfer_over"


def test_V4_K4_the_work_list_leads_to_the_row(desk, objected):
    listed = desk("finance").get(reverse("admin:subscriptions_workitem_changelist")).content.decode()
    assert "Who controls the car?" in listed
    assert address(objected, "change") in listed


@pytest.mark.parametrize(
    ("role", "status"), [("agent", 200), ("finance", 200), ("administrator", 200), ("editor", 403), ("dealer", 403)]
)
def test_K1_who_may_decide(desk, objected, role, status):
    assert desk(role).get(address(objected)).status_code == status


def test_V4_the_row_is_found_and_says_how_it_stands(desk, objected):
    agent = desk("agent")
    rows = agent.get(reverse("admin:garage_controltransfer_changelist") + "?state=objected").content
    assert b"objected, to be decided" in rows
    assert b"Decide who has control" in agent.get(address(objected, "change")).content
    assert agent.get(reverse("admin:garage_driveraccess_changelist")).status_code == 200
    assert Account.objects.filter(is_staff=True).count() == 1
