"""An accountant reads documents of chosen cars, and nothing else; either side ends it (I5)."""

from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Notice
from garage.models import Vehicle
from portal.models import AuditRecord
from subscriptions.actions.accountants import READ, accept_invitation, choose_cars, end_access, invite_accountant
from subscriptions.models import AccountantAccess, Document
from tests import make
from tests.refusing import refusal_code


@pytest.fixture(autouse=True)
def clock_of_pages():
    with time_machine.travel(make.NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def books(market):
    return make.account("books@example.com", market=market, first_name="Anna", last_name="Books")


@pytest.fixture
def second_car(owner):
    return make.active_car(owner, 2)


@pytest.fixture
def paid(car, second_car, card, digital_key, gateway):
    """An invoice for each of two cars."""
    for each in (car, second_car):
        make.subscription(each, package=digital_key, gateway=gateway)


def invite(owner, vehicles=None, email="books@example.com", now=make.NOW):
    return invite_accountant(owner=owner, email=email, vehicles=vehicles, now=now, by=owner)


@pytest.fixture
def access(owner, books, car, paid):
    """To the documents of the first car only."""
    return accept_invitation(access=invite(owner, [car.vehicle]), now=make.NOW, by=books)


def signed_in(account):
    client = Client()
    client.force_login(account)
    return client


def of(car):
    return Document.objects.get(subscription__vehicle=car.vehicle)


def page(name, *arguments):
    return reverse(name, args=arguments)


# Inviting


def test_I5_the_owner_invites_and_the_accountant_accepts_once(owner, books, car, deliver, mailoutbox):
    typed = {"email": "Books@example.com", "scope": "chosen", "cars": [str(car.vehicle.public_id)]}
    assert signed_in(owner).post(page("accountants"), typed).status_code == 302
    deliver()
    access = AccountantAccess.objects.get()
    link = page("accountant_invitation", access.public_id)
    assert link in mailoutbox[0].body
    assert owner.get_full_name() not in mailoutbox[0].body
    reader = signed_in(books)
    assert owner.get_full_name() in reader.get(link).content.decode()
    assert not AccountantAccess.objects.filter(accepted_at__isnull=False).exists()
    assert reader.post(link)["Location"] == page("documents_of_other", access.public_id)
    assert reader.post(link).status_code == 404
    told = Notice.objects.filter(kind="accountant_access").values_list("account__email", flat=True)
    assert sorted(told) == ["books@example.com", "owner@example.com"]


def test_I5_an_invitation_is_only_for_the_confirmed_address(owner, stranger, books):
    access = invite(owner)
    link = page("accountant_invitation", access.public_id)
    assert signed_in(stranger).get(link).status_code == 404
    assert refusal_code(accept_invitation, access=access, now=make.NOW, by=stranger) == "invitation_over"
    books.emailaddress_set.update(verified=False)
    assert signed_in(books).post(link).status_code == 404


@pytest.mark.parametrize(("days", "is_good"), [(6, True), (7, False)])
def test_I5_an_invitation_is_good_for_seven_days(owner, books, clock_of_pages, days, is_good):
    access = invite(owner)
    clock_of_pages.shift(make.days(days))
    signed_in(books).post(page("accountant_invitation", access.public_id))
    access.refresh_from_db()
    assert (access.accepted_at is not None) is is_good


def test_invited_again_the_earlier_link_is_dead(owner, books):
    first, second = invite(owner), invite(owner)
    reader = signed_in(books)
    got = [reader.get(page("accountant_invitation", each.public_id)).status_code for each in (first, second)]
    assert got == [404, 200]


def test_what_cannot_be_invited_is_said(owner, access):
    assert refusal_code(invite, owner=owner, email=owner.email) == "accountant_oneself"
    assert refusal_code(invite, owner=owner) == "accountant_there_already"
    assert refusal_code(invite, owner=owner, vehicles=[], email="x@example.com") == "accountant_no_car"


def test_ten_at_most(owner):
    for number in range(10):
        invite(owner, email=f"{number}@example.com")
    assert refusal_code(invite, owner=owner, email="x@example.com") == "accountants_too_many"


@pytest.mark.parametrize(
    "typed",
    [
        {"email": "nobody", "scope": "all"},
        {"email": "x@example.com", "scope": "chosen"},
        {"email": "x@example.com", "scope": "chosen", "cars": [str(uuid4())]},
        {"email": "x@example.com", "scope": "some"},
    ],
)
def test_a_form_that_cannot_be_is_answered_in_words(owner, car, typed):
    answer = signed_in(owner).post(page("accountants"), typed).content.decode()
    assert "error-summary" in answer
    assert f'value="{typed["email"]}"' in answer
    assert not AccountantAccess.objects.exists()


def test_a_car_of_somebody_else_cannot_be_chosen(owner, car, stranger):
    foreign = make.active_car(stranger, 7)
    typed = {"email": "x@example.com", "scope": "chosen", "cars": [str(foreign.vehicle.public_id)]}
    assert "error-summary" in signed_in(owner).post(page("accountants"), typed).content.decode()


def test_no_accountant_is_flooded_with_invitations(owner, car):
    client, typed = signed_in(owner), {"email": "books@example.com", "scope": "all"}
    got = [client.post(page("accountants"), typed).status_code for _ in range(4)]
    assert got == [302, 302, 302, 429]


def test_the_database_refuses_a_second_access_and_one_to_oneself(owner, books, access):
    itself = AccountantAccess.objects.filter(pk=access.pk)
    with pytest.raises(IntegrityError, match="accountant_once_while_it_lasts"), transaction.atomic():
        AccountantAccess.objects.create(owner=owner, email=books.email, is_of_all_cars=True, invited_at=make.NOW)
    with pytest.raises(IntegrityError, match="accountant_is_somebody_else"), transaction.atomic():
        itself.update(accountant=owner)
    with pytest.raises(IntegrityError, match="accountant_accepted_by_somebody"), transaction.atomic():
        itself.update(accountant=None)


# Reading


def test_I5_the_accountant_sees_the_documents_of_the_chosen_cars_only(access, books, owner, car, second_car):
    reader = signed_in(books)
    assert owner.get_full_name() in reader.get(page("documents_of_others")).content.decode()
    seen = reader.get(page("documents_of_other", access.public_id)).content.decode()
    assert of(car).number in seen
    assert of(second_car).number not in seen
    for form in ("pdf", "xml"):
        assert reader.get(page(f"other_document_{form}", access.public_id, of(car).public_id)).status_code == 200
        hidden = page(f"other_document_{form}", access.public_id, of(second_car).public_id)
        assert reader.get(hidden).status_code == 404


def test_D4_the_accountant_of_a_seller_reads_the_plate_that_the_documents_have(access, books, car):
    Vehicle.objects.filter(pk=car.vehicle_id).update(plate="NEW001")
    seen = signed_in(books).get(page("documents_of_other", access.public_id)).content.decode()
    assert ("KAA001" in seen, "NEW001" in seen) == (True, False)


def test_I5_all_cars_means_later_ones_too(owner, books, paid, market, digital_key, gateway):
    access = accept_invitation(access=invite(owner), now=make.NOW, by=books)
    make.subscription(make.active_car(owner, 3), package=digital_key, gateway=gateway)
    seen = signed_in(books).get(page("documents_of_other", access.public_id)).content.decode()
    numbers = Document.objects.values_list("number", flat=True)
    assert len(numbers) == 3
    assert all(number in seen for number in numbers)


def test_I5_nothing_else_of_the_owner_is_open(access, books, car):
    reader, document = signed_in(books), of(car)
    others = [
        page("document_pdf", document.public_id),
        page("document_correction", document.public_id),
        page("subscription", document.subscription.public_id),
        page("vehicle", car.public_id),
    ]
    assert [reader.get(url).status_code for url in others] == [404] * 4
    for name in ("wallet", "documents", "garage", "subscriptions"):
        assert document.number not in reader.get(page(name)).content.decode()


def test_the_list_is_filtered_by_car_and_year_and_nonsense_filters_nothing(owner, books, paid, car, second_car):
    access = accept_invitation(access=invite(owner), now=make.NOW, by=books)
    reader, url = signed_in(books), page("documents_of_other", access.public_id)

    def numbers(**query):
        return {document.number for document in reader.get(url, query).context["page"]}

    both = {of(car).number, of(second_car).number}
    assert numbers(car=str(car.vehicle.public_id)) == {of(car).number}
    assert numbers(year="2026") == numbers(year="x", car="y") == numbers(year="\x00", page="9") == both
    assert numbers(year="2025") == numbers(car=str(uuid4())) == set()


def test_I5_each_download_is_recorded_and_the_owner_sees_it(access, books, owner, car):
    reader = signed_in(books)
    assert "Not used yet." in signed_in(owner).get(page("accountants")).content.decode()
    reader.get(page("other_document_pdf", access.public_id, of(car).public_id))
    reader.head(page("other_document_xml", access.public_id, of(car).public_id))
    record = AuditRecord.objects.get(what=READ)
    assert (record.account, record.by, record.data["number"]) == (owner, books, of(car).number)
    seen = signed_in(owner).get(page("accountants")).content.decode()
    assert "Last used on 10 June 2026." in seen
    assert f"{of(car).number} (PDF)" in seen


# Ending


def test_I5_the_owner_ends_it_at_once_and_both_are_told(access, books, owner, car):
    signed_in(owner).post(page("accountant_end", access.public_id))
    reader = signed_in(books)
    for url in (
        page("documents_of_other", access.public_id),
        page("other_document_pdf", access.public_id, of(car).public_id),
        page("other_document_xml", access.public_id, of(car).public_id),
        page("accountant_invitation", access.public_id),
    ):
        assert reader.get(url).status_code == 404
    assert Notice.objects.filter(kind="accountant_access", facts__change="ended").count() == 2


def test_I5_the_accountant_leaves(access, books):
    reader = signed_in(books)
    reader.post(page("leave_documents_of_other", access.public_id))
    assert reader.get(page("documents_of_other", access.public_id)).status_code == 404
    assert AuditRecord.objects.get(what="accountant ended").by == books


def test_a_stranger_and_another_accountant_find_nothing(access, stranger, owner, car):
    other = signed_in(stranger)
    assert other.get(page("documents_of_other", access.public_id)).status_code == 404
    assert other.get(page("other_document_pdf", access.public_id, of(car).public_id)).status_code == 404
    assert other.post(page("leave_documents_of_other", access.public_id)).status_code == 404
    assert other.post(page("accountant_end", access.public_id)).status_code == 404


def test_ended_twice_it_is_told_once(access, owner):
    for _ in range(2):
        end_access(access=access, now=make.NOW, by=owner)
    assert AuditRecord.objects.filter(what="accountant ended").count() == 1


# Changing the cars


def test_I5_a_car_that_is_taken_off_is_closed_at_once_and_both_are_told(
    owner, books, paid, car, second_car, deliver, mailoutbox
):
    access = accept_invitation(access=invite(owner), now=make.NOW, by=books)
    reader, url = signed_in(books), page("accountant_cars", access.public_id)
    typed = {"scope": "chosen", "cars": [str(second_car.vehicle.public_id)]}
    assert signed_in(owner).post(url, typed).status_code == 302
    assert reader.get(page("other_document_pdf", access.public_id, of(car).public_id)).status_code == 404
    assert reader.get(page("other_document_pdf", access.public_id, of(second_car).public_id)).status_code == 200
    deliver()
    assert {mail.to[0] for mail in mailoutbox if "documents of other cars" in mail.subject} == {
        owner.email,
        books.email,
    }
    changed = AuditRecord.objects.get(what="accountant cars changed")
    assert (changed.data["before"], changed.data["cars"]) == (["all"], [str(second_car.vehicle.public_id)])


def test_I5_the_form_shows_what_holds_and_saving_it_changes_nothing(access, owner, car):
    browser, url = signed_in(owner), page("accountant_cars", access.public_id)
    form = browser.get(url).context["form"]
    assert form.initial == {"scope": "chosen", "cars": [str(car.vehicle.public_id)]}
    browser.post(url, form.initial)
    assert not AuditRecord.objects.filter(what="accountant cars changed").exists()
    assert "Please choose at least one car" in browser.post(url, {"scope": "chosen"}).content.decode()


def test_I5_cars_are_changed_twice_in_a_day_and_never_after_the_end(access, owner, car, second_car):
    for vehicles in ([second_car.vehicle], None):
        choose_cars(access=access, vehicles=vehicles, now=make.NOW, by=owner)
    assert Notice.objects.filter(kind="accountant_access", facts__change="cars").count() == 4
    end_access(access=access, now=make.NOW, by=owner)
    facts = {"access": access, "vehicles": [car.vehicle], "now": make.NOW, "by": owner}
    assert refusal_code(choose_cars, **facts) == "accountant_ended"


def test_somebody_elses_car_or_access_cannot_be_chosen(access, owner, stranger):
    theirs = make.active_car(stranger, 3).vehicle.public_id
    url = page("accountant_cars", access.public_id)
    signed_in(owner).post(url, {"scope": "chosen", "cars": [str(theirs)]})
    assert signed_in(stranger).post(url, {"scope": "all"}).status_code == 404
    assert not AuditRecord.objects.filter(what="accountant cars changed").exists()


def test_I5_who_has_no_car_is_led_from_home_to_the_documents_of_others(access, books, owner):
    others = f'href="{reverse("documents_of_others")}"'
    assert [others in signed_in(each).get(reverse("home")).text for each in (books, owner)] == [True, False]


def test_the_list_of_subscriptions_says_which_car_each_is_for(owner, paid):
    said = signed_in(owner).get(reverse("subscriptions")).text
    assert [plate in said.partition("<main")[2] for plate in ("KAA001", "KAA002")] == [True, True]
