"""What is the same for everybody and asked with nearly every page, kept as long as copies of public pages are."""

import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from hashlib import blake2b
from typing import Any, NamedTuple, TypeVar, cast

from django.conf import settings
from django.core.cache import caches
from django.utils.translation import get_language

# Of many things; some kilobytes each.
MOST_KEPT = 5_000

Value = TypeVar("Value")
Key = TypeVar("Key", bound=Hashable)


class _Kept(NamedTuple):
    until: float
    value: Any


# Not in Django's cache of this process, which packs, unpacks and looks for what memcached forbids in a key: a search
# asks for twenty things.
_KEPT: dict[bytes, _Kept] = {}
_NOTHING = _Kept(0, None)


def kept_near(name: str, make: Callable[[], Value]) -> Value:
    """In this process, for each language by itself; where no copies are kept, it is made each time. Each caller gets
    a value of their own. Nothing personal may be in it."""
    if not settings.PUBLIC_COPY_SECONDS:
        return make()
    key = f"{name}:{get_language()}".replace(" ", "-")
    return cast(Value, caches["near"].get_or_set(key, make, settings.PUBLIC_COPY_SECONDS))


def each_kept_near(
    name: str, keys: Sequence[Key], make: Callable[[Sequence[Key]], Mapping[Key, Value]]
) -> dict[Key, Value]:
    """The same of many things: those that are not kept are made all at once. Each caller gets the kept value itself:
    it has to be of words, numbers and tuples, so that nobody can change it for the others."""
    if not settings.PUBLIC_COPY_SECONDS:
        return dict(make(keys)) if keys else {}
    # By their digest: a key may be what a visitor has typed.
    begin, now = f"{name}:{get_language()}:", time.time()
    digests = {key: blake2b(f"{begin}{key!r}".encode(), digest_size=16).digest() for key in keys}
    kept = {key: _KEPT.get(digest, _NOTHING) for key, digest in digests.items()}
    there = {key: each.value for key, each in kept.items() if each.until > now}
    missing = [key for key in keys if key not in there]
    made = make(missing) if missing else {}
    if len(_KEPT) + len(made) > MOST_KEPT:
        forget()
    _KEPT.update({digests[key]: _Kept(now + settings.PUBLIC_COPY_SECONDS, value) for key, value in made.items()})
    return there | dict(made)


def forget() -> None:
    """All of the many things: they are made again in no time."""
    _KEPT.clear()
