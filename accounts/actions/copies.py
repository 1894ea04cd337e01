"""Copies of documents to up to three addresses, each confirmed by its reader (I5)."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.actions.locking import locked_account
from accounts.barring import check_not_barred
from accounts.copy_links import confirmation_url
from accounts.mail import enqueue_mail
from accounts.models import Account, CopyAddress
from accounts.notices.kinds import tell
from accounts.rules.copies import free_slot, may_still_confirm
from portal.audit import record
from portal.refusals import Refusal


@transaction.atomic
def ask_for_copies(*, account: Account, email: str, now: datetime, by: Account) -> CopyAddress:
    """Keeps the address and mails its reader a link of seven days; nothing goes there before it is confirmed.

    One that waits to be confirmed is asked for anew: the earlier link confirms no more. Places of those that were not
    confirmed in time are free. Raises `Refusal`: barred, account_closed, copy_own_address, copy_confirmed_already,
    copy_places_taken.
    """
    check_not_barred(by, now=now)
    account = locked_account(account)
    _drop_unconfirmed(account, now=now)
    email = email.lower()
    address = CopyAddress.objects.filter(account=account, email=email).first() or _in_free_slot(account, email)
    if address.is_confirmed:
        raise Refusal("copy_confirmed_already", _("Copies go to this address already."))
    address.asked_at = now
    address.save()
    record("copies_asked_for", account=account, by=by, now=now, subject=address, email=email)
    enqueue_mail(
        to=email,
        language=account.language,
        brand=account.market.brand,
        template="emails/copies/confirmation",
        context={"brand": account.market.brand, "url": confirmation_url(address)},
        now=now,
    )
    return address


@transaction.atomic
def confirm_copies(*, address: CopyAddress, now: datetime) -> CopyAddress:
    """By whoever reads the address; the account is told. Raises `Refusal` copy_link_over."""
    account = _locked(address.account_id)
    current = CopyAddress.objects.filter(pk=address.pk, confirmed_at__isnull=True, asked_at=address.asked_at).first()
    if current is None or not may_still_confirm(asked_at=current.asked_at, now=now):
        raise Refusal("copy_link_over", _("This link is not valid any more."))
    current.confirmed_at = now
    current.save(update_fields=["confirmed_at"])
    record("copies_confirmed", account=account, by=None, now=now, subject=current, email=current.email)
    _tell_change(account, current, change="confirmed", now=now)
    return current


@transaction.atomic
def remove_copy_address(*, address: CopyAddress, now: datetime, by: Account | None) -> None:
    """By the account, or by its reader (`by` is None): then the account is told. A second time changes nothing."""
    account = _locked(address.account_id)
    current = CopyAddress.objects.filter(pk=address.pk).first()
    if current is None:
        return
    record("copies_ended", account=account, by=by, now=now, subject=current, email=current.email)
    if by is None:
        _tell_change(account, current, change="left", now=now)
    current.delete()


def forget_unconfirmed_copies(*, before: datetime, now: datetime) -> int:
    """Nightly: addresses that were asked for before, and whose reader never agreed; how many."""
    count = 0
    waiting = CopyAddress.objects.filter(confirmed_at__isnull=True, asked_at__lte=before)
    for account_id in waiting.order_by("account").values_list("account", flat=True).distinct():
        with transaction.atomic():
            count += _drop_unconfirmed(_locked(account_id), now=now)
    return count


def _locked(account_id: int) -> Account:
    """Addresses are added and confirmed one at a time for each account."""
    accounts = Account.objects.select_for_update(of=["self"], no_key=True).select_related("market__brand")
    return accounts.get(pk=account_id)


def _drop_unconfirmed(account: Account, *, now: datetime) -> int:
    waiting = CopyAddress.objects.filter(account=account, confirmed_at__isnull=True)
    over = [address for address in waiting if not may_still_confirm(asked_at=address.asked_at, now=now)]
    for address in over:
        record("copies_not_confirmed", account=account, by=None, now=now, subject=address, email=address.email)
        address.delete()
    return len(over)


def _in_free_slot(account: Account, email: str) -> CopyAddress:
    if email == account.email.lower():
        raise Refusal("copy_own_address", _("Every document goes to this address already: it is that of your account."))
    slot = free_slot(set(account.copy_addresses.values_list("slot", flat=True)))
    if slot is None:
        raise Refusal("copy_places_taken", _("Copies go to three addresses at most. Please remove one first."))
    return CopyAddress(account=account, slot=slot, email=email)


def _tell_change(account: Account, address: CopyAddress, *, change: str, now: datetime) -> None:
    with translation.override(account.language):
        url = reverse("copy_addresses")
    tell(
        account=account,
        kind="copies_changed",
        subject_key=f"{address.public_id}:{change}",
        event_on=account.market.local_date(now),
        now=now,
        email=address.email,
        change=change,
        url=url,
    )
