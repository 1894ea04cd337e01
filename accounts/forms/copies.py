"""Where copies of documents go (I5)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.free_text import WithoutCardNumbers


class CopyAddressForm(WithoutCardNumbers, forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Its reader receives a link, and confirms that the copies are wanted."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
