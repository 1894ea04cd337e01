"""A5: the keys that sign identity tokens."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from accounts.identity.adapter import IdentityAdapter
from portal import signing_keys


def pem(key) -> str:
    kind = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption()).decode()


def rsa_key(size: int = 2048) -> str:
    return pem(rsa.generate_private_key(public_exponent=65537, key_size=size))


@pytest.fixture
def empty_state(settings, tmp_path):
    settings.IDENTITY_SIGNING_KEYS, settings.STATE_DIR = "", tmp_path
    signing_keys._made_key.cache_clear()
    yield tmp_path
    signing_keys._made_key.cache_clear()


def test_the_first_key_signs_and_the_older_one_is_still_published(settings):
    new, old = rsa_key().strip(), rsa_key().strip()
    settings.IDENTITY_SIGNING_KEYS = f"{new}\n{old}"
    assert IdentityAdapter().get_signing_key().pem == new
    assert [key.pem for key in IdentityAdapter().list_private_keys(is_active=True)] == [new, old]


def test_line_ends_may_be_written_out():
    key = rsa_key().strip()
    assert signing_keys.split_keys(key.replace("\n", "\\n")) == [key]


def test_a_key_that_is_too_short_of_another_kind_or_none_is_not_good():
    assert signing_keys.is_good_key(rsa_key(3072))
    for other in (rsa_key(2048), pem(ec.generate_private_key(ec.SECP256R1())), "-----BEGIN PRIVATE KEY-----"):
        assert not signing_keys.is_good_key(other)


def test_outside_production_one_is_made_once_and_for_its_owner_alone(empty_state):
    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(lambda _number: signing_keys.signing_keys()[0], range(4)))
    assert len(found) == 1
    assert signing_keys.is_good_key(found.pop())
    file = empty_state / "signing-key.pem"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in empty_state.iterdir()] == [file.name]
