"""The buyer's page (L1): transfer code and proof of access in one form, then who else still reaches the car."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import account_of, member_required
from garage.forms.cars import TakeOverForm
from garage.models import Membership
from garage.views.adding import page_of_way
from garage.views.proved import to_proved_car
from portal.refusals import Refusal
from subscriptions.actions.take_over import take_over as take_over_by_code

# Beside which field a refusal is said; the others concern the form as a whole.
REFUSED_FIELDS = {
    "transfer_malformed": "transfer_code",
    "transfer_wrong": "transfer_code",
    "transfer_own": "transfer_code",
    "proof_missing": "reading",
    "wrong_reading": "reading",
    "reading_proves_nothing": "reading",
    "code_malformed": "pairing_code",
    "code_wrong": "pairing_code",
}


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def take_over(request: HttpRequest) -> HttpResponse:
    form, status = TakeOverForm(request.POST or None), 200
    if form.is_valid():
        try:
            return _taken(request, _take(request, form))
        except Refusal as refusal:
            form.add_error(REFUSED_FIELDS.get(refusal.code), str(refusal))
            status = 429 if refusal.code == "too_many_codes" else 200
    return render(request, "subscriptions/take_over.html", page_of_way("take_over", form), status=status)


def _take(request: HttpRequest, form: TakeOverForm) -> Membership:
    account = account_of(request)
    return take_over_by_code(
        account=account,
        code=form.cleaned_data["transfer_code"],
        odometer_km=form.cleaned_data["reading"],
        pairing_code=form.cleaned_data["pairing_code"],
        address=get_adapter(request).get_client_ip(request),
        now=timezone.now(),
        by=account,
    )


def _taken(request: HttpRequest, membership: Membership) -> HttpResponse:
    if membership.is_active:
        messages.success(request, _("You have control of %(car)s now.") % {"car": membership.label})
        return to_proved_car(request, membership)
    waits = _("Access is proved. Another account has control of this car, and was asked for it.")
    messages.info(request, waits)
    return redirect("control", membership.public_id)
