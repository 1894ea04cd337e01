"""What is told besides what is always told (N1)."""

from django import forms
from django.utils.translation import gettext_lazy as _


class NoticeChoicesForm(forms.Form):
    """S9: what is told besides what is always told."""

    early = forms.BooleanField(
        label=_("Tell me earlier of yearly and four-yearly charges"),
        help_text=_("Also 30 days before each of them, and 60 days before a four-yearly one."),
        required=False,
    )
