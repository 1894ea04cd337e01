"""Who works at a dealer's desk: invited by a manager, accepted behind a second step, ended at once (K1)."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.models import Account
from garage.actions.dealer_code import issue_dealer_code, open_dealer_access
from garage.actions.dealer_staff import (
    accept_staff_invitation,
    end_staff,
    invite_staff,
    take_back_invitation,
)
from garage.models import StaffInvitation, WorkshopStaff
from garage.rules.staff import INVITATIONS_A_DAY, TO_ACCEPT
from portal.models import AuditRecord, OutboxMessage
from tests import make
from tests.refusing import refused
from tests.staff import sign_in_at_the_desk

NOW = make.NOW


@pytest.fixture
def shop(market):
    return make.workshop(market)


@pytest.fixture
def chief(market):
    made = make.account("admin@staff.example.com", market=market, is_staff=True)
    made.groups.add(Group.objects.get(name="administrator"))
    return made


@pytest.fixture
def manager(market, shop, chief):
    return hired(make.account("manager@dealer.example.com", market=market), shop, by=chief, is_manager=True)


def hired(account, shop, *, by, is_manager=False):
    invited = invite_staff(workshop=shop, email=account.email, is_manager=is_manager, now=NOW, by=by)
    accept_staff_invitation(invitation=invited, now=NOW, by=account)
    return Account.objects.get(pk=account.pk)


def place(account):
    return WorkshopStaff.objects.select_related("workshop", "account").get(account=account)


def roles_of(account):
    return sorted(Account.objects.get(pk=account.pk).groups.values_list("name", flat=True))


def test_K1_an_administrator_makes_the_first_manager_who_invites_the_others(shop, manager, market):
    anna = hired(make.account("anna@example.com", market=market), shop, by=manager)
    assert (anna.is_staff, roles_of(anna), place(anna).workshop) == (True, ["dealer"], shop)
    assert (roles_of(manager), place(manager).workshop) == (["dealer_manager"], shop)
    assert AuditRecord.objects.filter(what="staff begun").count() == 2
    with refused("not_manager"):
        invite_staff(workshop=shop, email="x@example.com", is_manager=True, now=NOW, by=anna)
    elsewhere = make.workshop(market, dealer=make.dealer(market, "elsewhere"))
    with refused("not_manager"):
        invite_staff(workshop=elsewhere, email="x@example.com", is_manager=False, now=NOW, by=manager)
    with refused("works_there"):
        invite_staff(workshop=shop, email="anna@example.com", is_manager=False, now=NOW, by=manager)


def test_K1_an_invitation_is_good_once_for_seven_days_and_for_the_confirmed_address_alone(
    shop, manager, stranger, owner
):
    first = invite_staff(workshop=shop, email=stranger.email.upper(), is_manager=False, now=NOW, by=manager)
    second = invite_staff(workshop=shop, email=stranger.email, is_manager=False, now=NOW, by=manager)
    for invitation, account, now in ((first, stranger, NOW), (second, owner, NOW), (second, stranger, NOW + TO_ACCEPT)):
        with refused("invitation_over"):
            accept_staff_invitation(invitation=invitation, now=now, by=account)
    accept_staff_invitation(invitation=second, now=NOW + timedelta(days=6), by=stranger)
    with refused("invitation_over"):
        accept_staff_invitation(invitation=second, now=NOW, by=stranger)
    third = invite_staff(workshop=shop, email=owner.email, is_manager=False, now=NOW, by=manager)
    take_back_invitation(invitation=third, now=NOW, by=manager)
    take_back_invitation(invitation=third, now=NOW, by=manager)
    with refused("invitation_over"):
        accept_staff_invitation(invitation=third, now=NOW, by=owner)
    assert AuditRecord.objects.filter(what="staff invitation taken back").count() == 1


def test_K1_invitations_are_limited(shop, manager):
    for number in range(INVITATIONS_A_DAY - 1):
        invite_staff(workshop=shop, email=f"{number}@example.com", is_manager=False, now=NOW, by=manager)
    with refused("too_many"):
        invite_staff(workshop=shop, email="x@example.com", is_manager=False, now=NOW, by=manager)


def test_K1_whoever_is_ended_is_out_at_once_with_the_car_being_worked_on(client, shop, manager, stranger, car):
    mechanic = hired(stranger, shop, by=manager)
    with time_machine.travel(NOW, tick=True):
        desk = sign_in_at_the_desk(client, mechanic)
        assert desk.get(reverse("admin:garage_dealeraccess_changelist")).status_code == 200
        code = issue_dealer_code(membership=car, now=NOW, by=car.account).code
        access = open_dealer_access(code=code, now=NOW, by=mechanic)
        end_staff(place=place(mechanic), now=NOW, by=manager)
        answer = desk.get(reverse("admin:garage_dealeraccess_changelist"))
        assert (answer.status_code, "login" in answer["Location"]) == (302, True)
    access.refresh_from_db()
    mechanic.refresh_from_db()
    assert (access.ended_at, mechanic.is_staff, mechanic.is_active, roles_of(mechanic)) == (NOW, False, True, [])
    assert AuditRecord.objects.get(what="staff ended").by == manager


def test_K1_the_last_manager_does_not_end_himself_and_an_administrator_ends_him(shop, manager, chief, stranger):
    with refused("last_manager"):
        end_staff(place=place(manager), now=NOW, by=manager)
    second = hired(stranger, shop, by=manager, is_manager=True)
    held = place(manager)
    end_staff(place=held, now=NOW, by=manager)
    end_staff(place=place(second), now=NOW, by=chief)
    end_staff(place=held, now=NOW, by=chief)
    assert not WorkshopStaff.objects.exists()
    with refused("not_manager"):
        invite_staff(workshop=shop, email="x@example.com", is_manager=False, now=NOW, by=manager)


def test_K1_somebody_with_another_role_stays_staff(shop, manager, market):
    agent = make.account("agent@staff.example.com", market=market, is_staff=True)
    agent.groups.add(Group.objects.get(name="agent"))
    hired(agent, shop, by=manager)
    with refused("works_there"):
        again = StaffInvitation.objects.create(workshop=shop, email=agent.email, invited_by=manager, invited_at=NOW)
        accept_staff_invitation(invitation=again, now=NOW, by=agent)
    end_staff(place=place(agent), now=NOW, by=manager)
    agent.refresh_from_db()
    assert (agent.is_staff, roles_of(agent)) == (True, ["agent"])


@pytest.fixture
def desk(client, manager):
    with time_machine.travel(NOW, tick=True):
        yield sign_in_at_the_desk(client, manager)


def page(shop, noun="change", row=None):
    return reverse(f"admin:garage_workshop_{noun}", args=[shop.pk]) + (f"?row={row}" if row else "")


def test_K1_at_the_desk_a_manager_invites_takes_back_and_ends(desk, shop, manager, stranger):
    for email in ("x@example.com", stranger.email):
        assert desk.post(page(shop, "invitation"), {"email": email}).status_code == 302
    letter = OutboxMessage.objects.filter(handler="mail", payload__to=stranger.email).get().payload["text"]
    [invited, mine] = StaffInvitation.objects.waiting().order_by("pk")
    assert str(mine.public_id) in re.search(r"https?://\S+", letter)[0]
    text = desk.get(page(shop)).content.decode()
    assert all(each in text for each in ("x@example.com", "Invite somebody", manager.email))
    assert desk.get(page(shop, "invitation_end", invited.pk)).status_code == 200
    assert desk.post(page(shop, "invitation_end", invited.pk), {}).status_code == 302
    accept_staff_invitation(invitation=mine, now=NOW, by=stranger)
    assert desk.post(page(shop, "staff_end", place(stranger).pk), {}).status_code == 302
    own = desk.post(page(shop, "staff_end", place(manager).pk), {})
    assert "last manager" in own.content.decode()
    assert desk.get(page(shop, "staff_end", "x")).status_code == 404
    assert list(WorkshopStaff.objects.values_list("account", flat=True)) == [manager.pk]


def test_K1_staff_who_are_no_manager_do_not_see_who_works_there(client, shop, manager, stranger):
    mechanic = hired(stranger, shop, by=manager)
    with time_machine.travel(NOW, tick=True):
        desk = sign_in_at_the_desk(client, mechanic)
        assert manager.email not in desk.get(page(shop)).content.decode()
        assert desk.get(page(shop, "invitation")).status_code == 403


def test_K1_accepted_on_the_site_it_leads_to_the_second_step(client, shop, manager, stranger, owner):
    invited = invite_staff(workshop=shop, email=stranger.email, is_manager=False, now=NOW, by=manager)
    address = reverse("staff_invitation", args=[invited.public_id])
    with time_machine.travel(NOW, tick=False):
        client.force_login(owner)
        assert client.get(address).status_code == 404
        client.force_login(stranger)
        assert "Sample Motors Nicosia" in client.get(address).content.decode()
        answer = client.post(address, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("security")
    assert place(stranger).workshop == shop


def test_K1_an_invitation_that_is_over_says_so(client, shop, manager, stranger):
    invited = invite_staff(workshop=shop, email=stranger.email, is_manager=False, now=NOW, by=manager)
    with time_machine.travel(NOW + TO_ACCEPT, tick=False):
        client.force_login(stranger)
        answer = client.post(reverse("staff_invitation", args=[invited.public_id]))
    assert "This invitation is over" in answer.content.decode()
