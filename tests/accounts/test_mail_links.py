"""A1, A3: a link of a mail that does not work says why: expired, used, or not one of ours."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions.reset import ask_for_reset_mail
from accounts.models import Account
from portal.models import AuditRecord
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_registration import deliver_all, link_in, register

NEW = "a new and better one"


@pytest.fixture
def reset_link(client, member, sweep, mailoutbox):
    ask_for_reset_mail(email=member.email, now=timezone.now())
    deliver_all(sweep)
    return link_in(mailoutbox[0], "/en/account/password/reset/key/")


def choose(client, link):
    form = client.get(link, follow=True)
    return client.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW}, follow=True)


def test_A3_a_link_that_was_used_says_so(client, member, reset_link):
    assert "Your password is changed" in choose(client, reset_link).text
    again = client.get(reset_link, follow=True).text
    assert "This link has been used" in again
    assert reverse("account_login") in again


def test_A3_a_link_that_has_expired_says_so_and_changes_nothing(client, member, reset_link):
    with time_machine.travel(timezone.now() + timedelta(days=3, minutes=1)):
        page = client.get(reset_link, follow=True).text
    assert "This link has expired" in page
    assert reverse("account_reset_password") in page


@pytest.mark.parametrize("broken", ["{link}", "{uid}-forged", "{uid}-1a-2b", "{uid}-set-password"])
def test_A3_a_link_that_we_never_sent_says_so_and_tells_nothing_of_the_account(client, member, reset_link, broken):
    """After a new password, too: else a made-up link would tell when somebody changed theirs."""
    uid = reset_link.split("/key/")[1].split("-")[0]
    cut = reset_link.rstrip("/")[:-3].split("/key/")[1]
    choose(client, reset_link)
    client.session.flush()
    page = client.get(reverse("account_reset_password") + "key/" + broken.format(link=cut, uid=uid) + "/")
    assert "This link is not complete" in page.text


def test_A3_a_new_password_makes_earlier_links_worthless(client, member, reset_link):
    member.set_password(PASSWORD + "!")
    member.save(update_fields=["password"])
    assert "This link has been used" in client.get(reset_link, follow=True).text


def test_A3_a_change_of_address_that_was_replaced_says_so(member_client, member, sweep, mailoutbox):
    asked = member_client.post(reverse("account_email"), {"email": "first@example.com", "action_add": ""})
    member_client.post(asked["Location"], {"password": PASSWORD})
    member_client.post(reverse("account_email"), {"email": "second@example.com", "action_add": ""})
    deliver_all(sweep)
    first, second = (next(mail for mail in mailoutbox if mail.to == [f"{n}@example.com"]) for n in ("first", "second"))
    assert "This link has been used" in member_client.get(link_in(first, "/en/account/confirm-email/")).text
    assert "second@example.com" in member_client.get(link_in(second, "/en/account/confirm-email/")).text


CONFIRM = "/en/account/confirm-email/"


def begin_change(browser, to):
    """Somebody who knows the password signs in once more and asks for a new address."""
    asked = browser.post(reverse("account_email"), {"email": to, "action_add": ""})
    browser.post(asked["Location"], {"password": PASSWORD})


def mail_to(mailoutbox, address):
    return [mail for mail in mailoutbox if mail.to == [address]]


def test_A3_a_new_password_ends_a_change_of_address_that_was_begun_before(member_client, sweep, mailoutbox):
    begin_change(member_client, "thief@example.com")
    member_client.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    )
    deliver_all(sweep)
    link = link_in(mail_to(mailoutbox, "thief@example.com")[0], CONFIRM)
    assert "This link has been used" in Client().post(link).text
    assert Account.objects.get().email == "member@example.com"


def test_A3_a_reset_by_mail_ends_a_change_of_address_too(member, member_client, sweep, mailoutbox):
    begin_change(member_client, "thief@example.com")
    ask_for_reset_mail(email=member.email, now=timezone.now())
    deliver_all(sweep)
    choose(Client(), link_in(mail_to(mailoutbox, member.email)[0], "/en/account/password/reset/key/"))
    assert [row.email for row in EmailAddress.objects.filter(user=member)] == [member.email]


def test_A3_a_new_password_leaves_an_account_its_own_address_to_confirm(terms):
    account = Account.objects.create_user("new@example.com", PASSWORD)
    EmailAddress.objects.create(user=account, email=account.email)
    get_adapter().set_password(account, NEW)
    assert EmailAddress.objects.get().email == "new@example.com"


def test_A1_no_activation_link_is_sent_for_an_address_that_somebody_wants_to_change_to(
    client, member_client, sweep, mailoutbox
):
    begin_change(member_client, "victim@example.com")
    deliver_all(sweep)
    mailoutbox.clear()
    client.post(reverse("activation_request"), {"email": "victim@example.com"})
    deliver_all(sweep)
    assert mailoutbox == []


def test_A1_an_address_that_somebody_else_wants_to_change_to_can_be_registered(member_client, sweep, mailoutbox):
    begin_change(member_client, "victim@example.com")
    deliver_all(sweep)
    with time_machine.travel(timezone.now() + timedelta(minutes=4)):
        register(Client(), "victim@example.com", password=NEW)
        deliver_all(sweep)
        Client().post(link_in(mail_to(mailoutbox, "victim@example.com")[1], CONFIRM))
    theirs = EmailAddress.objects.get(email="victim@example.com")
    assert (theirs.verified, theirs.primary, theirs.user.check_password(NEW)) == (True, True, True)


@pytest.mark.parametrize("is_activated", [False, True])
def test_A3_a_change_to_an_address_that_has_an_account_by_now_says_so(
    member_client, member, sweep, mailoutbox, is_activated
):
    register(Client(), "moved@example.com")
    EmailAddress.objects.filter(user__email="moved@example.com").update(verified=is_activated)
    with time_machine.travel(timezone.now() + timedelta(minutes=4)):
        begin_change(member_client, "moved@example.com")
        deliver_all(sweep)
    link = link_in(mail_to(mailoutbox, "moved@example.com")[1], CONFIRM)
    for page in (member_client.get(link), member_client.post(link)):
        assert "This link has been used" in page.text
        assert f'action="{link}"' not in page.text
    member.refresh_from_db()
    assert member.email == "member@example.com"
    assert not AuditRecord.objects.filter(what="email_confirmed").exists()
