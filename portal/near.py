"""What is the same for everybody and asked with nearly every page, kept as long as copies of public pages are."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from hashlib import blake2b
from typing import TypeVar, cast

from django.conf import settings
from django.core.cache import caches
from django.utils.translation import get_language

Value = TypeVar("Value")
Key = TypeVar("Key", bound=Hashable)


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
    """The same of many things: those that are not kept are made all at once."""
    if not settings.PUBLIC_COPY_SECONDS:
        return dict(make(keys)) if keys else {}
    # By their digest: a key may be what a visitor has typed.
    begin = f"{name}:{get_language()}:"
    digests = {key: blake2b(f"{begin}{key!r}".encode(), digest_size=16).hexdigest() for key in keys}
    kept = caches["near"].get_many(list(digests.values()))
    missing = [key for key, digest in digests.items() if digest not in kept]
    made = make(missing) if missing else {}
    caches["near"].set_many({digests[key]: value for key, value in made.items()}, settings.PUBLIC_COPY_SECONDS)
    return {key: kept[digest] for key, digest in digests.items() if digest in kept} | dict(made)
