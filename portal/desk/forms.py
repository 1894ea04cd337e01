"""The small forms of the desk's operations: the reason for the audit trail, and what was shown, handed back."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.free_text import WithoutCardNumbers

# For a page of the admin with a form of the row: a moment is one labelled field, and what is several is ticked.
PLAIN_FIELDS: dict[Any, dict[str, Any]] = {
    models.DateTimeField: {
        "form_class": forms.DateTimeField,
        "widget": forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    },
    models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple},
}


class ReasonForm(WithoutCardNumbers, forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Kept in the timeline with your name. The customer does not see it."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )


class RepeatForm(ReasonForm):
    """With how often it had been done when the form was shown, so that a form sent twice does it once."""

    times = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
