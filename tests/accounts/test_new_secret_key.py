"""A change of SECRET_KEY signs nobody out, and the old key can be forgotten afterwards."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.fernet import InvalidToken
from django.core.management import call_command
from django.urls import reverse

from accounts.factors import FactorAdapter

SECRET, OLD, NEW = "JBSWY3DPEHPK3PXP", "o" * 60, "n" * 60


def secrets_of(account) -> list[str]:
    rows = Authenticator.objects.filter(user=account).order_by("type")
    return [FactorAdapter().decrypt(row.data.get("secret") or row.data["seed"]) for row in rows]


def test_second_steps_outlive_a_change_of_the_key_and_the_old_one_can_be_forgotten(owner, settings, capsys):
    settings.SECRET_KEY = OLD
    TOTP.activate(owner, SECRET)
    RecoveryCodes.activate(owner)
    before = secrets_of(owner)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    assert secrets_of(owner) == before
    call_command("encipher_anew")
    assert "2 second steps" in capsys.readouterr().out
    settings.SECRET_KEY_FALLBACKS = []
    assert secrets_of(owner) == before


def test_without_it_the_old_key_is_still_needed(owner, settings):
    settings.SECRET_KEY = OLD
    TOTP.activate(owner, SECRET)
    settings.SECRET_KEY = NEW
    with pytest.raises(InvalidToken):
        secrets_of(owner)


def test_nobody_is_signed_out_while_the_old_key_is_known(client, owner, settings):
    settings.SECRET_KEY = OLD
    client.force_login(owner)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    assert client.get(reverse("garage")).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert client.get(reverse("garage")).status_code == 200
