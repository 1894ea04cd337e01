"""A1, A3: a link of a mail that does not work says why: expired, used, or not one of ours."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.actions.reset import ask_for_reset_mail
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_registration import deliver_all, link_in

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
