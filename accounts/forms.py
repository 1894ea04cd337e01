"""Forms of the account's own pages; allauth brings those for signing in."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from accounts.actions.billing import checked_vat_number
from accounts.models import Account, BillingProfile
from portal.countries import country_choices
from portal.free_text import WithoutCardNumbers
from portal.refusals import Refusal

PRIVATE, COMPANY = "private", "company"
TELEPHONE = RegexValidator(r"^\+?[0-9 ()/.\-]{5,30}$", _("Please use digits, blanks and a leading + only."))


def _input(autocomplete: str, **attributes: str) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": autocomplete, **attributes})


class ProfileForm(WithoutCardNumbers, forms.ModelForm):
    language = forms.ChoiceField(
        label=_("Language"), help_text=_("For the portal, your mails and your documents."), widget=forms.RadioSelect
    )

    class Meta:
        model = Account
        fields = ("first_name", "last_name", "phone", "language")
        widgets = {
            "first_name": _input("given-name"),
            "last_name": _input("family-name"),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "type": "tel", "inputmode": "tel"}),
        }
        help_texts = {"phone": _("With the country code, for example +357 22 000000.")}

    def __init__(self, data: Any = None, *, account: Account) -> None:
        # Initial values, not an instance: only the action writes to the account.
        super().__init__(data, initial={name: getattr(account, name) for name in self.Meta.fields})
        self.fields["phone"].validators.append(TELEPHONE)
        names = dict(settings.LANGUAGES)
        self.fields["language"].choices = [(code, names.get(code, code)) for code in account.market.languages]  # type: ignore[attr-defined]


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
            "name": _input("billing name"),
            "address_line_1": _input("billing address-line1"),
            "address_line_2": _input("billing address-line2"),
            "postcode": _input("billing postal-code"),
            "town": _input("billing address-level2"),
            "vat_number": _input("off", autocapitalize="characters", spellcheck="false"),
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


class ActivationRequestForm(WithoutCardNumbers, forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"}), max_length=254
    )


class NoticeChoicesForm(forms.Form):
    """S9: what is told besides what is always told."""

    early = forms.BooleanField(
        label=_("Tell me earlier of yearly and four-yearly charges"),
        help_text=_("Also 30 days before each of them, and 60 days before a four-yearly one."),
        required=False,
    )


class CopyAddressForm(WithoutCardNumbers, forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Its reader receives a link, and confirms that the copies are wanted."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
