"""A3: passkeys, a request at a time, with a device that signs for real."""

import html
import json
import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from portal.models import AuditRecord
from tests.accounts.device import Device
from tests.accounts.test_registration import deliver_all
from tests.accounts.test_second_step import again, is_signed_in, password
from tests.staff import code_of, give_app


def options_on(page):
    """What the page asks the device."""
    return json.loads(html.unescape(re.search(r'data-options="([^"]+)"', page.text)[1]))


def add(client, device, name="my telephone"):
    again(client)
    credential = device.make(options_on(client.get(reverse("mfa_add_webauthn"))))
    typed = {"name": name, "credential": credential, "passwordless": "True"}
    return client.post(reverse("mfa_add_webauthn"), typed, follow=True)


def asked_without_a_name(client):
    answer = client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})
    return answer.json()["request_options"]


@pytest.fixture
def device():
    return Device()


@pytest.fixture
def added(member_client, device):
    return add(member_client, device)


def test_A3_a_passkey_is_added_told_and_on_record(added, member, sweep, mailoutbox):
    assert "Recovery codes" in added.text
    passkey = Authenticator.objects.get(user=member, type=Authenticator.Type.WEBAUTHN)
    assert passkey.wrap().name == "my telephone"
    deliver_all(sweep)
    assert "A passkey was added" in {mail.subject for mail in mailoutbox}
    assert AuditRecord.objects.filter(what="second_step_added", data={"kind": "webauthn"}).count() == 1


def test_A3_a_passkey_signs_in_without_the_password(added, device, member):
    client = Client()
    credential = device.use(asked_without_a_name(client))
    answer = client.post(reverse("mfa_login_webauthn"), {"credential": credential, "next": "/en/garage/"})
    assert (is_signed_in(client), answer["Location"]) == (True, "/en/garage/")
    assert AuditRecord.objects.get(what="signed_in", account=member).data["ways"] == ["webauthn"]


def test_A3_a_passkey_is_the_second_step_after_the_password(added, device, member):
    client = Client()
    password(client, member.email)
    assert not is_signed_in(client)
    credential = device.use(options_on(client.get(reverse("mfa_authenticate"))))
    client.post(reverse("mfa_authenticate"), {"credential": credential})
    assert is_signed_in(client)


def test_A3_what_was_sent_once_opens_nothing_again(added, device, member):
    first, second = Client(), Client()
    credential = device.use(asked_without_a_name(first))
    first.post(reverse("mfa_login_webauthn"), {"credential": credential})
    asked_without_a_name(second)
    answer = second.post(reverse("mfa_login_webauthn"), {"credential": credential}, follow=True)
    assert "does not open the account" in answer.text or "is not right" in answer.text
    assert (is_signed_in(first), is_signed_in(second)) == (True, False)


@pytest.mark.parametrize("device", [Device(unlocks=False), Device(host="evil.example")], ids=["locked", "other host"])
def test_A3_a_passkey_that_nobody_unlocked_or_of_another_site_is_not_added(member_client, member, device):
    assert add(member_client, device).status_code == 200
    assert not Authenticator.objects.exists()


def test_A3_a_device_that_was_not_unlocked_does_not_sign_in(added, device, member):
    device.flags = Device(unlocks=False).flags
    client = Client()
    client.post(reverse("mfa_login_webauthn"), {"credential": device.use(asked_without_a_name(client))})
    assert not is_signed_in(client)


def test_A3_another_device_with_the_same_name_does_not_sign_in(added, device, member):
    stranger, client = Device(), Client()
    stranger.owner = device.owner
    client.post(reverse("mfa_login_webauthn"), {"credential": stranger.use(asked_without_a_name(client))})
    assert not is_signed_in(client)


def test_A3_a_passkey_is_renamed_and_removed(added, member_client, member, sweep, mailoutbox):
    passkey = Authenticator.objects.get(user=member, type=Authenticator.Type.WEBAUTHN)
    member_client.post(reverse("mfa_edit_webauthn", args=[passkey.pk]), {"name": "the old telephone"})
    assert "the old telephone" in member_client.get(reverse("security")).text
    member_client.post(reverse("mfa_remove_webauthn", args=[passkey.pk]))
    assert not Authenticator.objects.filter(user=member).exists()
    deliver_all(sweep)
    assert "A passkey was removed" in {mail.subject for mail in mailoutbox}


def test_A3_signing_in_again_takes_a_passkey_too(added, device, member_client):
    page = member_client.get(reverse("mfa_reauthenticate_webauthn") + "?next=/en/account/devices/")
    typed = {"credential": device.use(options_on(page)), "next": "/en/account/devices/"}
    answer = member_client.post(reverse("mfa_reauthenticate_webauthn"), typed)
    assert answer["Location"] == "/en/account/devices/"


def test_K1_a_passkey_opens_the_admin(added, device, member):
    member.is_staff = member.is_superuser = True
    member.save(update_fields=["is_staff", "is_superuser"])
    client = Client()
    client.post(reverse("mfa_login_webauthn"), {"credential": device.use(asked_without_a_name(client))})
    assert client.get("/admin/").status_code == 200


def test_A3_an_app_and_a_passkey_stand_beside_each_other(added, member):
    secret, client = give_app(member), Client()
    password(client, member.email)
    assert "Use a passkey" in client.get(reverse("mfa_authenticate")).text
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert is_signed_in(client)
