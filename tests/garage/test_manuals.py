"""Owner manuals: who finds which, downloads that go on, what staff upload (G8, G11)."""

import io

import pikepdf
import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Account
from garage.actions.drivers import accept_driving, invite_driver
from garage.actions.manuals import ManualFacts, change_manual, publish_edition, publish_manual
from garage.models import Manual, ManualEdition
from portal.models import AuditRecord
from portal.roles import load_roles
from tests import make
from tests.refusing import refused
from tests.staff import sign_in_at_the_desk

NOW = make.NOW


@pytest.fixture(autouse=True)
def _clock_and_files(files):
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manual(car):
    return make.manual(car.vehicle)


def page(client, membership, **query):
    client.force_login(membership.account)
    return client.get(reverse("manuals", args=[membership.public_id]), query)


def titles(response):
    return [row.manual.title for row in response.context["shown"]]


def download(client, membership, edition, **headers):
    client.force_login(membership.account)
    url = reverse("manual", args=[membership.public_id, edition.public_id])
    response = client.get(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    response.body = b"".join(response.streaming_content) if response.streaming else b""
    return response


# Owners


def test_G8_a_car_lists_its_own_manuals_those_in_the_readers_language_first(client, car, manual):
    make.manual(car.vehicle, words="el", title="Εγχειρίδιο κατόχου", language="el")
    make.manual(car.vehicle, words="new", title="From 2019 on", first_year=2019)
    make.manual(car.vehicle, words="gen", title="MM19 only", generation="MM19")
    make.manual(car.vehicle, words="other", title="Another model", for_models=["UX 250h"])
    assert titles(page(client, car)) == ["Owner's manual", "Εγχειρίδιο κατόχου"]
    of_model = page(client, car, of_model="on")
    assert titles(of_model) == ["Owner's manual", "Εγχειρίδιο κατόχου", "From 2019 on", "MM19 only"]
    assert "For other cars of this model" in of_model.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "εγχειριδ"}, ["Εγχειρίδιο κατόχου"]),
        ({"q": "greek"}, ["Εγχειρίδιο κατόχου"]),
        ({"q": "manual owner"}, ["Owner's manual"]),
        ({"q": "wiring"}, []),
        ({"language": "el"}, ["Εγχειρίδιο κατόχου"]),
        ({"of_model": "on", "year": "2025"}, ["Owner's manual", "Εγχειρίδιο κατόχου", "From 2019 on"]),
        ({"of_model": "on", "year": "2016"}, ["Owner's manual", "Εγχειρίδιο κατόχου", "MM19 only"]),
        ({"of_model": "on", "generation": "MM19"}, ["MM19 only"]),
    ],
)
def test_G8_the_list_is_searched_by_words_language_year_and_generation(client, car, manual, query, found):
    make.manual(car.vehicle, words="el", title="Εγχειρίδιο κατόχου", language="el")
    make.manual(car.vehicle, words="new", title="From 2019 on", first_year=2019)
    make.manual(car.vehicle, words="gen", title="MM19 only", generation="MM19", last_year=2017)
    assert titles(page(client, car, **query)) == found


def queries_of(client, car):
    with CaptureQueriesContext(connection) as caught:
        page(client, car)
    return len(caught)


def test_the_list_takes_the_same_queries_for_one_as_for_ten(client, car, manual):
    page(client, car)
    with_one = queries_of(client, car)
    for number in range(9):
        make.manual(car.vehicle, words=str(number), title=f"Part {number}")
    assert queries_of(client, car) == with_one


def test_G11_verified_and_invited_accounts_have_the_manuals(client, car, manual, stranger):
    edition = manual.editions.get()
    verified = make.verified(stranger, car.vehicle)
    friend = make.account("friend@example.com", market=car.account.market)
    access = invite_driver(membership=car, email=friend.email, last_on=None, now=NOW, by=car.account)
    invited = accept_driving(access=access, now=NOW, by=friend)
    for link in (car, verified, invited):
        assert titles(page(client, link)) == ["Owner's manual"]
        assert download(client, link, edition).status_code == 200


def test_G11_who_only_typed_the_vin_and_a_stranger_have_none(client, car, manual, stranger):
    edition = manual.editions.get()
    client.force_login(stranger)
    assert client.get(reverse("manuals", args=[car.public_id])).status_code == 404
    assert client.get(reverse("manual", args=[car.public_id, edition.public_id])).status_code == 404
    typed = make.linked(stranger, car.vehicle)
    assert page(client, typed).status_code == 302
    assert download(client, typed, edition).status_code == 404


def test_G5_without_a_car_in_the_address_it_is_the_selected_ones(client, car, stranger):
    client.force_login(car.account)
    assert client.get(reverse("manuals_of_selected"))["Location"] == reverse("manuals", args=[car.public_id])
    client.force_login(stranger)
    assert client.get(reverse("manuals_of_selected"))["Location"] == reverse("garage")


def test_a_manual_of_another_model_or_market_is_not_found_through_a_car(client, car, manual):
    other = make.active_car(car.account, 2, model="UX 250h")
    assert download(client, other, manual.editions.get()).status_code == 404
    assert titles(page(client, other)) == []


def test_a_download_that_broke_off_goes_on_and_starts_anew_for_another_edition(client, car, manual):
    first = manual.editions.get()
    whole = download(client, car, first)
    rest = download(client, car, first, Range="bytes=100-", If_Range=whole["ETag"])
    assert (rest.status_code, rest.body) == (206, whole.body[100:])
    assert whole["Content-Disposition"] == 'attachment; filename="Owners_manual-en-1.pdf"'

    second = publish_edition(manual=manual, file=make.pdf("second"), now=NOW, by=None)
    # Whoever is in the middle of the first comes to its end.
    assert download(client, car, first, Range="bytes=100-", If_Range=whole["ETag"]).status_code == 206
    assert download(client, car, second, Range="bytes=100-", If_Range=whole["ETag"]).status_code == 200
    shown = page(client, car)
    assert shown.context["shown"][0].edition == second
    assert shown.context["shown"][0].earlier == [first]


