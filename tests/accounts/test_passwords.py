"""ASVS 6.2: length counts, kinds of characters do not; no common password, none made of our own name."""

import logging
import time

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Account
from accounts.passwords import NotKnownToThieves
from portal.models import AuditRecord
from tests.accounts.conftest import PASSWORD


@pytest.mark.parametrize(
    "password",
    ["ninechars", "password123", "qwertyuiop", "1234567890123", "Sample2026!", "sampleowners", "SAMPLE-link-1"],
)
def test_a_password_that_is_tried_first_is_refused(market, password):
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize(
    "password", ["tenletters", "only lower case words", "ένα δύο τρία τέσσερα", "x" * 200, "my sample of olive trees"]
)
def test_any_characters_and_any_length_will_do(market, password):
    validate_password(password)


@pytest.mark.parametrize(
    "password",
    ["1q2w3e4r5t", "iloveyou123", "football123", "letmein2024", "P4ssword123", "zzzzzzzzzzzz", "abcdefghijkl"],
)
def test_a_password_that_was_lost_elsewhere_is_refused_and_what_is_made_of_it(password):
    with pytest.raises(ValidationError, match="among those that others try first"):
        NotKnownToThieves().validate(password)


def test_a_password_is_judged_at_once_however_long_it_is():
    began = time.process_time()
    NotKnownToThieves().validate("aB1" * 40_000)
    NotKnownToThieves().validate("aB1!ghZ" * 5)
    assert time.process_time() - began < 0.5


def test_a_password_like_the_address_is_refused(client, terms):
    typed = {"email": "andreaspavlou@example.com", "password1": "andreaspavlou1"}
    assert "too similar" in client.post(reverse("account_signup"), typed).text
    assert not Account.objects.exists()


def test_what_is_tried_in_vain_is_on_record_without_what_was_typed(client, member, caplog):
    caplog.set_level(logging.INFO, logger="portal.security")
    for email in (member.email, "my secret password"):
        client.post(reverse("account_login"), {"login": email, "password": "my secret password"})
    rows = AuditRecord.objects.filter(what="sign_in_failed")
    assert [(row.account, row.by, row.data) for row in rows] == [(member, None, {})]
    client.post(reverse("account_login"), {"login": "nobody@example.com", "password": PASSWORD})
    assert AuditRecord.objects.filter(what="sign_in_failed", account=None).count() == 1
    assert "sign_in_failed" in caplog.text
    assert not any(typed in caplog.text for typed in ("secret", PASSWORD, "nobody@"))


def test_no_address_of_the_network_enters_the_audit_trail(client, member):
    client.post(reverse("account_login"), {"login": member.email, "password": PASSWORD})
    assert "127.0.0.1" not in str(list(AuditRecord.objects.values_list("data", flat=True)))
