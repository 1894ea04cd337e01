"""Giving and withdrawing a consent: as easy the one as the other, at any time (D1)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions.locking import locked_account
from accounts.consents import states_of, wordings_in_force
from accounts.models import Account, ConsentChange, ConsentWording
from accounts.rules.consents import Purpose, fingerprint, next_change
from portal.audit import record
from portal.refusals import Refusal


@transaction.atomic
def change_consent(
    *,
    account: Account,
    wording: ConsentWording,
    is_given: bool,
    channel: str,
    language: str,
    now: datetime,
    by: Account | None,
) -> ConsentChange | None:
    """Adds one row to the ledger; None where it is so already, so that a form sent twice changes once.

    `wording` and `language` are those of the page that was shown. Raises `Refusal` account_closed, and
    wording_not_current for giving only: what is withdrawn is withdrawn, whatever has been worded anew meanwhile.
    """
    locked = locked_account(account)
    purpose = Purpose(wording.purpose)
    if is_given and wordings_in_force(locked.market, now=now).get(purpose) != wording:
        raise Refusal("wording_not_current", _("This text has been worded anew. Please read it before you agree."))
    number = next_change(states_of(locked)[purpose], is_given=is_given)
    if number is None:
        return None
    shown = wording.shown_in(language)
    change = ConsentChange.objects.create(
        account=locked,
        purpose=purpose,
        number=number,
        is_given=is_given,
        at=now,
        channel=channel,
        wording=wording,
        language=language,
        shown=shown,
        shown_sha256=fingerprint(shown),
    )
    what = "consent given" if is_given else "consent withdrawn"
    facts = {"purpose": purpose.value, "version": wording.version, "channel": channel}
    record(what, account=locked, by=by, now=now, subject=change, **facts)
    return change


def withdraw_all(*, account: Account, channel: str, now: datetime, by: Account | None) -> None:
    """Within the caller's transaction: each consent that stands, with the words it was given by."""
    for purpose, state in states_of(account).items():
        if state.is_given:
            given = ConsentChange.objects.select_related("wording").get(
                account=account, purpose=purpose, number=state.changes
            )
            change_consent(
                account=account,
                wording=given.wording,
                is_given=False,
                channel=channel,
                language=given.language,
                now=now,
                by=by,
            )
