"""What a caller's check opens, and only it (K7): another address, no second step, no sessions, an address mended."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.actions.activation import ask_for_activation_mail, drop_begun_change
from accounts.actions.caller import check_verified, is_new
from accounts.actions.sessions import end_sessions
from accounts.actions.sign_ins import end_all_sign_ins
from accounts.models import Account, SignIn
from accounts.notices.kinds import tell
from accounts.rules.caller import barred_until
from portal import audit
from portal.refusals import Refusal

EMAIL, SECOND_STEP, SESSIONS = "email", "second_step", "sessions"


def change_email(*, account: Account, email: str, reason: str, now: datetime, by: Account) -> EmailAddress:
    """Both addresses are told; the new one counts once it is confirmed. From now on, and again from then, money,
    control and export are barred for 72 hours.

    Raises `Refusal`: not_verified, never_activated, email_taken.
    """
    with transaction.atomic():
        account = _lock(account, now=now, by=by)
        if is_new(account):
            raise Refusal("never_activated", _("This address was never confirmed: mend it instead."))
        email = _free(email, account=account)
        drop_begun_change(account=account)
        address = EmailAddress.objects.add_new_email(None, account, email, send_verification=False)
        bar(account, now=now)
        audit.record("email change by staff", account=account, by=by, now=now, reason=reason)
        _tell(account, EMAIL, now=now)
        address.send_confirmation(None)
        return address


def reset_second_step(*, account: Account, reason: str, now: datetime, by: Account) -> int:
    """Removes app, passkeys and recovery codes, and ends all sessions; how many steps there were.

    Raises `Refusal`: not_verified, no_second_step.
    """
    with transaction.atomic():
        account = _lock(account, now=now, by=by)
        held = Authenticator.objects.filter(user=account)
        number: int = held.count()
        if not number:
            raise Refusal("no_second_step", _("This account has no second step."))
        held.delete()
        _end_everything(account, now=now, by=by)
        audit.record("second step reset by staff", account=account, by=by, now=now, number=number, reason=reason)
        _tell(account, SECOND_STEP, now=now)
        return number


def end_all(*, account: Account, reason: str, now: datetime, by: Account) -> None:
    """Browsers, apps and cars. Raises `Refusal` not_verified."""
    with transaction.atomic():
        account = _lock(account, now=now, by=by)
        _end_everything(account, now=now, by=by)
        audit.record("sessions ended by staff", account=account, by=by, now=now, reason=reason)
        _tell(account, SESSIONS, now=now)


def mend_address(*, account: Account, email: str, reason: str, now: datetime, by: Account) -> Account:
    """A typing error in an address that never activated: the link goes to the right one (A1). Nothing is barred, for
    there is nothing yet. Raises `Refusal`: not_verified, was_activated, email_taken."""
    with transaction.atomic():
        account = _lock(account, now=now, by=by)
        if not is_new(account):
            raise Refusal("was_activated", _("This address was confirmed: change it instead."))
        account.email = _free(email, account=account)
        account.save(update_fields=["email"])
        EmailAddress.objects.filter(user=account).delete()
        EmailAddress.objects.create(user=account, email=account.email, primary=True, verified=False)
        audit.record("address mended by staff", account=account, by=by, now=now, reason=reason)
        ask_for_activation_mail(email=account.email, now=now)
        return account


def bar(account: Account, *, now: datetime) -> None:
    """Within the caller's transaction."""
    account.barred_until = barred_until(now)
    account.save(update_fields=["barred_until"])


def _lock(account: Account, *, now: datetime, by: Account) -> Account:
    locked = Account.objects.select_for_update(of=["self"], no_key=True).select_related("market").get(pk=account.pk)
    check_verified(locked, now=now, by=by)
    return locked


def _free(email: str, *, account: Account) -> str:
    """Nobody's address, in lower case."""
    email = email.strip().lower()
    held = EmailAddress.objects.filter(email=email, verified=True).exists()
    if held or Account.objects.filter(email=email).exists():
        raise Refusal("email_taken", _("This address belongs to an account already."))
    return email


def _end_everything(account: Account, *, now: datetime, by: Account) -> None:
    end_sessions(account=account, now=now, by=by)
    end_all_sign_ins(account=account, why=SignIn.REVOKED, now=now, by=by)


def _tell(account: Account, act: str, *, now: datetime) -> None:
    with translation.override(account.language):
        url = reverse("security")
    tell(
        account=account,
        kind="helped_by_telephone",
        subject_key=f"{act}:{now.isoformat()}",
        event_on=account.market.local_date(now),
        now=now,
        act=act,
        happened_at=now.isoformat(),
        url=url,
    )
