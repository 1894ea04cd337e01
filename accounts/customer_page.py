"""The customer whole (K2): the account's page in the admin, of which each app brings its own sections and operations.

A section is made in a fixed number of queries, shows the newest rows, and leads to the whole list.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.models import Account
from portal.desk.pages import Button, Panel, Words

# So many rows of each; more are in the list to which the section leads.
SHOWN = 8
# By place on the page, the first on top.
CONTROL, CONTRACTS, CHARGES, PAID_BACK, PAPERS, CARDS, CASES, TOLD, AGREED, DEVICES = range(10, 110, 10)

Build = Callable[[Account, Any], Panel]
# Names of an account's cars, those that have left it too, by number.
Cars = Callable[[Account], dict[int, str]]
View = Callable[[Any, HttpRequest, Account], HttpResponse]


@dataclass(frozen=True, kw_only=True)
class Section:
    place: int
    # The permission without which it is not there.
    needs: str
    build: Build


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page below the customer's own: a view of the account's admin, the request and the account."""

    label: Words
    needs: str
    show: View
    # Among the buttons, the first in front.
    place: int
    # Whether this account has it; a page without a button is reached from elsewhere.
    is_offered: Callable[[Account], bool]


SECTIONS: list[Section] = []
# By the noun in the address.
PAGES: dict[str, Page] = {}
CARS: list[Cars] = []


def section(*, place: int, needs: str) -> Callable[[Build], Build]:
    """Registers a function of account and member of staff that makes a section."""

    def registered(build: Build) -> Build:
        SECTIONS.append(Section(place=place, needs=needs, build=build))
        return build

    return registered


def page(
    noun: str,
    *,
    label: Words,
    needs: str,
    place: int = 20,
    is_offered: Callable[[Account], bool] = lambda _account: True,
) -> Callable[[View], View]:
    """Registers a page below the customer's own, with its button; who lacks the permission has neither."""

    def registered(show: View) -> View:
        PAGES[noun] = Page(label=label, needs=needs, show=show, place=place, is_offered=is_offered)
        return show

    return registered


def cars(found: Cars) -> Cars:
    """Registers the app that knows the cars of an account."""
    CARS.append(found)
    return found


def cars_of(account: Account) -> dict[int, str]:
    return {number: name for found in CARS for number, name in found(account).items()}


def url_of(account: Account, noun: str) -> str:
    return reverse(f"admin:accounts_account_{noun}", args=[account.pk])


def sections_of(account: Account, staff: Any) -> list[Panel]:
    """Only what the member of staff may see."""
    ordered = sorted(SECTIONS, key=lambda each: each.place)
    return [each.build(account, staff) for each in ordered if staff.has_perm(each.needs)]


def buttons_of(account: Account, staff: Any) -> list[Button]:
    return [
        Button(label=page.label, url=url_of(account, noun))
        for noun, page in sorted(PAGES.items(), key=lambda each: each[1].place)
        if staff.has_perm(page.needs) and page.is_offered(account)
    ]
