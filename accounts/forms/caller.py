"""The agent's forms of the caller check, and of what it opens (K7)."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.actions.caller import Question
from accounts.rules.caller import CODE_DIGITS
from portal.desk.forms import ReasonForm
from portal.free_text import WithoutCardNumbers


class CallerCodeForm(WithoutCardNumbers, forms.Form):
    code = forms.RegexField(
        label=_("Code that the caller reads out"),
        regex=rf"^\s*[0-9]{{{CODE_DIGITS}}}\s*$",
        error_messages={"invalid": _("Six digits.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class CallerFactsForm(WithoutCardNumbers, forms.Form):
    """A field for each question; what the caller says is kept nowhere."""

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in questions:
            self.fields[question.name] = forms.CharField(
                label=question.words,
                required=False,
                max_length=80,
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )


class CallerEmailForm(ReasonForm):
    email = forms.EmailField(label=_("New e-mail address"), max_length=254)
    field_order = ("email", "reason")
