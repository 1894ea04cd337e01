"""Finance loads a catalogue file at the desk: looked at first, then as it was shown, with a reason (K3, X10)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal import roles
from portal.models import AuditRecord
from subscriptions.models import CatalogueVersion
from tests.subscriptions.test_admin_terms import staff as staff
from tests.subscriptions.test_catalogue_versions import NEW, OLD, load, monthly, text

DEARER = (('"9.90", yearly: "99.00"', '"10.90"'), ("trial: true", "trial: false"))
ADDRESS = "admin:subscriptions_catalogueversion_preview"


@pytest.fixture(autouse=True)
def in_force(market):
    load()


@pytest.fixture
def finance(staff):
    return staff("finance")


def look_at(desk, content: str) -> dict[str, str]:
    """What the page then sends back."""
    page = desk.post(reverse(ADDRESS), {"file": SimpleUploadedFile("new.yaml", content.encode())})
    return {**page.context["loading"].initial, "reason": "Prices of July."}


def test_it_is_loaded_as_it_was_shown_once_with_who_and_why(finance):
    shown = look_at(finance, text(*DEARER))
    assert (monthly(), CatalogueVersion.objects.count()) == (OLD, 1)
    for _again in range(2):
        answer = finance.post(reverse(ADDRESS), shown, follow=True)
        assert "It is in force." in answer.content.decode()
    assert (monthly(), CatalogueVersion.objects.count()) == (NEW, 2)
    assert CatalogueVersion.objects.last().content == text(*DEARER)
    record = AuditRecord.objects.get(what="catalogue loaded", by__isnull=False)
    assert record.data["reason"] == "Prices of July."


def test_one_for_a_day_to_come_waits_for_it(finance):
    shown = look_at(finance, text(("market: CY", "market: CY\neffective_on: 2099-07-01"), *DEARER))
    answer = finance.post(reverse(ADDRESS), shown, follow=True)
    assert "comes into force on its day" in answer.content.decode()
    assert (monthly(), str(CatalogueVersion.objects.last().effective_on)) == (OLD, "2099-07-01")


def test_without_a_reason_nothing_is_loaded_and_nothing_is_lost(finance):
    shown = look_at(finance, text(*DEARER))
    page = finance.post(reverse(ADDRESS), shown | {"reason": ""})
    assert "This field is required." in page.content.decode()
    assert page.context["loading"]["catalogue"].value() == shown["catalogue"]
    assert CatalogueVersion.objects.count() == 1


def test_X10_where_something_changed_meanwhile_it_is_shown_again(finance):
    shown = look_at(finance, text(*DEARER))
    load(("MM21: 48", "MM21: 24"))
    page = finance.post(reverse(ADDRESS), shown)
    assert "Please look again" in page.content.decode()
    assert (monthly(), page.context["loading"]["reason"].value()) == (OLD, "Prices of July.")


def test_a_file_that_was_not_looked_at_here_is_not_loaded(finance):
    shown = look_at(finance, text(*DEARER))
    page = finance.post(reverse(ADDRESS), shown | {"catalogue": text(*DEARER)})
    assert "Choose the file once more." in page.content.decode()
    assert CatalogueVersion.objects.count() == 1


def test_K1_who_may_only_look_is_offered_no_loading(finance, monkeypatch):
    shown = look_at(finance, text(*DEARER))
    monkeypatch.setitem(roles.ROLES, "finance", roles.ROLES["finance"] - {"subscriptions.change_catalogueversion"})
    roles.load_roles()
    page = finance.post(reverse(ADDRESS), {"file": SimpleUploadedFile("new.yaml", text(*DEARER).encode())})
    assert page.context["loading"] is None
    assert finance.post(reverse(ADDRESS), shown).status_code == 403
