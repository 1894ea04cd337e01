"""Accepting the Terms of Use (A2)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, TermsAcceptance, TermsVersion
from accounts.rules.terms import current_version
from portal.audit import record
from portal.refusals import Refusal


@transaction.atomic
def accept_terms(
    *, account: Account, version: TermsVersion, channel: str, now: datetime, by: Account | None
) -> TermsAcceptance:
    """Records that the account accepts this version; a second time changes nothing and gives the first record.

    `channel` is portal, app or head_unit. Refuses (`terms_not_current`) a version that is not the one in force in the
    account's market: the person read something else than what would be recorded.
    """
    in_force = current_version(
        TermsVersion.objects.published().filter(market_id=account.market_id).defer("texts"), now=now
    )
    if in_force != version:
        raise Refusal(
            "terms_not_current", _("There is a newer version of the Terms. Please read it before you accept.")
        )
    acceptance, created = TermsAcceptance.objects.get_or_create(
        account=account, version=version, defaults={"accepted_at": now, "channel": channel}
    )
    if created:
        record("terms_accepted", account=account, by=by, now=now, version=version.version, channel=channel)
    return acceptance