def test_a_file_that_the_storage_lost_is_not_found(client, car, manual, files):
    edition = manual.editions.get()
    (files / str(edition.content.name)).unlink()
    assert download(client, car, edition).status_code == 404


# What staff upload


def facts(market, **changed):
    wanted = {"title": "T", "language": "en", "for_models": ["NX 350h"], "first_year": 2020}
    return ManualFacts(**{"market": market, "last_year": None, "generation": "", **wanted, **changed})


def locked_pdf():
    made = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(made, encryption=pikepdf.Encryption(owner="o", user="u"))
    return made.getvalue()


def scripted_pdf():
    made = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        document.save(made)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04 a zip that calls itself a PDF", "not_a_pdf"),
        (b"%PDF-1.7\nand nothing else", "not_a_pdf"),
        (b"", "not_a_pdf"),
        (make.pdf().read()[:-200], "not_a_pdf"),
        (locked_pdf(), "pdf_locked"),
        (scripted_pdf(), "pdf_runs_code"),
    ],
)
def test_a_file_is_judged_by_its_contents(market, files, content, code):
    with refused(code):
        publish_manual(facts=facts(market), file=ContentFile(content, name="manual.pdf"), now=NOW, by=None)
    assert not Manual.objects.exists()
    assert not list(files.rglob("*.pdf"))


def test_a_file_that_is_too_large_is_refused_before_it_is_read(market, monkeypatch):
    monkeypatch.setattr("garage.actions.manuals.MOST_BYTES", 100)
    with refused("file_too_large"):
        publish_manual(facts=facts(market), file=make.pdf(), now=NOW, by=None)


def test_replaced_editions_stay_and_the_same_file_is_no_new_one(manual):
    with refused("same_file"):
        publish_edition(manual=manual, file=make.pdf(), now=NOW, by=None)
    publish_edition(manual=manual, file=make.pdf("second", pages=3), now=NOW, by=None)
    assert list(manual.editions.order_by("number").values_list("number", "pages")) == [(1, 1), (2, 3)]
    assert AuditRecord.objects.filter(what="manual published").count() == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        ManualEdition.objects.filter(manual=manual).delete()


def test_the_same_manual_twice_is_refused_and_one_that_is_not_offered_is_not_found(client, car, manual):
    with refused("manual_known"):
        make.manual(car.vehicle, words="again")
    change_manual(manual=manual, facts=facts(manual.market), is_active=False, now=NOW, by=None)
    assert titles(page(client, car)) == []
    assert download(client, car, manual.editions.get()).status_code == 404


@pytest.fixture
def editor(client, market):
    load_roles()
    made = Account.objects.create_user("editor@staff.example.com", make.PASSWORD, market=market, is_staff=True)
    made.groups.add(Group.objects.get(name="editor"))
    return sign_in_at_the_desk(client, made)


def posted(market, **changed):
    wanted = {"market": market.pk, "title": "Handbook", "language": "en", "for_models": "NX 350h\nNX 450h+"}
    return {**wanted, "first_year": "2020", "last_year": "", "generation": "", "file": make.pdf(), **changed}


def test_an_editor_uploads_replaces_and_changes_a_manual_at_the_desk(editor, market, settings):
    # As a large file comes in: on disk, not in memory.
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    assert editor.post(reverse("admin:garage_manual_new"), posted(market)).status_code == 302
    row = Manual.objects.get()
    assert row.for_models == ["NX 350h", "NX 450h+"]
    url = {noun: reverse(f"admin:garage_manual_{noun}", args=[row.pk]) for noun in ("edition", "facts", "file")}
    assert editor.post(url["edition"], {"file": make.pdf("second")}).status_code == 302
    changed = posted(market, title="Guide", is_active="on", last_year="2024")
    assert editor.post(url["facts"], changed).status_code == 302
    row.refresh_from_db()
    assert (row.title, row.last_year, row.editions.count(), row.is_active) == ("Guide", 2024, 2, True)
    assert b"".join(editor.get(url["file"]).streaming_content).startswith(b"%PDF")
    assert editor.get(reverse("admin:garage_manual_changelist")).status_code == 200
    page = editor.get(reverse("admin:garage_manual_change", args=[row.pk])).content.decode()
    assert "Guide" in page
    assert page.count("editor@staff.example.com</td>") == 2


def test_what_is_wrong_with_an_upload_is_said_beside_the_field(editor, market):
    url = reverse("admin:garage_manual_new")
    assert 'enctype="multipart/form-data"' in editor.get(url).content.decode()
    wrong = posted(market, file=ContentFile(b"GIF89a", name="manual.pdf"))
    assert "This file is no PDF" in editor.post(url, wrong).content.decode()
    assert "before the first" in editor.post(url, posted(market, last_year="2019")).content.decode()
    assert not Manual.objects.exists()


def test_a_dealer_uploads_nothing(client, market, manual):
    load_roles()
    made = Account.objects.create_user("dealer@staff.example.com", make.PASSWORD, market=market, is_staff=True)
    made.groups.add(Group.objects.get(name="dealer"))
    desk = sign_in_at_the_desk(client, made)
    for url in (reverse("admin:garage_manual_new"), reverse("admin:garage_manual_file", args=[manual.pk])):
        assert desk.get(url).status_code == 403
