"""The pages of company customers, on a phone and on a desk, in both languages: axe finds nothing, none is too wide."""

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.actions.billing import save_billing_profile
from accounts.actions.copies import confirm_copies
from accounts.models import CopyAddress
from subscriptions.actions.accountants import accept_invitation
from subscriptions.models import AccountantAccess
from tests import make
from tests.browser.visitor import LANGUAGES
from tests.meta.estate import estate, invited  # noqa: F401

PAGES = {
    "billing_profile": (),
    "invoice_references": (),
    "copy_addresses": (),
    "accountants": (),
    "accountant_cars": ("accountant",),
    "documents_of_others": (),
    "documents_of_other": ("access",),
    "accountant_invitation": ("invitation",),
    "corrections": (),
    "document_correction": ("document",),
    "copy_confirmation": ("copy_token",),
    "copy_leaving": ("key",),
}


@pytest.fixture
def company(live_server, estate):  # noqa: F811
    """With a new name since the invoice, one reader who agreed, and an accountant who reads."""
    owner = estate.owner
    address = {"address_line_1": "Makariou III 12", "postcode": "1065", "town": "Nicosia", "country": "CY"}
    number = {"name": "Georgiou Fleet Services Ltd", "vat_number": "CY10123456A"}
    save_billing_profile(account=owner, now=make.NOW, by=owner, is_company=True, **address, **number)
    address = CopyAddress.objects.create(
        account=owner, slot=2, email="a.very.long.name.of.a.bookkeeper@accounts.example.com", asked_at=make.NOW
    )
    confirm_copies(address=address, now=make.NOW)
    reader = make.account("reader@example.com", market=owner.market)
    accept_invitation(access=invited(owner, reader.email), now=make.NOW, by=reader)
    assert AccountantAccess.objects.filter(owner=owner).count() == 2
    return estate


def test_the_pages_of_company_customers_are_fit_for_everybody(pages_of, company):
    visitor = pages_of(company.owner)
    for language in LANGUAGES:
        for name, arguments in PAGES.items():
            with translation.override(language):
                visitor.page.goto(reverse(name, args=[getattr(company, argument) for argument in arguments]))
            visitor.look_on_both()
