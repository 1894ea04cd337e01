import re
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.actions.registration import open_account
from accounts.models import Account
from portal.models import AuditRecord, OutboxMessage
from tests import make
from tests.accounts.conftest import PASSWORD


def register(client, email, password=PASSWORD, **extra):
    return client.post(reverse("account_signup"), {"email": email, "password1": password, **extra}, follow=True)


def deliver_all(sweep):
    while sweep(timezone.now() + timedelta(seconds=1)):
        pass


def link_in(mail, path):
    return re.search(rf"http://localhost:8000({path}\S+)", mail.body)[1]


@pytest.fixture
def activation_link(client, terms, sweep, mailoutbox):
    register(client, "New.Person@Example.com")
    deliver_all(sweep)
    return link_in(mailoutbox[0], "/en/account/confirm-email/")


def test_a1_registration_asks_the_owner_of_the_address_by_mail(client, activation_link, mailoutbox):
    account = Account.objects.get()
    assert (account.email, account.market.code, account.language) == ("new.person@example.com", "CY", "en")
    assert mailoutbox[0].to == ["new.person@example.com"]
    assert not EmailAddress.objects.get().verified


def test_a1_an_account_that_is_not_activated_cannot_sign_in(client, activation_link):
    answer = client.post(reverse("account_login"), {"login": "new.person@example.com", "password": PASSWORD})
    assert answer["Location"] == reverse("account_email_verification_sent")
    assert "_auth_user_id" not in client.session


def test_a1_the_link_activates_after_a_press_of_the_button(client, activation_link):
    assert "Confirm" in client.get(activation_link).content.decode()
    assert not EmailAddress.objects.get().verified
    client.post(activation_link)
    assert EmailAddress.objects.get().verified
    signed_in = client.post(reverse("account_login"), {"login": "NEW.person@example.com", "password": PASSWORD})
    assert signed_in["Location"] == reverse("home")
    on_record = [record.what for record in AuditRecord.objects.order_by("id")]
    assert on_record == ["registered", "email_confirmed", "signed_in"]


def test_a_used_link_says_so_and_shows_the_way_on(client, activation_link):
    client.post(activation_link)
    for page in (client.get(activation_link), client.post(activation_link)):
        assert "This link has been used" in page.text
        assert reverse("account_login") in page.text


def test_an_expired_link_says_so_and_shows_the_way_on(client, activation_link):
    with time_machine.travel(timezone.now() + timedelta(days=3, minutes=1)):
        for page in (client.get(activation_link), client.post(activation_link)):
            assert "This link has expired" in page.text
            assert reverse("activation_request") in page.text
    assert not EmailAddress.objects.get().verified


@pytest.mark.parametrize("key", ["forged", "MQ:1vAAAA:forged-signature"])
def test_a_forged_link_says_so(client, terms, key):
    page = client.get(reverse("account_confirm_email", args=[key]))
    assert "This link is not complete" in page.text


def test_a1_a_new_link_can_be_asked_for(client, activation_link, sweep, mailoutbox):
    client.post(reverse("activation_request"), {"email": "NEW.person@example.com"})
    deliver_all(sweep)
    assert len(mailoutbox) == 2
    client.post(link_in(mailoutbox[1], "/en/account/confirm-email/"))
    assert EmailAddress.objects.get().verified


def test_asking_again_and_again_sends_one_mail(client, activation_link, sweep, mailoutbox):
    with time_machine.travel(timezone.now(), tick=False):
        for _ in range(3):
            client.post(reverse("activation_request"), {"email": "new.person@example.com"})
        deliver_all(sweep)
    assert len(mailoutbox) == 2


@pytest.mark.parametrize("email", ["member@example.com", "nobody@example.com"])
def test_a1_asking_for_a_link_tells_nothing_about_the_address(client, member, email, sweep, mailoutbox):
    answer = client.post(reverse("activation_request"), {"email": email}, follow=True)
    assert "Check your mail" in answer.content.decode()
    assert OutboxMessage.objects.count() == 1
    deliver_all(sweep)
    assert mailoutbox == []


def without_token(answer):
    return re.sub(r"csrf\S+ value=\S+", "", answer.content.decode())


def test_a1_a_known_and_an_unknown_address_look_the_same_and_get_one_mail_each(client, member, sweep, mailoutbox):
    known, unknown = register(client, member.email), register(client, "unknown@example.com")
    deliver_all(sweep)
    assert known.redirect_chain == unknown.redirect_chain
    assert without_token(known) == without_token(unknown)
    assert [mail.to[0] for mail in mailoutbox] == [member.email, "unknown@example.com"]
    assert mailoutbox[0].subject == "You already have an account"
    assert reverse("account_reset_password") in mailoutbox[0].body


def test_registering_a_known_address_changes_nothing_about_its_account(client, member):
    before = Account.objects.values().get()
    register(client, member.email.upper(), password="another password altogether")
    assert Account.objects.values().get() == before


def test_registering_on_a_greek_page_makes_a_greek_account_and_mail(client, terms, sweep, mailoutbox):
    with translation.override("el"):
        register(client, "greek@example.com")
    deliver_all(sweep)
    assert Account.objects.get().language == "el"
    assert "http://localhost:8000/el/account/confirm-email/" in mailoutbox[0].body
    assert "Κέντρο πελατών Sample" in mailoutbox[0].body


