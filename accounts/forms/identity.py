"""Saying yes or no to an app or a car (A5)."""

from typing import Any

from allauth.idp.oidc.forms import AuthorizationForm
from django import forms
from django.utils.translation import gettext_lazy as _

from portal.free_text import WithoutCardNumbers


class ConsentForm(WithoutCardNumbers, AuthorizationForm):
    """allauth's, with everything that was asked for: the page says it in words, one yes is for the whole."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].widget = forms.MultipleHiddenInput()
        # An account has one address (ACCOUNT_CHANGE_EMAIL); while it is being changed there are two for a moment.
        self.fields.pop("email", None)


class CarCodeForm(WithoutCardNumbers, forms.Form):
    code = forms.CharField(
        label=_("Code"),
        help_text=_(
            "Eight letters on the car’s screen, such as WDJB-MJHT. Capital letters and the dash do not matter."
        ),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
