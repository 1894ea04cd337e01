"""Signing keys are read once.

allauth reads and checks its key again for every token, and for everybody who asks for the public one: a tenth of a
second of a processor each time."""

from functools import lru_cache

from allauth.core.internal import jwkkit

# A key that signs and those that it took the place of.
MOST_KEYS = 8


def read_keys_once() -> None:
    jwkkit.load_pem = lru_cache(maxsize=MOST_KEYS)(jwkkit.load_pem)
