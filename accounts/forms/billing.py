"""Whom documents are made out to (A4, I5)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.actions.billing import checked_vat_number
from accounts.forms.widgets import text_input
from accounts.models import Account, BillingProfile
from portal.countries import country_choices
from portal.free_text import WithoutCardNumbers
from portal.refusals import Refusal

PRIVATE, COMPANY = "private", "company"


class CustomerKindField(forms.ChoiceField):
    """A page that does not ask leaves it to the VAT number; the choice is not marked as optional for that."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class BillingProfileForm(WithoutCardNumbers, forms.ModelForm):
    customer = CustomerKindField(
        label=_("Who is the customer?"),
        choices=[(PRIVATE, _("A private person")), (COMPANY, _("A company"))],
        widget=forms.RadioSelect,
    )
    country = forms.ChoiceField(label=_("Country"), widget=forms.Select(attrs={"autocomplete": "billing country"}))

    class Meta:
        model = BillingProfile
        fields = ("name", "address_line_1", "address_line_2", "postcode", "town", "country", "vat_number")
        labels = {"name": _("Name of the person or company")}
        widgets = {
            "name": text_input("billing name"),
            "address_line_1": text_input("billing address-line1"),
            "address_line_2": text_input("billing address-line2"),
            "postcode": text_input("billing postal-code"),
            "town": text_input("billing address-level2"),
            "vat_number": text_input("off", autocapitalize="characters", spellcheck="false"),
        }
        help_texts = {
            "name": _("The invoice is made out to this name."),
            "vat_number": _("Companies only, with the letters of the country: CY10123456A."),
        }

    field_order = ("customer", "name", "vat_number")

    def __init__(self, data: Any = None, *, account: Account, **kwargs: Any) -> None:
        profile = BillingProfile.objects.filter(account=account).first()
        known = profile or BillingProfile(name=account.name, country=account.market.code)
        initial = {name: getattr(known, name) for name in self.Meta.fields}
        super().__init__(data, initial=initial | {"customer": COMPANY if known.is_company else PRIVATE}, **kwargs)
        self.fields["country"].choices = country_choices()  # type: ignore[attr-defined]
        # The column's length is that of a tidy number, and people group its digits.
        self.fields["vat_number"] = forms.CharField(
            label=_("VAT number"),
            help_text=self.Meta.help_texts["vat_number"],
            required=False,
            max_length=30,
            widget=self.Meta.widgets["vat_number"],
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["is_company"] = {PRIVATE: False, COMPANY: True}.get(cleaned.pop("customer", ""))
        try:
            cleaned["vat_number"] = checked_vat_number(
                cleaned.get("vat_number", ""), is_company=cleaned["is_company"], country=cleaned.get("country", "")
            )
        except Refusal as refusal:
            self.add_error("vat_number", str(refusal))
        return cleaned
