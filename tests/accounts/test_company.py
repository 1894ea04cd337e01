"""Company customers on the billing page: who is the customer, and the VAT number (A4, I5)."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.actions.billing import save_billing_profile
from accounts.models import BillingProfile
from tests.accounts.test_pages import ADDRESS
from tests.refusing import refusal_code

COMPANY = ADDRESS | {"customer": "company", "name": "Fleet Ltd", "vat_number": "cy 10123456-a"}


def test_I5_a_company_is_kept_with_its_vat_number_tidied(member_client, member):
    member_client.post(reverse("billing_profile"), COMPANY)
    profile = BillingProfile.objects.get(account=member)
    assert (profile.is_company, profile.name, profile.vat_number) == (True, "Fleet Ltd", "CY10123456A")


def test_I5_the_letters_of_the_country_are_added_where_they_were_left_out(member_client):
    member_client.post(reverse("billing_profile"), COMPANY | {"country": "DE", "vat_number": "123 456 789"})
    assert BillingProfile.objects.get().vat_number == "DE123456789"


def test_I5_a_wrong_vat_number_is_said_with_the_countrys_own_example_and_what_was_typed_is_kept(member_client):
    typed = COMPANY | {"vat_number": "DE12"}
    page = member_client.post(reverse("billing_profile"), typed).content.decode()
    assert "For example: DE123456789." in page
    assert all(f'value="{kept}"' in page for kept in ("DE12", "Fleet Ltd", "1011"))
    assert 'value="company" ' in page
    assert not BillingProfile.objects.exists()


def test_I5_a_private_person_has_no_vat_number(member_client):
    page = member_client.post(reverse("billing_profile"), COMPANY | {"customer": "private"}).content.decode()
    assert "Only a company has a VAT number." in page
    assert not BillingProfile.objects.exists()


@pytest.mark.parametrize("vat_number", ["x" * 31, "4242 4242 4242 4242", "CY", "<b>"])
def test_nonsense_as_a_vat_number_is_answered_in_words(member_client, vat_number):
    answer = member_client.post(reverse("billing_profile"), COMPANY | {"vat_number": vat_number})
    assert answer.status_code == 200
    assert "error-summary" in answer.content.decode()


@pytest.mark.parametrize(("vat_number", "is_company"), [("", False), ("CY10123456A", True)])
def test_a_page_that_does_not_ask_leaves_it_to_the_vat_number(member_client, vat_number, is_company):
    member_client.post(reverse("billing_profile"), ADDRESS | {"vat_number": vat_number})
    assert BillingProfile.objects.get().is_company is is_company


def test_the_billing_page_shows_the_choice_again(member_client):
    member_client.post(reverse("billing_profile"), COMPANY)
    page = member_client.get(reverse("billing_profile")).content.decode()
    assert 'value="company" id="id_customer_1" checked' in page.replace("required ", "")
    assert "company" in member_client.get(reverse("account")).content.decode()


def test_the_action_refuses_what_the_form_refuses(member, moment):
    typed = ADDRESS | {"vat_number": "CY10123456A", "is_company": False}
    assert refusal_code(save_billing_profile, account=member, now=moment, by=member, **typed) == "vat_number_private"


def test_the_database_refuses_a_vat_number_of_a_private_person(member, moment):
    profile = save_billing_profile(account=member, now=moment, by=member, **ADDRESS)
    with pytest.raises(IntegrityError, match="billing_vat_number_of_company"), transaction.atomic():
        BillingProfile.objects.filter(pk=profile.pk).update(vat_number="CY10123456A")
