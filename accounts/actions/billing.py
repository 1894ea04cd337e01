"""Whom the next invoice is made out to (A4, I3)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions.locking import locked_account
from accounts.models import Account, BillingProfile
from accounts.rules.vat_number import complete_vat_number, is_vat_number, tidy_vat_number, vat_number_example
from portal.audit import record
from portal.refusals import Refusal

FIELDS = ("is_company", "name", "address_line_1", "address_line_2", "postcode", "town", "country", "vat_number")


def checked_vat_number(typed: str, *, is_company: bool | None, country: str) -> str:
    """I5: tidied, with the letters of the `country` (ISO code) if they were left out.

    Whether the number exists is not asked: no service is there to ask. Raises `Refusal` vat_number, vat_number_private.
    """
    number = complete_vat_number(tidy_vat_number(typed), country=country)
    if number and is_company is False:
        raise Refusal(
            "vat_number_private",
            _("Only a company has a VAT number. Please choose “Company”, or leave the number out."),
        )
    if number and not is_vat_number(number):
        example = vat_number_example(number=number, country=country)
        raise Refusal(
            "vat_number",
            _("This is not how VAT numbers of the European Union are written. For example: %(example)s.")
            % {"example": example},
        )
    return number


@transaction.atomic
def save_billing_profile(
    *, account: Account, now: datetime, by: Account | None, is_company: bool | None = None, **values: str
) -> BillingProfile:
    """Keeps the billing address; documents that were issued have copies of their own and stay as they are.

    `values` are name, address_line_1, address_line_2, postcode, town, country (ISO code) and vat_number, which only
    companies have: who does not say what they are is a company by it. The same again changes nothing. Raises `Refusal`
    vat_number, vat_number_private, account_closed.
    """
    typed, country = values.get("vat_number", ""), values.get("country", "")
    wanted: dict[str, str | bool] = {field: values.get(field, "") for field in FIELDS}
    wanted["vat_number"] = checked_vat_number(typed, is_company=is_company, country=country)
    wanted["is_company"] = bool(wanted["vat_number"]) if is_company is None else is_company
    locked_account(account)
    profile = BillingProfile.objects.filter(account=account).first() or BillingProfile(account=account)
    changed = [field for field in FIELDS if getattr(profile, field) != wanted[field]]
    if not changed:
        return profile
    for field in changed:
        setattr(profile, field, wanted[field])
    profile.updated_at = now
    profile.save()
    record("billing_profile_changed", account=account, by=by, now=now, subject=profile, fields=changed)
    return profile
