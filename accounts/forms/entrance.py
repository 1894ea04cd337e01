"""allauth's forms in the portal's words (`ACCOUNT_FORMS`): what they check and do stays allauth's."""

from typing import Any
from uuid import uuid4

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.account.utils import has_verified_email
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.activation import drop_changes_to
from accounts.actions.reset import ask_for_reset_mail
from accounts.models import Account
from portal.free_text import WithoutCardNumbers

PASSWORD_HELP = _("At least 10 characters. A few words in a row are easy to keep in mind.")

LABELS: dict[str, Any] = {
    "login": _("E-mail address"),
    "email": _("E-mail address"),
    "password": _("Password"),
    "oldpassword": _("Current password"),
    "password1": _("New password"),
    "password2": _("New password again"),
}


class OwnWords(WithoutCardNumbers):
    """Form mixin: our labels, one sentence of help for a new password, no placeholder that repeats a label."""

    labels = LABELS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name in self.labels:
                field.label = self.labels[name]
            field.help_text = PASSWORD_HELP if name == "password1" else ""
            field.widget.attrs.pop("placeholder", None)


class SignInForm(OwnWords, allauth.LoginForm):
    pass


class RegistrationForm(OwnWords, allauth.SignupForm):
    labels = {**LABELS, "password1": _("Password")}

    def validate_unique_email(self, value: str) -> str:
        """Known is the address of an account; one that somebody else wants to change to is still anybody's."""
        self.account_already_exists = Account.objects.filter(email=value).exists()
        return str(get_adapter().validate_unique_email(value))

    def try_save(self, request: HttpRequest) -> Any:
        """A1: for a known address, which gets no account, one is made all the same, under a name that nobody can have,
        and taken back: the work is the same, so that its time tells nothing."""
        drop_changes_to(email=self.cleaned_data["email"])
        if self.account_already_exists:
            self._make_and_take_back(request)
        return super().try_save(request)

    def _make_and_take_back(self, request: HttpRequest) -> None:
        known = self.cleaned_data["email"]
        self.account_already_exists, self.cleaned_data["email"] = False, f"{uuid4().hex}@taken.invalid"
        with transaction.atomic():
            self._look_up_as_for_the_mail(self.save(request))
            transaction.set_rollback(True)
        self.account_already_exists, self.cleaned_data["email"] = True, known

    def _look_up_as_for_the_mail(self, made: Any) -> None:
        if not has_verified_email(made):
            list(EmailAddress.objects.filter(user=made))
            Account.objects.filter(pk=made.pk).first()


class AddressForm(OwnWords, allauth.AddEmailForm):
    labels = {**LABELS, "email": _("New e-mail address")}


class ResetRequestForm(OwnWords, allauth.ResetPasswordForm):
    """A3: whether the address has an account is found out by the worker, so that the form cannot tell."""

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        ask_for_reset_mail(email=self.cleaned_data["email"], now=timezone.now())
        return str(self.cleaned_data["email"])


class NewPasswordForm(OwnWords, allauth.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(OwnWords, allauth.ChangePasswordForm):
    pass


class SignInAgainForm(OwnWords, allauth.ReauthenticateForm):
    pass
