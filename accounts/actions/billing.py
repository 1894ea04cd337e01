"""Whom the next invoice is made out to (A4, I3)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, BillingProfile
from accounts.rules.vat_number import is_vat_number, tidy_vat_number
from portal.audit import record
from portal.refusals import Refusal

FIELDS = ("name", "address_line_1", "address_line_2", "postcode", "town", "country", "vat_number")


def checked_vat_number(typed: str) -> str:
    """I5: tidied. Raises `Refusal` vat_number. Whether the number exists is not asked: no service is there to ask."""
    number = tidy_vat_number(typed)
    if number and not is_vat_number(number):
        raise Refusal(
            "vat_number",
            _("This is not how VAT numbers of the European Union are written. For example: CY10123456A."),
        )
    return number


@transaction.atomic
def save_billing_profile(*, account: Account, now: datetime, by: Account | None, **values: str) -> BillingProfile:
    """Keeps the billing address; documents that were issued have copies of their own and stay as they are.

    `values` are name, address_line_1, address_line_2, postcode, town, country (ISO code) and vat_number, which only
    companies have. The same again changes nothing. Raises `Refusal` vat_number where no country writes it like this.
    """
    values["vat_number"] = checked_vat_number(values.get("vat_number", ""))
    Account.objects.select_for_update().get(pk=account.pk)
    profile = BillingProfile.objects.filter(account=account).first() or BillingProfile(account=account)
    changed = [field for field in FIELDS if getattr(profile, field) != values.get(field, "")]
    if not changed:
        return profile
    for field in changed:
        setattr(profile, field, values.get(field, ""))
    profile.updated_at = now
    profile.save()
    record("billing_profile_changed", account=account, by=by, now=now, subject=profile, fields=changed)
    return profile
