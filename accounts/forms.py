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


class BillingProfileForm(WithoutCardNumbers, forms.ModelForm):
    country = forms.ChoiceField(label=_("Country"), widget=forms.Select(attrs={"autocomplete": "billing country"}))

    class Meta:
        model = BillingProfile
        fields = ("name", "address_line_1", "address_line_2", "postcode", "town", "country", "vat_number")
        widgets = {
            "name": _input("billing name"),
            "address_line_1": _input("billing address-line1"),
            "address_line_2": _input("billing address-line2"),
            "postcode": _input("billing postal-code"),
            "town": _input("billing address-level2"),
            "vat_number": _input("off", autocapitalize="characters", spellcheck="false"),
        }
        help_texts = {
            "name": _("The person or company that the invoice is made out to."),
            "vat_number": _("For companies, with the letters of the country: CY10123456A."),
        }

    def __init__(self, data: Any = None, *, account: Account, **kwargs: Any) -> None:
        profile = BillingProfile.objects.filter(account=account).first()
        known = profile or BillingProfile(name=account.name, country=account.market.code)
        super().__init__(data, initial={name: getattr(known, name) for name in self.Meta.fields}, **kwargs)
        self.fields["country"].choices = country_choices()  # type: ignore[attr-defined]
        # It is tidied before it is measured: people group its digits.
        self.fields["vat_number"].max_length = 24  # type: ignore[attr-defined]

    def clean_vat_number(self) -> str:
        try:
            return checked_vat_number(self.cleaned_data["vat_number"])
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


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
