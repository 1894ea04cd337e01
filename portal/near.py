"""What is the same for everybody and asked with nearly every page, kept as long as copies of public pages are."""

from collections.abc import Callable
from typing import TypeVar, cast

from django.conf import settings
from django.core.cache import caches
from django.utils.translation import get_language

Value = TypeVar("Value")


def kept_near(name: str, make: Callable[[], Value]) -> Value:
    """In this process, for each language by itself; where no copies are kept, it is made each time. Each caller gets
    a value of their own. Nothing personal may be in it."""
    if not settings.PUBLIC_COPY_SECONDS:
        return make()
    key = f"{name}:{get_language()}".replace(" ", "-")
    return cast(Value, caches["near"].get_or_set(key, make, settings.PUBLIC_COPY_SECONDS))
