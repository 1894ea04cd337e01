"""allauth's forms of the second step (`MFA_FORMS`) in the portal's words: what they check and do stays allauth's."""

import struct
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from cryptography.exceptions import InvalidSignature
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from portal.free_text import WithoutCardNumbers

LONGEST_CODE = 20
LONGEST_NAME = 60
# What the library says to a credential that lacks parts of itself.
MALFORMED = (KeyError, IndexError, AttributeError, TypeError, ValueError, struct.error, InvalidSignature)
# As long as a code can be right: its own time, and one before and after.
CODE_LIFE_SECONDS = 30 * (2 * settings.MFA_TOTP_TOLERANCE + 1)


class OneCode(WithoutCardNumbers):
    """Form mixin: the field for a code, with the keyboard of digits on a telephone."""

    help = _("The six digits that your authenticator app shows.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label, code.help_text, code.max_length = _("Code"), self.help, LONGEST_CODE  # type: ignore[attr-defined]
        code.widget = forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "maxlength": LONGEST_CODE,
            }
        )


class UsedOnce(OneCode):
    """Form mixin: a code opens one door, once (ASVS 6.5.1), as long as it can be right."""

    user: Any
    help = _("The six digits that your authenticator app shows, or one of your recovery codes.")

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        digits = "".join(filter(str.isalnum, code))
        if not cache.add(f"second-step:{self.user.pk}:{digits}", "used", timeout=CODE_LIFE_SECONDS):
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(UsedOnce, base.AuthenticateForm):
    pass


class CodeAgainForm(UsedOnce, base.ReauthenticateForm):
    pass


class ActivateAppForm(OneCode, totp.ActivateTOTPForm):
    pass


class FromTheDevice(WithoutCardNumbers):
    """Form mixin: what no browser ever sends is refused like any wrong passkey, not answered with a fault of ours."""

    def full_clean(self) -> None:
        try:
            super().full_clean()
        except MALFORMED:
            self.cleaned_data = {}
            self.add_error("credential", get_adapter().validation_error("incorrect_passkey"))


class UsePasskeyForm(FromTheDevice, webauthn.AuthenticateWebAuthnForm):
    pass


class UsePasskeyAgainForm(FromTheDevice, webauthn.ReauthenticateWebAuthnForm):
    pass


class SignInWithPasskeyForm(FromTheDevice, webauthn.LoginWebAuthnForm):
    pass


class NamedPasskey(WithoutCardNumbers):
    """Form mixin: what the customer calls a passkey, to tell it from others."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=_("Name"),
            help_text=_("So that you know it again, such as: my telephone."),
            max_length=LONGEST_NAME,
            required=self.fields["name"].required,
        )


class AddPasskeyForm(FromTheDevice, NamedPasskey, webauthn.AddWebAuthnForm):
    """Every passkey signs in by itself: what unlocks it (a finger, a face, a PIN) is its second step."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"] = forms.BooleanField(initial=True, widget=forms.HiddenInput)


class RenamePasskeyForm(NamedPasskey, webauthn.EditWebAuthnForm):
    pass
