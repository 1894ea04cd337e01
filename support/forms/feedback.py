""" "Was this helpful?": yes, or no with a reason; for everybody, without a name (H4)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.free_text import WithoutCardNumbers
from support.feedback_words import NO_NAMES
from support.models import Reason
from support.models.feedback import LONGEST_REMARK
from support.rules.anonymous import names_somebody


class FeedbackForm(WithoutCardNumbers, forms.Form):
    helpful = forms.ChoiceField(
        label=_("Was this helpful?"), choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.RadioSelect
    )
    reason = forms.ChoiceField(
        label=_("If not, why?"),
        choices=Reason.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    remark = forms.CharField(
        label=_("What should it say?"),
        help_text=_("Editors read it; nobody can answer you here. Please write no names or numbers."),
        required=False,
        max_length=LONGEST_REMARK,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_REMARK}),
    )

    def clean_remark(self) -> str:
        remark = " ".join(self.cleaned_data["remark"].split())
        if names_somebody(remark):
            raise forms.ValidationError(NO_NAMES)
        return remark

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("helpful") == "no" and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Please choose a reason: it tells the editors what to change."))
        return cleaned
