"""Operations on a car's page in the admin, of which higher apps bring their own; see `accounts/customer_page.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from garage.models import Vehicle
from portal.desk.pages import Words

View = Callable[[Any, HttpRequest, Vehicle], HttpResponse]


@dataclass(frozen=True, kw_only=True)
class Page:
    label: Words
    needs: str
    show: View


# By the noun in the address.
PAGES: dict[str, Page] = {}


def page(noun: str, *, label: Words, needs: str) -> Callable[[View], View]:
    """Registers a page below the car's own, with its button; who lacks the permission has neither."""

    def registered(show: View) -> View:
        PAGES[noun] = Page(label=label, needs=needs, show=show)
        return show

    return registered
