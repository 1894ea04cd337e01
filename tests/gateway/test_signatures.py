"""Signatures of webhooks: what is signed, by whom, and when."""

import pytest

from subscriptions.gateway.signatures import is_signed, sign

AT = 1_800_000_000
BODY = b'{"id": "event_1"}'


def holds(header, *, secrets=("secret",), at=AT, body=BODY):
    return is_signed(header, body, secrets=secrets, at=at)


def test_a_signature_is_the_hmac_of_moment_and_body():
    # Computed with openssl: printf '1800000000.{"id": "event_1"}' | openssl dgst -sha256 -hmac secret
    digest = "0dfa55333e587bc717b1b45490b658611a016cffecf0d3d835d24bf4bed09697"
    assert sign(BODY, secret="secret", at=AT) == f"t={AT},v1={digest}"


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_it_holds_for_five_minutes_around_its_moment(seconds):
    assert holds(sign(BODY, secret="secret", at=AT), at=AT + seconds)


@pytest.mark.parametrize("seconds", [-301, 301, 10**6])
def test_it_holds_no_longer(seconds):
    assert not holds(sign(BODY, secret="secret", at=AT), at=AT + seconds)


def test_one_of_several_secrets_and_one_of_several_signatures_is_enough():
    signed = sign(BODY, secret="secret", at=AT)
    assert holds(signed, secrets=["other", "secret"])
    assert holds(signed.replace(",v1=", ",v1=00,v1="))


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t=,v1=",
        f"t={AT}",
        f"t={AT},v1=",
        f"t={AT},v0=" + "0" * 64,
        "v1=" + "0" * 64,
        "t=١,v1=00",
        "t=-1,v1=00",
        "t=" + "9" * 400 + ",v1=00",
        f"t={AT},v1=é",
        "," * 10_000,
    ],
)
def test_what_is_no_signature_does_not_hold(header):
    assert not holds(header)


def test_an_empty_secret_signs_nothing():
    assert not holds(sign(BODY, secret="", at=AT), secrets=["", ""])


def test_two_moments_are_none():
    assert not holds(f"t={AT}," + sign(BODY, secret="secret", at=AT))
