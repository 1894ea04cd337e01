"""A1, A3: what a form of the entrance does and says is the same whether it knows the address or not.

Time is not measured here: the same queries and the same hashing are what makes it the same.
"""

import re
from typing import ClassVar

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Account
from portal.models import AuditRecord, OutboxMessage
from tests.accounts.conftest import PASSWORD

KNOWN, UNKNOWN = "member@example.com", "unknown@example.com"


class CountingHasher(MD5PasswordHasher):
    algorithm = "counting"
    hashed: ClassVar[list[str]] = []

    def encode(self, password, salt):
        self.hashed.append(password)
        return super().encode(password, salt)


@pytest.fixture
def hashed(settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher", *settings.PASSWORD_HASHERS]
    CountingHasher.hashed.clear()
    return CountingHasher.hashed


# A statement and the first name in it, which is its table.
STATEMENT = re.compile(r'(SELECT|INSERT|UPDATE|DELETE)[^"]*"(\w+)"')


def send(name, **fields):
    """Somebody's form, in a browser of their own: what was answered, and which statements that took."""
    client = Client()
    with CaptureQueriesContext(connection) as captured:
        answer = client.post(reverse(name), fields)
    statements = sorted(found.groups() for query in captured if (found := STATEMENT.match(query["sql"])))
    page = client.get(answer["Location"]) if answer.status_code == 302 else answer
    return (answer.status_code, answer.get("Location"), bare(page)), statements


def bare(page):
    return re.sub(r"csrf\S+ value=\S+", "", page.text).replace(KNOWN, "").replace(UNKNOWN, "")


def test_A1_registering_a_known_and_an_unknown_address_is_the_same_work(member, hashed):
    known, work_of_known = send("account_signup", email=KNOWN, password1=PASSWORD)
    unknown, work_of_unknown = send("account_signup", email=UNKNOWN, password1=PASSWORD)
    assert known == unknown
    assert work_of_known == work_of_unknown
    assert hashed == [PASSWORD, PASSWORD]
    assert OutboxMessage.objects.count() == 2


def test_A1_of_the_account_made_for_a_known_address_nothing_is_left(member):
    before = Account.objects.count(), AuditRecord.objects.count()
    send("account_signup", email=KNOWN, password1=PASSWORD)
    assert (Account.objects.count(), AuditRecord.objects.count()) == before


def test_A1_the_second_registration_within_three_minutes_is_mute_for_both(member):
    """The trap of the cooldown: it is counted by address, so it must not begin at a known address alone."""
    for email in (KNOWN, UNKNOWN):
        first, _ = send("account_signup", email=email, password1=PASSWORD)
        second, _ = send("account_signup", email=email, password1=PASSWORD)
        assert first == second
    assert OutboxMessage.objects.count() == 2


def test_A1_asking_for_an_activation_link_is_the_same_work(member):
    known, work_of_known = send("activation_request", email=KNOWN)
    unknown, work_of_unknown = send("activation_request", email=UNKNOWN)
    assert (known, work_of_known) == (unknown, work_of_unknown)


def test_A3_asking_for_a_new_password_is_the_same_work(member):
    known, work_of_known = send("account_reset_password", email=KNOWN)
    unknown, work_of_unknown = send("account_reset_password", email=UNKNOWN)
    assert (known, work_of_known) == (unknown, work_of_unknown)


def test_A3_signing_in_in_vain_is_the_same_work(member, hashed):
    member.set_password(PASSWORD)
    member.save(update_fields=["password"])
    hashed.clear()
    known, work_of_known = send("account_login", login=KNOWN, password="wrong all the same")
    unknown, work_of_unknown = send("account_login", login=UNKNOWN, password="wrong all the same")
    assert (known, work_of_known) == (unknown, work_of_unknown)
    assert len(hashed) == 2
    assert AuditRecord.objects.filter(what="sign_in_failed").count() == 2
