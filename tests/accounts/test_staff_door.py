"""K1: the admin opens for staff who took a second step in this session, and for nobody else."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_second_step import again
from tests.staff import code_of, give_app, sign_in_at_the_desk

DESK = "/admin/"


@pytest.fixture
def chief(terms):
    account = Account.objects.create_superuser("chief@example.com", PASSWORD)
    account.emailaddress_set.create(email=account.email, verified=True, primary=True)
    return account


@pytest.fixture
def at_the_site(client, chief):
    """Signed in by the password alone: there is no second step yet."""
    client.post(reverse("account_login"), {"login": chief.email, "password": PASSWORD})
    return client


def test_K1_staff_without_a_second_step_are_led_to_set_it_up(at_the_site):
    answer = at_the_site.get(DESK, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("security")
    assert "Staff sign in with a second step" in answer.text


def test_K1_setting_it_up_and_using_it_opens_the_admin(at_the_site, chief):
    again(at_the_site)
    at_the_site.get(reverse("mfa_activate_totp"))
    key = at_the_site.session["mfa.totp.secret"]
    at_the_site.post(reverse("mfa_activate_totp"), {"code": code_of(key)})
    asked = at_the_site.get(DESK, follow=True)
    assert asked.redirect_chain[-1][0].startswith(reverse("mfa_reauthenticate"))
    opened = at_the_site.post(asked.redirect_chain[-1][0], {"code": code_of(key)}, follow=True)
    assert opened.request["PATH_INFO"] == DESK
    assert opened.status_code == 200


def test_K1_having_one_is_not_enough_it_is_used_in_this_session(client, chief):
    give_app(chief)
    client.force_login(chief)
    assert client.get(DESK).status_code == 302
    assert sign_in_at_the_desk(Client(), chief).get(DESK).status_code == 200


def test_K1_a_code_of_yesterdays_session_opens_nothing(chief):
    desk = sign_in_at_the_desk(Client(), chief)
    desk.logout()
    desk.force_login(chief)
    assert desk.get(DESK).status_code == 302


def test_K1_without_the_step_that_was_used_the_admin_closes(chief):
    desk = sign_in_at_the_desk(Client(), chief)
    Authenticator.objects.filter(user=chief).delete()
    assert desk.get(DESK).status_code == 302


def test_K1_staff_do_not_give_up_their_last_second_step(chief):
    desk = sign_in_at_the_desk(Client(), chief)
    again(desk)
    page = desk.post(reverse("mfa_deactivate_totp"))
    assert "Staff need a second step" in page.text
    assert Authenticator.objects.filter(user=chief, type="totp").exists()


def test_K1_django_has_no_sign_in_form_of_its_own(client, chief):
    answer = client.post("/admin/login/", {"username": chief.email, "password": PASSWORD})
    assert answer["Location"].startswith(reverse("account_login"))
    assert "_auth_user_id" not in client.session


def test_K1_the_way_back_leads_to_the_page_that_was_wanted_and_never_out_of_the_site(client, chief):
    give_app(chief)
    client.force_login(chief)
    wanted = client.get(reverse("admin:accounts_account_changelist"), follow=True)
    assert wanted.redirect_chain[-1][0].endswith("next=/admin/accounts/account/".replace("/", "%2F"))
    outside = client.get("/admin/login/?next=//evil.example/")
    assert "evil" not in outside["Location"]


@pytest.mark.parametrize(("unused", "open_still"), [(29, True), (31, False)])
def test_staff_are_signed_out_sooner_than_customers(chief, unused, open_still):
    desk = sign_in_at_the_desk(Client(), chief)
    with time_machine.travel(timezone.now() + timedelta(minutes=unused)):
        assert (desk.get(DESK).status_code == 200) is open_still


def test_staff_sign_in_anew_after_ten_hours_however_busy(chief):
    desk, began_at = sign_in_at_the_desk(Client(), chief), timezone.now()
    for half_hours in range(1, 21):
        with time_machine.travel(began_at + timedelta(minutes=29 * half_hours)):
            assert desk.get(DESK).status_code == 200
    with time_machine.travel(began_at + timedelta(hours=10, minutes=1)):
        assert desk.get(DESK).status_code == 302


@pytest.mark.parametrize("path", ["mfa/authenticator/", "usersessions/usersession/", "account/emailaddress/"])
def test_secrets_and_sessions_have_no_page_at_the_desk(chief, path):
    assert sign_in_at_the_desk(Client(), chief).get(DESK + path).status_code == 404
