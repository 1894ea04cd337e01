"""The keys that sign identity tokens (A5): from the environment; outside production one is made where there is none."""

import os
import re
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings

PEM = re.compile(r"-----BEGIN (?:RSA )?PRIVATE KEY-----.+?-----END (?:RSA )?PRIVATE KEY-----", re.DOTALL)
# As hard to guess as 128 bits are (ASVS 11.2.3).
SMALLEST = 3072


def signing_keys() -> list[str]:
    """PEM texts, the one that signs first; the others are still good for checking what they signed."""
    given = split_keys(settings.IDENTITY_SIGNING_KEYS)
    return given or [_made_key(settings.STATE_DIR / "signing-key.pem")]


def split_keys(text: str) -> list[str]:
    """Keys that stand one after the other; an environment that knows no line ends writes them as `\\n`."""
    return PEM.findall(text.replace("\\n", "\n"))


def is_good_key(pem: str) -> bool:
    """Whether it is a private RSA key of 3072 bits or more: tokens are signed with RS256."""
    try:
        key = serialization.load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError):
        return False
    return isinstance(key, rsa.RSAPrivateKey) and key.key_size >= SMALLEST


@cache
def _made_key(path: Path) -> str:
    if not path.exists():
        _make_key(path)
    return path.read_text()


def _make_key(path: Path) -> None:
    """Whole or not at all, and the first of several processes wins: web and worker start at the same moment."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=SMALLEST)
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Only its owner may read what NamedTemporaryFile makes.
    with NamedTemporaryFile(dir=path.parent, prefix=".signing-key-") as file:
        file.write(pem)
        file.flush()
        try:
            os.link(file.name, path)
        except FileExistsError:
            return
