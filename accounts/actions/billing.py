"""Whom the next invoice is made out to (A4, I3)."""

from datetime import datetime

from django.db import transaction

from accounts.models import Account, BillingProfile
from portal.audit import record

FIELDS = ("name", "address_line_1", "address_line_2", "postcode", "town", "country")


@transaction.atomic
def save_billing_profile(*, account: Account, now: datetime, by: Account | None, **values: str) -> BillingProfile:
    """Keeps the billing address; documents that were issued have copies of their own and stay as they are.

    `values` are name, address_line_1, address_line_2, postcode, town and country (ISO code). The same address again
    changes nothing.
    """
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
