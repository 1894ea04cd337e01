"""Handing a car over for a customer on the telephone (K3): what it ends is shown, then it is done (X7, X10)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions.caller import check_verified
from accounts.customer_page import page, url_of
from accounts.models import Account
from garage.models import ControlTransfer, Membership
from portal.desk.forms import ReasonForm
from portal.desk.words import list_url
from portal.refusals import Refusal
from subscriptions.actions.hand_over import brings, hand_over_by_telephone
from subscriptions.admin.control import what_ends
from subscriptions.confirming import is_what_was_shown, seal
from subscriptions.handing_over import Schedule

Effect = list[tuple[Any, Any]]


class HandOverForm(ReasonForm):
    """Car and address first; what it brings is shown, and confirmed by sending it again."""

    car = forms.ChoiceField(label=gettext_lazy("Car"))
    email = forms.EmailField(label=gettext_lazy("E-mail address of the other account"))
    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    field_order = ("car", "email", "reason")

    def __init__(self, data: Any = None, *, held: list[Membership]) -> None:
        super().__init__(data)
        car: Any = self.fields["car"]
        car.choices = [(link.public_id.hex, str(link.vehicle)) for link in held]

    def show(self, sealed: str) -> None:
        """The next time it is sent it confirms this."""
        typed: Any = self.data
        self.data = {**typed.dict(), "shown": sealed}


def _held(account: Account) -> list[Membership]:
    held = Membership.objects.current().filter(account=account, is_active=True)
    return list(held.select_related("vehicle", "account__market").order_by("linked_at", "pk"))


def _controls(account: Account) -> bool:
    return Membership.objects.current().filter(account=account, is_active=True).exists()


@page(
    "handover",
    label=gettext_lazy("Hand a car over"),
    needs="garage.change_controltransfer",
    place=30,
    is_offered=lambda account: account.is_active and not account.is_staff and _controls(account),
)
def handover(desk: Any, request: HttpRequest, account: Account) -> HttpResponse:
    """K7 first: whoever is not checked is asked."""
    now, by, held = timezone.now(), request.user, _held(account)
    form, effect = HandOverForm(request.POST or None, held=held), _before(account)
    try:
        check_verified(account, now=now, by=by)  # type: ignore[arg-type]
        if form.is_valid():
            asked = form.cleaned_data
            link = next(each for each in held if each.public_id.hex == asked["car"])
            shown = brings(link, asked["email"], now=now)
            if is_what_was_shown(asked["shown"], shown):
                facts = {"membership": link, "email": asked["email"], "reason": asked["reason"]}
                hand_over_by_telephone(**facts, confirmed=shown, now=now, by=by)  # type: ignore[arg-type]
                return desk.done(request, account, _done(shown))
            if asked["shown"]:
                messages.error(request, _("Something has changed. Please look again."))
            form.show(seal(shown))
            effect = _effect(account, shown)
    except Refusal as refusal:
        if refusal.code == "not_verified":
            messages.error(request, str(refusal))
            return redirect(url_of(account, "caller_facts"))
        form.add_error(None, str(refusal))
    title = _("Hand a car over")
    return desk.operation_page(request, account, title=title, effect=effect, form=form, label=_label(form))


def _label(form: HandOverForm) -> str:
    return _("Hand it over") if form.data.get("shown") and form.is_valid() else _("Show what it brings")


def _before(account: Account) -> Effect:
    """An objection is decided elsewhere: this is the word of the account in control."""
    disputed = format_html('<a href="{}">{}</a>', list_url(ControlTransfer, state="objected"), _("Control transfers"))
    return [
        (_("Customer"), account.email),
        (_("Then"), _("You see what it ends, before it is done.")),
        (_("Where two want the car"), disputed),
    ]


def _effect(account: Account, shown: Any) -> Effect:
    then = _("The other account has asked for control: it moves at once, and both are told.")
    quote = shown
    if isinstance(shown, Schedule):
        quote = shown.today
        then = _("The other account gets an offer by mail, and control once it takes it. Until then nothing ends.")
    return [(_("Customer"), account.email), (_("Then"), then), *what_ends(quote, account.market.currency)]


def _done(shown: Any) -> str:
    if isinstance(shown, Schedule):
        return _("The offer is on its way to the other account. The customer is told.")
    return _("The other account has control now. Both are told.")
