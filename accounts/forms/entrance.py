"""allauth's forms in the portal's words (`ACCOUNT_FORMS`): what they check and do stays allauth's."""

from typing import Any

from allauth.account import forms as allauth
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

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

    def try_save(self, request: HttpRequest) -> Any:
        """A1: hashing is what takes long, so a known address, for which there is nothing to keep, has it done too."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)


class AddressForm(OwnWords, allauth.AddEmailForm):
    labels = {**LABELS, "email": _("New e-mail address")}


class ResetRequestForm(OwnWords, allauth.ResetPasswordForm):
    pass


class NewPasswordForm(OwnWords, allauth.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(OwnWords, allauth.ChangePasswordForm):
    pass


class SignInAgainForm(OwnWords, allauth.ReauthenticateForm):
    pass
