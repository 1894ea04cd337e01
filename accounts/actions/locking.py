"""The account's row: the lock under which its own things change, one at a time."""

from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from portal.refusals import Refusal


def locked_account(account: Account) -> Account:
    """Within the caller's transaction: the row as it is now, with its market and brand.

    Not FOR UPDATE: that would wait for, and be waited for by, every other row of this account that is being written.
    Raises `Refusal` account_closed: it was closed in the moment between, and nothing may hang on it any more (A6).
    """
    rows = Account.objects.select_for_update(of=["self"], no_key=True).select_related("market__brand")
    locked = rows.get(pk=account.pk)
    if not locked.is_active:
        raise Refusal("account_closed", _("This account has been closed."))
    return locked
