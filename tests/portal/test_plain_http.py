"""Plain HTTP: browsers are led on to HTTPS, programs are refused (ASVS 4.1.2)."""

import pytest

PROGRAMS = (
    *("/api/v1/account/", "/identity/token", "/identity/revoke", "/identity/device-code", "/identity/userinfo"),
    *("/webhooks/payments/", "/.well-known/openid-configuration"),
)


@pytest.mark.parametrize("path", PROGRAMS)
def test_a_call_of_a_program_is_refused_and_not_led_on(client, settings, path):
    settings.SECURE_SSL_REDIRECT = True
    answer = client.post(path, headers={"Authorization": "Bearer secret"})
    assert (answer.status_code, answer.json()["code"], "Location" in answer) == (403, "https_only", False)


def test_a_page_is_led_on(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/en/garage/?page=2")
    assert (answer.status_code, answer["Location"]) == (301, "https://testserver/en/garage/?page=2")


def test_by_https_both_are_answered(client, market, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/api/v1/account/", secure=True).status_code == 401
    assert client.get("/en/", secure=True).status_code == 200
