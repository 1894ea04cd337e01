"""The small forms of the operations: what was shown, handed back, and the reason for the audit trail."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
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


class TransferForm(ReasonForm):
    """A bank transfer that was made, to be found again by whoever confirms it."""

    reference = forms.CharField(
        label=_("Reference of the transfer"),
        help_text=_("As it stands on the bank’s statement. The customer is told it; no account number belongs here."),
        max_length=80,
    )
    field_order = ("reference", "reason")


class AssignForm(WithoutCardNumbers, forms.Form):
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=Account.objects.none(), required=False, empty_label=_("nobody")
    )
    reason = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, staff: QuerySet[Account], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        if isinstance(owner, forms.ModelChoiceField):
            owner.queryset = staff
