"""K1: role by page by action, each tried with a real request. The table itself: desk_rights.py."""

import logging
import re
from collections.abc import Iterator
from functools import cache

import pytest
import time_machine
from django.contrib import admin
from django.contrib.auth.models import Group
from django.template import Template
from django.test import Client
from django.urls import Resolver404, resolve

from accounts.models import Account
from garage.models import DrivingDay, Trip, VehicleAlert, VehicleReport, VehicleState, WorkshopStaff
from portal.card_numbers import contains_card_number
from portal.models import AuditRecord
from portal.roles import ROLES
from tests import make
from tests.meta.desk import LISTING, OF_DJANGO, WRITTEN, pages, table_name, url_of
from tests.meta.desk_rights import rights
from tests.meta.reading import ReadingClient
from tests.staff import sign_in_at_the_desk

DEALERS = {"dealer", "dealer_manager"}
# Where it is the effect of what a dealer is about to do (X7, X10).
SHOWING_WHAT_COMES_BACK = ("_cancellation", "_release", "_handover", "_decision")
IN, OUT = "opens", "refused"


@pytest.fixture
def hired(estate):
    """A member of staff with just this role. The estate's manager of a dealer is the one at work on its car."""

    def hire(role: str) -> Account:
        if role == "dealer_manager":
            return Account.objects.get(email="mechanic@staff.example.com")
        facts = {"market": estate.owner.market, "is_staff": True, "first_name": "Anna", "last_name": "Panou"}
        who = make.account(f"{role}@staff.example.com", **facts)
        who.groups.set(Group.objects.filter(name=role))
        if role in DEALERS:
            WorkshopStaff.objects.create(account=who, workshop=WorkshopStaff.objects.first().workshop)
        return who

    return hire


def test_K1_every_page_of_the_desk_has_its_row_in_the_table():
    assert {table_name(name) for name in pages()} == set(rights())
    assert ROLES.keys() >= {role for roles in rights().values() for role in roles}


def asked() -> dict[str, object]:
    """Lists, rows and whatever else has an address; nobody adds and deletes, and a history goes with its row."""
    besides = tuple(f"_{each}" for each in (*WRITTEN, "history"))
    return {name: page for name, page in pages().items() if not name.endswith(besides)}


def tried(client: Client, estate) -> Iterator[tuple[str, str, str]]:
    """Each page with what comes of it, and its text; what is refused is refused by POST as well."""
    for name, page in asked().items():
        url = url_of(name, page, estate)
        answer = client.get(url)
        if answer.status_code == 403 and table_name(name) == name:
            assert (name, client.post(url).status_code in {403, 405}) == (name, True)
        is_text = answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
        text = answer.content.decode() if is_text else ""
        yield name, OUT if answer.status_code == 403 else IN, text


@pytest.fixture
def quickly(caplog, settings, monkeypatch):
    """Of some two thousand answers neither the log nor the templates' contexts are kept, and a refusal is not drawn."""
    caplog.set_level(logging.CRITICAL, logger="django.request")
    settings.ROOT_URLCONF = "tests.meta.desk_urls"
    monkeypatch.setattr(Template, "_render", lambda template, context: template.nodelist.render(context))


@pytest.mark.long
def test_K1_each_role_opens_what_the_table_says_and_nothing_else_and_sees_no_more_than_it_needs(
    estate, hired, stranger, quickly
):
    """One walk of all roles: the estate is dear. What a page shows is looked at on the way."""
    wrong = {}
    with time_machine.travel(make.NOW, tick=False):
        for outsider in (None, stranger):
            wrong |= {(outsider, name): way for name, way in ways_in(outsider, estate) if way != (302, "/admin/login/")}
        for role in ROLES:
            client = sign_in_at_the_desk(ReadingClient(), hired(role))
            for name, outcome, text in tried(client, estate):
                if outcome != (IN if role in rights()[table_name(name)] else OUT):
                    wrong[role, name] = outcome
                wrong |= {(role, name, fault): True for fault in faults(name, text, role, estate)}
    assert wrong == {}
    assert AuditRecord.objects.filter(what="desk refused").values("by").distinct().count() == len(ROLES)


def ways_in(account: Account | None, estate) -> Iterator[tuple[str, tuple[int, str]]]:
    """Of visitors and customers: to the sign-in page, whatever is asked for."""
    client = Client()
    if account:
        client.force_login(account)
    for name, page in pages().items():
        answer = client.get(url_of(name, page, estate))
        yield name, (answer.status_code, answer.get("Location", "")[:13])


def faults(name: str, text: str, role: str, estate) -> list[str]:
    """K1, K6: no link to a 403, no number of a card; editors see no customer, dealers no other one and no money."""
    found = [f"a link to {each}" for each in linked(text) if role not in rights()[table_name(each)]]
    if contains_card_number(re.sub(r"<[^>]*>|[0-9a-f-]{36}", " ", text)):
        found.append("a card number")
    owner = estate.owner
    if role == "editor" and any(each in text for each in (owner.email, owner.last_name, str(estate.vin))):
        found.append("a customer")
    if role in DEALERS and any(each in text for each in ("client@example.com", "Makariou", "4242")):
        found.append("a card, an address or another customer")
    if role in DEALERS and "60.00" in text and not name.endswith(SHOWING_WHAT_COMES_BACK):
        found.append("money")
    return found


def linked(text: str) -> Iterator[str]:
    for path in set(re.findall(r'href="(/admin/[^"?#]*)', text)):
        name = name_of(path)
        if name and name not in OF_DJANGO and not name.endswith(("_add", LISTING)):
            yield name


@cache
def name_of(path: str) -> str | None:
    try:
        return resolve(path).url_name
    except Resolver404:
        return None


def test_K1_location_and_trips_have_no_page_at_the_desk():
    """But by the customer's own leave, for a case and a time (support/cases/sight.py)."""
    assert not {Trip, DrivingDay, VehicleState, VehicleReport, VehicleAlert} & admin.site._registry.keys()


def test_K1_nothing_is_added_or_deleted_by_anybody_but_what_has_a_form(rf, admin_user_of_all):
    """Drafts of the Terms, incidents, same words: K1's table says who."""
    request = rf.get("/admin/")
    request.user = admin_user_of_all
    adds = {model._meta.label_lower for model, page in admin.site._registry.items() if page.has_add_permission(request)}
    deletes = {m._meta.label_lower for m, page in admin.site._registry.items() if page.has_delete_permission(request)}
    assert adds == {"accounts.termsversion", "subscriptions.serviceincident", "support.samewords"}
    assert deletes <= adds


@pytest.fixture
def admin_user_of_all(market):
    return make.account("chief@staff.example.com", market=market, is_staff=True, is_superuser=True)
