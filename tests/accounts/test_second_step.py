"""A3: the second step: an app's codes, recovery codes, passkeys; a request at a time."""

import json
import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from accounts.actions.reset import ask_for_reset_mail
from portal.models import AuditRecord
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_mail_links import NEW, choose
from tests.accounts.test_registration import deliver_all, link_in
from tests.meta.test_pages import INLINE
from tests.staff import code_of, give_app


def again(client):
    """Signs in again, as a change of what protects the account asks for."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def password(client, email):
    return client.post(reverse("account_login"), {"login": email, "password": PASSWORD})


def is_signed_in(client):
    return "_auth_user_id" in client.session


@pytest.fixture
def secret(member):
    return give_app(member)


@pytest.fixture
def set_up(member_client, django_capture_on_commit_callbacks):
    """The app is set up by its page; gives back the key and the recovery codes that were shown."""
    again(member_client)
    page = member_client.get(reverse("mfa_activate_totp")).text
    key = re.search(r'<dd class="key">(\w+)</dd>', page)[1]
    with django_capture_on_commit_callbacks(execute=True):
        shown = member_client.post(reverse("mfa_activate_totp"), {"code": code_of(key)}, follow=True).text
    return key, re.findall(r"<li>(\d{4} \d{4})</li>", shown)


def test_A3_setting_up_asks_to_sign_in_again(member_client):
    asked = member_client.get(reverse("mfa_activate_totp"))
    assert asked["Location"].startswith(reverse("account_reauthenticate"))


def test_A3_the_key_stands_as_picture_and_as_text(member_client, member):
    again(member_client)
    page = member_client.get(reverse("mfa_activate_totp")).text
    assert 'src="data:image/svg+xml;base64,' in page
    assert re.search(r'<dd class="key">[A-Z2-7]{32}</dd>', page)


def test_A3_recovery_codes_are_shown_once(set_up, member_client):
    _key, codes = set_up
    assert len(codes) == 10
    later = member_client.get(reverse("mfa_view_recovery_codes")).text
    assert "not shown again" in later
    assert not any(code in later for code in codes)
    assert member_client.get(reverse("mfa_download_recovery_codes")).status_code == 403


def test_A3_the_secrets_cannot_be_read_in_the_database(set_up, member):
    key, codes = set_up
    kept = json.dumps(list(Authenticator.objects.filter(user=member).values_list("data", flat=True)))
    assert key not in kept
    assert not any(code.replace(" ", "") in kept for code in codes)


def test_A3_setting_up_is_mailed_and_on_record(set_up, member, sweep, mailoutbox):
    deliver_all(sweep)
    assert [mail.subject for mail in mailoutbox] == ["A second step was set up"]
    kinds = AuditRecord.objects.filter(what="second_step_added", account=member).values_list("data__kind", flat=True)
    assert set(kinds) == {"totp", "recovery_codes"}


def test_A3_a_wrong_code_adds_nothing(member_client, member):
    again(member_client)
    member_client.get(reverse("mfa_activate_totp"))
    page = member_client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert "This code is not right" in page.text
    assert not Authenticator.objects.exists()


def test_A3_the_password_alone_does_not_come_in(client, member, secret):
    assert password(client, member.email)["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(client)
    assert client.get(reverse("account")).status_code == 302


def test_A3_a_code_comes_in(client, member, secret):
    password(client, member.email)
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert is_signed_in(client)
    assert AuditRecord.objects.get(what="signed_in").data["ways"] == ["password", "totp"]


@pytest.mark.parametrize("seconds", [5, 40])
def test_A3_a_code_comes_in_once(client, member, secret, seconds):
    """A code that counts for ninety seconds is not good for two sign-ins within them."""
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        code = code_of(secret)
        for _ in range(2):
            client.logout()
            password(client, member.email)
            answer = client.post(reverse("mfa_authenticate"), {"code": code})
            clock.shift(seconds)
    assert "was used already" in answer.text
    assert not is_signed_in(client)


def test_A3_the_code_before_counts_for_a_slow_hand_and_an_older_one_does_not(client, member, secret):
    with time_machine.travel(1_800_000_000, tick=False):
        for steps, comes_in in ((-2, False), (2, False), (-1, True)):
            password(client, member.email)
            client.post(reverse("mfa_authenticate"), {"code": code_of(secret, steps=steps)})
            assert is_signed_in(client) is comes_in


def test_A3_a_recovery_code_stands_in_once(set_up, member_client, member):
    _key, codes = set_up
    for comes_in in (True, False):
        member_client.logout()
        password(member_client, member.email)
        with time_machine.travel(timezone.now() + timedelta(minutes=0 if comes_in else 10)):
            member_client.post(reverse("mfa_authenticate"), {"code": codes[3]})
        assert is_signed_in(member_client) is comes_in


def test_A3_who_gives_up_at_the_second_step_begins_anew(client, member, secret):
    password(client, member.email)
    client.post(reverse("account_logout"), {"next": reverse("account_login")})
    answer = client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert answer["Location"] == reverse("account_login")
    assert not is_signed_in(client)


def test_A3_guessing_codes_is_stopped(client, member, secret):
    password(client, member.email)
    pages = [client.post(reverse("mfa_authenticate"), {"code": "123456"}).text for _ in range(6)]
    assert "Too many tries" in pages[5]
    assert "Too many tries" in client.post(reverse("mfa_authenticate"), {"code": code_of(secret)}).text
    assert AuditRecord.objects.filter(what="second_step_failed", account=member, by=None).count() == 5


def test_A3_a_new_password_does_not_skip_the_second_step(client, member, secret, sweep, mailoutbox):
    ask_for_reset_mail(email=member.email, now=timezone.now())
    deliver_all(sweep)
    choose(client, link_in(mailoutbox[0], "/en/account/password/reset/key/"))
    answer = client.post(reverse("account_login"), {"login": member.email, "password": NEW})
    assert answer["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(client)


def test_A3_an_account_with_a_second_step_can_change_its_address(set_up, member_client, member, sweep, mailoutbox):
    member_client.post(reverse("account_email"), {"email": "moved@example.com", "action_add": ""})
    deliver_all(sweep)
    mail = next(mail for mail in mailoutbox if mail.to == ["moved@example.com"])
    member_client.post(link_in(mail, "/en/account/confirm-email/"))
    member.refresh_from_db()
    assert member.email == "moved@example.com"


def test_A3_the_app_is_given_up_after_signing_in_again(set_up, member_client, member, sweep, mailoutbox):
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        asked = member_client.post(reverse("mfa_deactivate_totp"))
        assert asked["Location"].startswith(reverse("account_reauthenticate"))
        again(member_client)
        member_client.post(reverse("mfa_deactivate_totp"))
        deliver_all(sweep)
    assert not Authenticator.objects.filter(user=member).exists()
    assert "A second step was removed" in {mail.subject for mail in mailoutbox}
    assert AuditRecord.objects.filter(what="second_step_removed", account=member).exists()


def test_A3_another_way_to_sign_in_again_is_offered(set_up, member_client):
    page = member_client.get(reverse("account_reauthenticate")).text
    assert reverse("mfa_reauthenticate") in page


def test_A3_the_security_page_shows_what_there_is(set_up, member_client):
    page = member_client.get(reverse("security")).text
    assert "In use since" in page
    assert "10 codes are left." in page
    assert reverse("mfa_add_webauthn") in page


PAGES = (
    "security",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_add_webauthn",
    "mfa_reauthenticate",
    "account_reauthenticate",
    "devices",
)


@pytest.mark.parametrize("language", ["en", "el"])
def test_no_page_of_the_second_step_has_a_style_or_a_script_of_its_own(set_up, member_client, language):
    with translation.override(language):
        pages = {name: member_client.get(reverse(name)) for name in PAGES}
    assert {name: (page.status_code, INLINE.findall(page.text)) for name, page in pages.items()} == dict.fromkeys(
        PAGES, (200, [])
    )
    assert all("no-store" in page["Cache-Control"] for page in pages.values())


def test_law_11_a_passkey_of_somebody_else_is_not_found(member_client, newcomer):
    key = Authenticator.objects.create(user=newcomer, type=Authenticator.Type.WEBAUTHN, data={"name": "theirs"})
    again(member_client)
    for name in ("mfa_remove_webauthn", "mfa_edit_webauthn"):
        assert member_client.get(reverse(name, args=[key.pk])).status_code == 404
        assert member_client.post(reverse(name, args=[key.pk]), {"name": "mine"}).status_code == 404


FORGED = ["", "no json", "{}", "[]", "null", "7", '{"id": "x"}', '{"response": {"userHandle": "MQ"}}']


@pytest.mark.parametrize("credential", FORGED)
def test_a_forged_passkey_is_refused_in_words(client, member, credential):
    answer = client.post(reverse("mfa_login_webauthn"), {"credential": credential}, follow=True)
    assert answer.status_code == 200
    assert not is_signed_in(client)


@pytest.mark.parametrize("credential", FORGED)
def test_a_forged_passkey_is_not_added(member_client, member, credential):
    again(member_client)
    answer = member_client.post(reverse("mfa_add_webauthn"), {"credential": credential, "passwordless": "True"})
    assert answer.status_code == 200
    assert not Authenticator.objects.exists()


def test_the_demos_code_stands_in_no_other_deployment():
    assert settings.MODE == "test"
    assert getattr(settings, "MFA_TOTP_INSECURE_BYPASS_CODE", None) is None
