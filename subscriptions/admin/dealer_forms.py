"""The small forms of what a dealer does at a customer's car (K1)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.free_text import WithoutCardNumbers
from subscriptions.admin.forms import ConfirmedForm


class SubjectForm(WithoutCardNumbers, forms.Form):
    """Which of what there is; the choices are the car's own."""

    subject = forms.ChoiceField(label=_("Package"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, subjects: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["subject"]
        if isinstance(field, forms.ChoiceField):
            field.choices = subjects


class ReleaseForm(ConfirmedForm):
    is_screen_cleared = forms.BooleanField(
        label=_("The owner’s profile is removed from the car’s screen"), required=False
    )


class TakerForm(WithoutCardNumbers, forms.Form):
    email = forms.EmailField(
        label=_("E-mail address of the other account"),
        help_text=_("The other person says it. The car is in its garage already."),
    )


class HandOverForm(ConfirmedForm):
    email = forms.EmailField(widget=forms.HiddenInput)
    has_seen_both = forms.BooleanField(label=_("I have seen the papers of both, and the car"))


class CancelForm(ConfirmedForm):
    subject = forms.CharField(widget=forms.HiddenInput)
