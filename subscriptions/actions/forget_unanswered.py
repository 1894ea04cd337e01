"""Whoever never answered is forgotten (D1): registrations that nobody activated, invitations that nobody accepted."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from accounts.actions.closing import close_account
from accounts.actions.copies import forget_unconfirmed_copies
from accounts.models import Account
from garage.actions.forget_invitations import UNANSWERED_KEPT, forget_invitations, forget_orders
from garage.models import Membership
from subscriptions.models import AccountantAccess, Subscription


def forget_unanswered(*, now: datetime) -> int:
    """Nightly; how many rows and accounts. Safe to repeat, and to be killed."""
    before = now - UNANSWERED_KEPT
    count = forget_invitations(now=now) + forget_orders(now=now) + forget_unconfirmed_copies(before=before, now=now)
    count += AccountantAccess.objects.filter(accepted_at__isnull=True, invited_at__lte=before).delete()[0]
    for account_id in list(_never_activated(before).values_list("pk", flat=True)):
        count += _close(account_id, before=before, now=now)
    return count


@transaction.atomic
def _close(account_id: int, *, before: datetime, now: datetime) -> int:
    """As its owner would close it; the address is free. Whoever activates it in this moment keeps it."""
    locked = Account.objects.select_for_update(of=["self"], no_key=True).filter(pk=account_id)
    account = locked.filter(pk__in=_never_activated(before)).select_related("market__brand").first()
    if account is None:
        return 0
    close_account(account, now=now, by=None)
    return 1


def _never_activated(before: datetime) -> QuerySet[Account]:
    """Registered long ago, the address never confirmed, never there, and nothing in its garage."""
    waiting = Account.objects.filter(emailaddress__email=F("email"), emailaddress__verified=False)
    waiting = waiting.filter(created_at__lte=before, last_login__isnull=True, is_staff=False, closing__isnull=True)
    has_car = Membership.objects.filter(account=OuterRef("pk"))
    has_plan = Subscription.objects.filter(account=OuterRef("pk"))
    return waiting.filter(~Exists(has_car), ~Exists(has_plan)).order_by("pk")
