"""What customers and staff write in a case (H5)."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.widgets import text_input
from accounts.models import Account
from garage.access import listed_memberships
from garage.models import Membership
from portal.free_text import WithoutCardNumbers
from portal.models import Market
from portal.refusals import Refusal
from portal.templatetags.frame import day_in_words, money
from subscriptions.access import documents_of
from subscriptions.models import Document
from support.cases.attachments import SENTENCES, Upload, read_uploads
from support.models import CaseCategory
from support.models.case import LONGEST_MESSAGE

MOST_DOCUMENTS = 60
ACCEPTED = "image/jpeg,image/png,image/webp,application/pdf"


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class Files(forms.FileField):
    """Each is looked at; the value is a list of `Upload`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Files"),
            help_text=_("Pictures or PDF: at most five, each up to 5 MB, together up to 15 MB. No card on a picture."),
            required=False,
            widget=ManyFiles(attrs={"accept": ACCEPTED, "multiple": True}),
            **kwargs,
        )
        # How many the case holds already, and whether the request brought more than was read.
        self.kept_already = 0
        self.was_too_large = False

    def clean(self, data: Any, initial: Any = None) -> list[Upload]:
        if self.was_too_large:
            raise forms.ValidationError(SENTENCES["files_too_large"], code="files_too_large")
        files = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        try:
            return read_uploads(files, kept_already=self.kept_already)
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from refusal


class _WithMessage(WithoutCardNumbers, forms.Form):
    message = forms.CharField(
        label=_("Your message"),
        help_text=_("What happened, when, and what you would like. Never type a card number or a password."),
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def clean_message(self) -> str:
        return self.cleaned_data["message"].replace("\r\n", "\n")


class QuestionForm(_WithMessage):
    """The first step: what it is about."""

    category = forms.ModelChoiceField(
        label=_("What is it about?"), queryset=CaseCategory.objects.none(), empty_label=_("Please choose")
    )
    field_order = ("category", "message")

    def __init__(self, data: Any = None, *, market: Market, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        category: Any = self.fields["category"]
        category.queryset = CaseCategory.objects.filter(market=market, is_offered=True).order_by("position")
        category.to_field_name = "code"
        category.label_from_instance = lambda row: row.name


class _WithFiles(WithoutCardNumbers, forms.Form):
    def __init__(self, data: Any = None, files: Any = None, *, was_too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(data, files=files, **kwargs)
        field: Any = self.fields["files"]
        field.was_too_large = was_too_large


class SendingForm(_WithFiles):
    """The second step of a customer who is signed in: of which car and invoice, and files."""

    car = forms.ChoiceField(label=_("Car"), required=False)
    invoice = forms.ChoiceField(label=_("Invoice or credit note"), required=False)
    files = Files()  # type: ignore[assignment]  # Forms take their fields off the class.

    def __init__(self, data: Any = None, *, account: Account, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self._cars = {str(row.public_id): row for row in listed_memberships(account)}
        self._documents = {str(row.public_id): row for row in documents_of(account)[:MOST_DOCUMENTS]}
        self._offer("car", [(key, row.label) for key, row in self._cars.items()])
        self._offer("invoice", [(key, _name_of(row)) for key, row in self._documents.items()])

    def _offer(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        """Who has none is not asked."""
        if not choices:
            del self.fields[name]
            return
        field: Any = self.fields[name]
        field.choices = [("", _("None in particular")), *choices]

    def clean_car(self) -> Membership | None:
        return self._cars.get(self.cleaned_data["car"])

    def clean_invoice(self) -> Document | None:
        return self._documents.get(self.cleaned_data["invoice"])


class GuestForm(_WithFiles):
    """The second step of somebody who is signed out: who to answer, and files."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=text_input("name"))
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("We mail you a link. Your message reaches us once you have opened it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    files = Files()  # type: ignore[assignment]  # Forms take their fields off the class.

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class ReplyForm(_WithMessage, _WithFiles):
    files = Files()  # type: ignore[assignment]  # Forms take their fields off the class.
    field_order = ("message", "files")

    def __init__(self, data: Any = None, *, kept_already: int = 0, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["message"].widget.attrs["rows"] = 5
        self.fields["message"].help_text = ""
        field: Any = self.fields["files"]
        field.kept_already = kept_already


def _name_of(document: Document) -> str:
    return f"{document.number}, {day_in_words(document.issued_on)}, {money(document.gross, document.currency)}"


# Staff


class AnswerForm(WithoutCardNumbers, forms.Form):
    text = forms.CharField(
        label=_("Answer"),
        help_text=_("The customer reads it as it stands here. Passwords and card numbers have no place in it."),
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 14, "class": "vLargeTextField"}),
    )
