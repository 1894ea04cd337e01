import pytest
from django.urls import reverse

from accounts.models import BillingProfile
from portal.countries import country_choices
from portal.models import AuditRecord

ADDRESS = {
    "name": "Maria Member",
    "address_line_1": "12 Ledra Street",
    "address_line_2": "",
    "postcode": "1011",
    "town": "Nicosia",
    "country": "CY",
}
PROFILE = {"first_name": "Maria", "last_name": "Georgiou", "phone": "+357 22 000000", "language": "el"}


def changes(account):
    records = AuditRecord.objects.filter(account=account).exclude(what="terms_accepted")
    return [(record.what, record.data["fields"]) for record in records.order_by("id")]


def test_a4_a_billing_address_is_kept_and_comes_back_to_where_it_was_asked(member_client, member):
    answer = member_client.post(reverse("billing_profile"), ADDRESS | {"next": "/checkout/"})
    assert answer["Location"] == "/checkout/"
    assert BillingProfile.objects.get(account=member).address_lines == ["12 Ledra Street", "1011 Nicosia", "Cyprus"]
    assert changes(member) == [("billing_profile_changed", ["name", "address_line_1", "postcode", "town", "country"])]


def test_the_same_billing_address_again_changes_nothing(member_client, member):
    member_client.post(reverse("billing_profile"), ADDRESS)
    member_client.post(reverse("billing_profile"), ADDRESS)
    assert len(changes(member)) == 1


@pytest.mark.parametrize("field", ["name", "address_line_1", "address_line_2", "town"])
def test_a_card_number_is_refused_and_not_repeated_while_the_rest_is_kept(member_client, field):
    typed = ADDRESS | {field: "4242 4242 4242 4242"}
    page = member_client.post(reverse("billing_profile"), typed).content.decode()
    assert "looks like a card number" in page
    assert "4242" not in page
    assert 'value="1011"' in page
    assert not BillingProfile.objects.exists()


def test_a_billing_address_with_a_gap_is_refused_beside_the_field(member_client):
    page = member_client.post(reverse("billing_profile"), ADDRESS | {"town": ""}).content.decode()
    assert "This field is required." in page
    assert 'value="12 Ledra Street"' in page


def test_an_invented_country_is_refused(member_client):
    member_client.post(reverse("billing_profile"), ADDRESS | {"country": "ZZ"})
    assert not BillingProfile.objects.exists()


def test_the_billing_form_starts_with_name_and_country(member_client):
    page = member_client.get(reverse("billing_profile")).content.decode()
    assert 'value="Maria Member"' in page
    assert '<option value="CY" selected>Cyprus</option>' in page


def test_a4_the_profile_is_kept_and_the_portal_speaks_the_new_language(member_client, member):
    answer = member_client.post(reverse("profile"), PROFILE)
    member.refresh_from_db()
    assert (member.last_name, member.phone, member.language) == ("Georgiou", "+357 22 000000", "el")
    assert answer["Location"] == "/el/account/"
    assert changes(member) == [("profile_changed", ["last_name", "phone", "language"])]


@pytest.mark.parametrize(("field", "value"), [("phone", "call me"), ("language", "fr")])
def test_a_profile_that_cannot_be_is_refused(member_client, member, field, value):
    member_client.post(reverse("profile"), PROFILE | {field: value})
    member.refresh_from_db()
    assert member.last_name == "Member"


def test_the_overview_shows_what_is_known(member_client):
    member_client.post(reverse("billing_profile"), ADDRESS)
    page = member_client.get(reverse("account")).content.decode()
    assert all(words in page for words in ("Maria Member", "12 Ledra Street", "Cyprus", "member@example.com"))


@pytest.mark.parametrize(("slug", "words"), [("terms", "Version 1"), ("privacy", "What we keep")])
def test_legal_pages_are_public(client, terms, slug, words):
    assert words in client.get(reverse("legal_page", args=[slug])).content.decode()


def test_legal_pages_speak_the_readers_language(client, terms):
    assert "Τι κρατάμε" in client.get("/el/legal/privacy/").content.decode()


@pytest.mark.parametrize("slug", ["accessibility", "secrets"])
def test_a_legal_page_without_a_text_is_not_there(client, terms, slug):
    assert client.get(reverse("legal_page", args=[slug])).status_code == 404


def test_countries_are_named_and_sorted_in_the_readers_language():
    from django.utils import translation

    with translation.override("el"):
        names = [name for _, name in country_choices()]
    assert names.index("Άγιος Μαρίνος") < names.index("Ελλάδα") < names.index("Κύπρος")
