"""How allauth and the portal fit together: who a new account is, and that its mails go through the outbox."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.access import is_own_path
from accounts.actions.activation import drop_begun_change
from accounts.actions.sign_ins import end_all_sign_ins
from accounts.mail import enqueue_mail
from accounts.models import Account, SignIn
from portal.audit import record
from portal.links import absolute, in_language
from portal.models import Market

WAYS_TO_SIGN_IN_AGAIN = {
    "reauthenticate": _("Use the password"),
    "mfa_reauthenticate": _("Use a code"),
    "mfa_reauthenticate:webauthn": _("Use a passkey"),
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("E-mail address and password do not belong together. Please try again."),
        "too_many_login_attempts": _("Too many tries. Please wait five minutes, or reset your password."),
        "email_taken": _("This address cannot be used. Please choose another one."),
        "duplicate_email": _("This is the address that you have already."),
        "incorrect_password": _("This is not your password. Please try again."),
        "enter_current_password": _("This is not your current password. Please try again."),
        "rate_limited": _("Too many tries. Please wait a few minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Anyone can register (A1)."""
        return True

    def is_safe_url(self, url: str | None) -> bool:
        return bool(url) and is_own_path(str(url))

    def clean_email(self, email: str) -> str:
        return email.lower()

    def new_user(self, request: HttpRequest) -> Account:
        """A new account belongs to the default market and speaks the language of the page it signed up on."""
        market = Market.objects.select_related("brand").get(is_default=True)
        language = (get_language() or "en").split("-")[0]
        return Account(market=market, language=language if language in market.languages else market.languages[0])

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        ways = super().get_reauthentication_methods(user)
        return [way | {"description": WAYS_TO_SIGN_IN_AGAIN[way["id"]]} for way in ways]

    def save_user(
        self, request: HttpRequest, user: AbstractBaseUser, form: BaseForm, commit: bool = True
    ) -> AbstractBaseUser:
        with transaction.atomic():
            account: Any = super().save_user(request, user, form, commit)
            if commit:
                record("registered", account=account, by=account, now=timezone.now(), channel="portal")
        return account

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """False, too, if the address has become that of another account, confirmed or not, since the link was sent."""
        try:
            with transaction.atomic():
                confirmed = bool(super().confirm_email(request, email_address))
                if confirmed:
                    account: Any = email_address.user
                    record("email_confirmed", account=account, by=account, now=timezone.now())
        except IntegrityError:
            return False
        return confirmed

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        with transaction.atomic():
            super().set_password(user, password)
            account: Any = user
            record("password_changed", account=account, by=account, now=timezone.now())
            # Whoever knew the old one may have begun to change the address with it,
            drop_begun_change(account=account)
            # or have signed an app in (docs/api.md).
            end_all_sign_ins(account=account, why=SignIn.PASSWORD, now=timezone.now(), by=account)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Puts the mail into the outbox, in the language of the account that owns the address (law 10)."""
        account = Account.objects.select_related("market__brand").filter(email=email.lower()).first()
        account = account or context.get("user") or self.new_user(self.request)
        links = {**context, "reset_url": _ours("account_reset_password")}
        values = {name: _in_language(value, account.language) for name, value in links.items()}
        brand = account.market.brand
        enqueue_mail(
            to=email,
            language=account.language,
            brand=brand,
            template=template_prefix,
            context={**values, "email": email, "brand": brand},
            now=timezone.now(),
        )

    def send_account_already_exists_mail(self, email: str) -> None:
        links = {"login_url": _ours("account_login"), "password_reset_url": _ours("account_reset_password")}
        self.send_mail("account/email/account_already_exists", email, links)

    def get_email_confirmation_url(self, request: HttpRequest | None, emailconfirmation: Any) -> str:
        return absolute(reverse("account_confirm_email", args=[emailconfirmation.key]))


def _ours(name: str) -> str:
    return absolute(reverse(name))


def _in_language(value: Any, language: str) -> Any:
    """A link leads to the page in the language of the mail; everything else stays as it is."""
    if not isinstance(value, str) or not value.startswith(f"{settings.SITE_URL}/"):
        return value
    return absolute(in_language(value.removeprefix(settings.SITE_URL), language))
