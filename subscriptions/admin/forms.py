"""The small forms of the operations: what was shown, handed back, and the reason for the audit trail."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.free_text import WithoutCardNumbers


class ReasonForm(WithoutCardNumbers, forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Kept in the timeline with your name. The customer does not see it."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )


class ConfirmedForm(ReasonForm):
    """With a mark of what was shown: what is shown is what is done (X10)."""

    shown = forms.CharField(widget=forms.HiddenInput)


class RepeatForm(ReasonForm):
    """With how often it had been done when the form was shown, so that a form sent twice does it once."""

    times = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
