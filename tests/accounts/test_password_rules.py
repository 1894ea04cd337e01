"""ASVS 6.2 and 7.5: passwords as people type, keep and change them; what asks for them once more (docs/asvs.md)."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.accounts.conftest import PASSWORD

LONG = " Ένα δύο  τρία Τέσσερα \N{OLIVE} " + "x" * 64 + " "


def change(client, *, old=PASSWORD, new):
    return client.post(reverse("account_change_password"), {"oldpassword": old, "password1": new, "password2": new})


def comes_in(member, password) -> bool:
    client = Client()
    client.post(reverse("account_login"), {"login": member.email, "password": password})
    return "_auth_user_id" in client.session


def test_a_password_of_any_signs_and_any_length_counts_as_it_was_typed(member_client, member):
    change(member_client, new=LONG)
    assert not comes_in(member, LONG.strip())
    assert not comes_in(member, LONG.lower())
    assert not comes_in(member, LONG[:72])
    assert comes_in(member, LONG)


def test_a_new_password_needs_the_old_one(member_client, member):
    assert change(member_client, old="not the old one", new="another and better one").status_code == 200
    assert comes_in(member, PASSWORD)


def test_a_password_stays_good_however_old_it_is(member):
    with time_machine.travel(timezone.now() + timedelta(days=3 * 365)):
        assert comes_in(member, PASSWORD)


@pytest.mark.parametrize(
    ("name", "kept_as"),
    [
        ("account_login", ["current-password"]),
        ("account_signup", ["new-password"]),
        ("account_change_password", ["current-password", "new-password", "new-password"]),
    ],
)
def test_passwords_are_masked_and_a_manager_may_fill_and_paste_them(member_client, client, name, kept_as):
    if name != "account_change_password":
        client.logout()
    page = client.get(reverse(name)).text
    fields = re.findall(r'<input[^>]*type="password"[^>]*>', page)
    assert [re.search(r'autocomplete="([^"]+)"', field)[1] for field in fields] == kept_as
    assert not re.search(r'name="(?:old)?password[12]?"', re.sub(r'<input[^>]*type="password"[^>]*>', "", page))


def test_no_script_of_ours_knows_of_pasting():
    scripts = [path.read_text() for path in (Path(settings.BASE_DIR) / "static" / "js").glob("*.js")]
    assert scripts
    assert not any("paste" in script for script in scripts)


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("account_email", {"action_add": "", "email": "new@example.com"}),
        ("mfa_activate_totp", {}),
        ("mfa_add_webauthn", {}),
    ],
)
def test_A3_address_and_second_step_are_changed_after_signing_in_again(member_client, member, name, facts):
    asked = member_client.post(reverse(name), facts)
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert not member.emailaddress_set.filter(email="new@example.com").exists()
