"""What a dealer types at the desk (K1)."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from garage.rules import dealer_desk as rules
from garage.rules import vin as vin_rules
from garage.rules.dealer_desk import Paper
from portal.free_text import WithoutCardNumbers

PAPERS: dict[Paper, Promise] = {
    Paper.IDENTITY_CARD: _("Identity card"),
    Paper.PASSPORT: _("Passport"),
    Paper.DRIVING_LICENCE: _("Driving licence"),
    Paper.RESIDENCE_PERMIT: _("Residence permit"),
}


class DealerCodeForm(WithoutCardNumbers, forms.Form):
    code = forms.CharField(
        label=_("Code of the customer"),
        help_text=_("Eight letters and digits. Capitals and dashes make no difference."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        code = rules.clean(self.cleaned_data["code"])
        if not rules.is_well_formed(code):
            raise forms.ValidationError(_("A code has eight letters and digits."), code="malformed")
        return code


class IdentityForm(WithoutCardNumbers, forms.Form):
    """Every box: without one of them identity is not checked (V3)."""

    paper = forms.ChoiceField(label=_("Paper that you have seen"), choices=list(PAPERS.items()))
    is_same_person = forms.BooleanField(label=_("The picture shows the person, and the name is that of the account"))
    has_car_papers = forms.BooleanField(label=_("The registration document of the car is here"))
    has_key = forms.BooleanField(label=_("The car is here, with its key"))
    note = forms.CharField(
        label=_("Note"),
        help_text=_("No number of a paper. Kept in the timeline with your name."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )

    def clean_note(self) -> str:
        """A paper's number is written in five or more digits."""
        note: str = self.cleaned_data["note"]
        if any(sum(mark.isdigit() for mark in word) >= 5 for word in note.split()):
            raise forms.ValidationError(_("Leave the number of the paper out."), code="number")
        return note


class TradeInForm(WithoutCardNumbers, forms.Form):
    vin = forms.CharField(label=_("VIN"), max_length=40)
    reference = forms.CharField(
        label=_("Reference of the contract of sale"),
        help_text=_("As it stands in your books. The owner sees it."),
        max_length=60,
    )
    is_owner_known = forms.BooleanField(label=_("The owner has signed the contract of sale"))
    is_screen_cleared = forms.BooleanField(
        label=_("The owner’s profile is removed from the car’s screen"), required=False
    )

    def clean_vin(self) -> str:
        vin = vin_rules.clean(self.cleaned_data["vin"])
        if vin_rules.faults(vin):
            raise forms.ValidationError(_("This is not a VIN: it has 17 characters, no I, O or Q."), code="malformed")
        return vin

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("vin", "reference", "is_screen_cleared")}
