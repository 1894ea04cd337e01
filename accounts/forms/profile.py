"""Who the owner is (A4)."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from accounts.forms.widgets import text_input
from accounts.models import Account
from portal.free_text import WithoutCardNumbers
from portal.models import Market

TELEPHONE = RegexValidator(
    r"^\+?[0-9 ()/.\-]{5,30}$", _("Please type at least five digits, with blanks and a leading + if you like.")
)


class ProfileForm(WithoutCardNumbers, forms.ModelForm):
    language = forms.ChoiceField(
        label=_("Language"), help_text=_("For the portal, your mails and your documents."), widget=forms.RadioSelect
    )

    country = forms.ChoiceField(
        label=_("Country"),
        help_text=_("Prices, seller and Terms of Use are those of the country. No service may be running."),
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )

    class Meta:
        model = Account
        fields = ("first_name", "last_name", "phone", "language")
        widgets = {
            "first_name": text_input("given-name"),
            "last_name": text_input("family-name"),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "type": "tel", "inputmode": "tel"}),
        }
        help_texts = {"phone": _("With the country code, for example +357 22 000000.")}

    def __init__(self, data: Any = None, *, account: Account) -> None:
        # Initial values, not an instance: only the action writes to the account.
        super().__init__(data, initial={name: getattr(account, name) for name in self.Meta.fields})
        self._offer_countries(account)
        self.fields["phone"].validators.append(TELEPHONE)
        names = dict(settings.LANGUAGES)
        self.fields["language"].choices = [(code, names.get(code, code)) for code in account.market.languages]  # type: ignore[attr-defined]

    def _offer_countries(self, account: Account) -> None:
        """A choice of one is none: where the brand has a single market nobody is asked."""
        markets = sorted(Market.objects.all(), key=lambda market: market.name)
        if len(markets) < 2:
            del self.fields["country"]
            return
        self.fields["country"].choices = [(market.code, market.name) for market in markets]  # type: ignore[attr-defined]
        self.initial["country"] = account.market.code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        code = cleaned.pop("country", "")
        cleaned["market"] = Market.objects.filter(code=code).first() if code else None
        return cleaned
