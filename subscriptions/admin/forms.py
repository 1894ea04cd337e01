"""The small forms of the operations: what was shown, handed back, and the reason for the audit trail."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from portal.desk.forms import ReasonForm, RepeatForm
from portal.free_text import WithoutCardNumbers
from portal.models import Market
from portal.refusals import Refusal

__all__ = ["ReasonForm", "RepeatForm"]


class ConfirmedForm(ReasonForm):
    """With a mark of what was shown: what is shown is what is done (X10)."""

    shown = forms.CharField(widget=forms.HiddenInput)


class ToldForm(ReasonForm):
    """What staff do for a customer, who reads `told`; `shown` marks what it brought when it was confirmed (X10)."""

    told = forms.CharField(
        label=_("Reason for the customer"),
        help_text=_("Mailed to the customer as it stands, in their language."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
    )
    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    field_order: Sequence[str] = ("amount", "days", "told", "reason")

    def show(self, seal: str) -> None:
        """The next time it is sent it confirms this."""
        if self.is_bound:
            self.data = {**self.data.dict(), "shown": seal} if isinstance(self.data, QueryDict) else self.data
        self.initial["shown"] = seal


class GiveBackForm(ToldForm):
    amount = forms.DecimalField(
        label=_("Amount"),
        help_text=_("Gross, VAT included; at most what is left of the payment."),
        min_value=Decimal("0.01"),
        max_digits=8,
        decimal_places=2,
    )

    def __init__(self, *args: Any, most: Decimal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most = most

    def clean_amount(self) -> Decimal:
        amount: Decimal = self.cleaned_data["amount"]
        if amount > self.most:
            raise forms.ValidationError(_("That is more than what is left of this payment."), code="more_than_paid")
        return amount


class ExtendForm(ToldForm):
    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=366)


class DecisionForm(ConfirmedForm):
    """Who has control of a car (V4). The reason is kept, and neither customer sees it."""

    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            ("stays", _("Control stays where it is")),
            ("moves", _("Control moves to the account that asks")),
        ],
        widget=forms.RadioSelect,
    )
    field_order = ["outcome", "reason"]


class DatedForm(ReasonForm):
    """What holds from a day on: asked for first, then shown with what it brings, and confirmed as shown (X10)."""

    day = forms.DateField(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, check: Callable[..., None], **kwargs: Any) -> None:
        """`check` raises `Refusal` for what the action would refuse."""
        super().__init__(*args, **kwargs)
        self.check = check

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.errors:
            try:
                self.check(**{name: self.cleaned_data[name] for name in self.cleaned_data.keys() - {"shown", "reason"}})
            except Refusal as refusal:
                raise forms.ValidationError(str(refusal.sentence), code=refusal.code) from refusal
        return cleaned


class PriceForm(DatedForm):
    price = forms.DecimalField(
        label=_("New price"),
        help_text=_("Gross, VAT included."),
        min_value=Decimal("0.01"),
        max_digits=8,
        decimal_places=2,
    )
    field_order = ["price", "day", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].label = _("For charges from")


class DiscontinuationForm(DatedForm):
    market = forms.ModelChoiceField(label=_("Market"), queryset=Market.objects.order_by("code"))
    field_order = ["market", "day", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].label = _("First day without it")


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