def test_a_mail_leads_to_our_site_whatever_host_was_asked(client, terms, sweep, mailoutbox, settings):
    settings.ALLOWED_HOSTS = ["*"]
    client.post(
        reverse("account_signup"), {"email": "a@example.com", "password1": PASSWORD}, headers={"host": "evil.example"}
    )
    deliver_all(sweep)
    assert "evil.example" not in mailoutbox[0].body


def test_a_password_that_is_too_short_is_refused_in_words(client, terms):
    answer = register(client, "short@example.com", password="short")
    assert "at least 10 characters" in answer.content.decode()
    assert not Account.objects.exists()


def test_a3_a_forgotten_password_is_chosen_anew_by_the_link(client, member, sweep, mailoutbox):
    client.post(reverse("account_reset_password"), {"email": member.email})
    deliver_all(sweep)
    link = link_in(mailoutbox[0], "/en/account/password/reset/key/")
    form = client.get(link, follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": "a new and better one", "password2": "a new and better one"})
    member.refresh_from_db()
    assert member.check_password("a new and better one")
    assert "This link has been used" in client.get(link, follow=True).text
    deliver_all(sweep)
    assert mailoutbox[1].subject == "Your password was reset"


def test_a3_a_reset_looks_the_same_for_an_unknown_address(client, member, sweep, mailoutbox):
    known = client.post(reverse("account_reset_password"), {"email": member.email}, follow=True)
    unknown = client.post(reverse("account_reset_password"), {"email": "unknown@example.com"}, follow=True)
    assert without_token(known) == without_token(unknown)
    deliver_all(sweep)
    assert [mail.to for mail in mailoutbox] == [[member.email]]


def test_an_account_that_staff_open_can_sign_in_at_once(client, home_market, moment):
    account = open_account(email="Guest@Example.com", password=PASSWORD, market=home_market, now=moment, by=None)
    assert account.created_at == moment
    client.post(reverse("account_login"), {"login": "guest@example.com", "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(account.pk)


def test_a_mail_leads_to_pages_in_the_language_of_its_reader(client, member, sweep, mailoutbox):
    Account.objects.update(language="el")
    client.post("/en/account/password/reset/", {"email": member.email})
    deliver_all(sweep)
    assert "http://localhost:8000/el/account/password/reset/key/" in mailoutbox[0].body


def test_registering_in_bulk_is_stopped_in_words(client, terms):
    pages = [register(client, f"bulk{number}@example.com") for number in range(21)]
    assert pages[20].status_code == 429
    assert "Please wait a few minutes" in pages[20].content.decode()


def mails_to(address, ask, *, minutes, sweep, mailoutbox):
    """Asked for so many minutes after the first time, each by a client of its own."""
    for after in minutes:
        with time_machine.travel(make.NOW + timedelta(minutes=after), tick=False):
            ask(Client(), address)
            deliver_all(sweep)
    return sum(mail.to == [address] for mail in mailoutbox)


def test_one_address_gets_one_mail_of_registering_in_three_minutes(member, sweep, mailoutbox):
    told = {"sweep": sweep, "mailoutbox": mailoutbox}
    assert mails_to("new@example.com", register, minutes=(0, 1, 2, 2.9), **told) == 1
    assert mails_to(member.email, register, minutes=(0, 1, 2, 2.9), **told) == 1
    assert mails_to(member.email, register, minutes=(3.1,), **told) == 2


def test_one_address_gets_three_mails_of_resetting_in_ten_minutes(member, sweep, mailoutbox):
    def reset(client, address):
        return client.post(reverse("account_reset_password"), {"email": address})

    told = {"sweep": sweep, "mailoutbox": mailoutbox}
    assert mails_to(member.email, reset, minutes=(0, 1, 2, 3, 9), **told) == 3
    assert mails_to(member.email, reset, minutes=(10.1,), **told) == 4


def test_a3_a_new_address_counts_once_it_is_confirmed(member_client, member, sweep, mailoutbox):
    asked = member_client.post(reverse("account_email"), {"email": "moved@example.com", "action_add": ""})
    member_client.post(asked["Location"], {"password": PASSWORD})
    deliver_all(sweep)
    member.refresh_from_db()
    assert member.email == "member@example.com"
    link = link_in(next(mail for mail in mailoutbox if mail.to == ["moved@example.com"]), "/en/account/confirm-email/")
    assert "your new address" in member_client.get(link).text
    mailoutbox.clear()
    member_client.post(link)
    member.refresh_from_db()
    assert member.email == "moved@example.com"
    deliver_all(sweep)
    told = {mail.to[0] for mail in mailoutbox if "from member@example.com to moved@example.com" in mail.body}
    assert told == {"member@example.com", "moved@example.com"}
    assert AuditRecord.objects.filter(what="email_changed", account=member).count() == 1


@pytest.mark.parametrize(
    "name", ["account_login", "account_signup", "account_reset_password", "account_change_password", "account_email"]
)
def test_forms_of_the_entrance_speak_our_words(member_client, client, name):
    if name not in {"account_change_password", "account_email"}:
        client.logout()
    page = client.get(reverse(name)).content.decode()
    assert "placeholder" not in page
    assert ">Email" not in page
