"""Who accessed my data: what staff open is on record, and the customer sees role, what and when (D1)."""

import pytest
import time_machine
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from accounts.accesses import SUBJECTS, accesses_of, present
from accounts.actions.consents import change_consent
from accounts.actions.export import ask_for_export
from accounts.models import Account
from accounts.rules.consents import Purpose
from garage.actions.drivers import accept_driving, invite_driver
from garage.models import ControlTransfer
from portal.models import StaffRead
from portal.roles import load_roles
from subscriptions.actions.accountants import accept_invitation, invite_accountant, record_reading
from subscriptions.actions.closing import close, closing_quote
from subscriptions.actions.offer_control import accept_offer, offer_control
from subscriptions.models import Document
from tests import make
from tests.refusing import assert_append_only
from tests.staff import sign_in_at_the_desk


@pytest.fixture(autouse=True)
def clock_of_pages():
    with time_machine.travel(make.NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def agent(market):
    load_roles()
    who = make.account("secret.name@staff.example.com", market=market, is_staff=True, first_name="Undisclosed")
    who.groups.set(Group.objects.filter(name="agent"))
    return who


@pytest.fixture
def desk(agent):
    return sign_in_at_the_desk(Client(), agent)


@pytest.fixture
def paid(car, card, digital_key, gateway):
    return make.subscription(car, package=digital_key, gateway=gateway)


def page_of(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def seen_by(account):
    return [present(row) for row in accesses_of(account)]


def my_page(client, owner):
    client.force_login(owner)
    return client.get(reverse("accesses"))


def test_D1_a_staff_read_is_shown_with_role_what_and_when_and_no_name(desk, client, owner):
    assert desk.get(page_of(owner)).status_code == 200
    page = my_page(client, owner)
    assert "Customer centre (agent)" in page.text
    assert str(SUBJECTS["accounts.account"]) in page.text
    assert "10 June 2026" in page.text
    assert "secret.name" not in page.text
    assert "Undisclosed" not in page.text


def test_D1_each_kind_of_page_about_a_customer_is_noted(desk, owner, car, card, paid):
    document = Document.objects.get(account=owner)
    rows = [owner, car.vehicle, card, paid, paid.contract, paid.payments.get(), document, owner.notices.first()]
    for row in rows:
        assert desk.get(page_of(row)).status_code == 200, row
    assert StaffRead.objects.filter(account=owner).count() == len(rows)
    assert {row._meta.label_lower for row in rows} <= SUBJECTS.keys()


def test_D1_each_page_that_is_about_somebody_finds_whom():
    of_staff = {"by", "decided_by", "requested_by", "announced_by", "staff", "declared_by"}
    # The owner of a work item or a case is the one of the staff who has taken it; an app's is nobody.
    taken_by_staff = {"subscriptions.workitem", "support.case"}
    not_about_it = {"allauth_idp_oidc.client"}
    for model, desk in admin.site._registry.items():
        fields = [field for field in model._meta.concrete_fields if field.related_model is Account]
        staff = of_staff | ({"owner"} if model._meta.label_lower in taken_by_staff else set())
        about = [field for field in fields if field.name not in staff]
        if about and model._meta.label_lower not in not_about_it:
            row = model(**{field.attname: 7 + number for number, field in enumerate(about)})
            assert set(desk.customers_of(row)) == {7 + number for number in range(len(about))}, model


def test_D1_who_offers_asks_invites_or_drives_sees_that_staff_looked(desk, owner, stranger, car):
    facts = {"now": make.NOW, "by": owner}
    access = invite_driver(membership=car, email=stranger.email, last_on=None, **facts)
    accept_driving(access=access, now=make.NOW, by=stranger)
    offer_control(membership=car, email=stranger.email, confirmed=None, **facts)
    transfer = accept_offer(transfer=ControlTransfer.objects.get(), now=make.NOW, by=stranger)
    for row in (access, transfer):
        assert desk.get(page_of(row)).status_code == 200
        assert row._meta.label_lower in SUBJECTS
    assert StaffRead.objects.filter(account=owner).count() == StaffRead.objects.filter(account=stranger).count() == 2


def test_D1_a_file_that_staff_take_is_noted(desk, owner, paid, files):
    document = Document.objects.get(account=owner)
    assert desk.get(reverse("admin:subscriptions_document_pdf", args=[document.pk])).status_code == 200
    assert [read.subject_type for read in StaffRead.objects.filter(account=owner)] == ["subscriptions.document"]


def test_D1_loading_a_page_again_floods_nothing_and_later_it_is_another_read(desk, owner, clock_of_pages):
    for _ in range(5):
        desk.get(page_of(owner))
    assert StaffRead.objects.count() == 1
    clock_of_pages.shift(601)
    desk.get(page_of(owner))
    assert StaffRead.objects.count() == 2


def test_D1_a_page_of_a_car_is_noted_for_everybody_whose_link_it_shows(desk, owner, stranger, car):
    make.add_vehicle(account=stranger, vin=car.vehicle.vin, now=make.NOW, by=stranger)
    desk.get(page_of(car.vehicle))
    assert set(StaffRead.objects.values_list("account", flat=True)) == {owner.pk, stranger.pk}


def test_D1_what_is_refused_or_not_there_is_no_read(desk, owner, paid):
    assert desk.get(reverse("admin:accounts_account_change", args=[0])).status_code == 302
    assert desk.get(reverse("admin:subscriptions_document_correction", args=[Document.objects.get().pk])).status_code
    assert not StaffRead.objects.exists()


def test_D1_a_read_can_not_be_changed_or_deleted(desk, owner):
    desk.get(page_of(owner))
    assert_append_only(StaffRead.objects.get())


def test_D1_an_administrator_can_say_who_it_was(desk, owner, agent):
    desk.get(page_of(owner))
    agent.groups.set(Group.objects.filter(name="administrator"))
    answer = desk.get(page_of(StaffRead.objects.get()))
    assert "secret.name@staff.example.com" in answer.text


def test_D1_A6_the_desk_shows_consents_exports_and_closings_to_read_only(desk, owner, market, agent):
    agent.groups.set(Group.objects.filter(name="administrator"))
    wording = make.consent_wordings(market)[Purpose.DRIVING]
    facts = {"account": owner, "now": make.NOW, "by": owner}
    consent = change_consent(wording=wording, is_given=True, channel="portal", language="en", **facts)
    export = ask_for_export(**facts)
    closing = close(confirmed=closing_quote(owner, now=make.NOW), **facts)
    for row in (wording, consent, export, closing):
        page = desk.get(page_of(row))
        assert (page.status_code, 'name="_save"' in page.text) == (200, False), row
        assert desk.get(page_of(row).replace(f"{row.pk}/change/", "")).status_code == 200
    assert "owner@example.com" in desk.get(page_of(closing)).text


def test_D1_a_stranger_sees_only_what_was_opened_of_their_own(desk, owner, stranger):
    desk.get(page_of(owner))
    assert (len(seen_by(owner)), seen_by(stranger)) == (1, [])


def test_D1_staff_who_look_at_themselves_are_no_access(desk, agent):
    desk.get(page_of(agent))
    assert not StaffRead.objects.exists()


def test_I5_an_accountants_reading_stands_among_them(owner, market, paid):
    books = make.account("books@example.com", market=market)
    invited = invite_accountant(owner=owner, email=books.email, vehicles=None, now=make.NOW, by=owner)
    access = accept_invitation(access=invited, now=make.NOW, by=books)
    record_reading(access, Document.objects.get(), form="pdf", now=make.NOW + make.days(1))
    [seen] = seen_by(owner)
    assert (seen.who, seen.what, seen.at) == ("Accountant", "An invoice or credit note", make.NOW + make.days(1))


def test_D1_a_long_list_comes_in_pages_the_newest_first(desk, client, owner, clock_of_pages):
    for _ in range(21):
        desk.get(page_of(owner))
        clock_of_pages.shift(601)
    page = my_page(client, owner)
    assert (len(page.context["rows"]), page.context["page"].paginator.num_pages) == (20, 2)
    moments = [row.at for row in page.context["rows"]]
    assert moments == sorted(moments, reverse=True)
