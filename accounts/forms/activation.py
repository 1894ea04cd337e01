"""The address whose activation link is asked for again (A1)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.free_text import WithoutCardNumbers


class ActivationRequestForm(WithoutCardNumbers, forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"}), max_length=254
    )
