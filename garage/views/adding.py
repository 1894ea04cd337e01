"""Bringing a car into the garage: by VIN or plate, by the car's code, by a photo of either (G2)."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from accounts.access import account_of, member_required
from accounts.models import Account
from garage import actions
from garage.forms import cars as forms
from garage.lookups import take_photo
from garage.models import Membership
from garage.photo import MOST_BYTES, TOO_LARGE, read_photo, the_one
from garage.rules.scanning import Found, Kind, find
from garage.uploads import PhotoInMemory
from garage.views.proved import to_proved_car
from garage.views.trail import trail
from portal.refusals import Refusal

# Beside which field a refusal is said; the others concern the form as a whole.
REFUSED_FIELDS = {
    "vin_malformed": "vin",
    "vin_of_another_maker": "vin",
    "vin_unknown": "vin",
    "plate_malformed": "plate",
    "plate_unknown": "plate",
    "code_malformed": "code",
    "code_wrong": "code",
}


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def add_vehicle(request: HttpRequest) -> HttpResponse:
    form = forms.AddVehicleForm(request.POST or None)
    if form.is_valid():
        try:
            membership = _add(account_of(request), form)
        except Refusal as refusal:
            # Sent twice, or typed again: the car is where it was to go.
            if refusal.code == "already_in_garage":
                messages.info(request, str(refusal.sentence))
                return redirect("garage")
            form.add_error(REFUSED_FIELDS.get(refusal.code), str(refusal.sentence))
        else:
            messages.success(request, _("%(car)s is in your garage.") % {"car": membership.label})
            return redirect("prove_access", membership.public_id)
    return render(request, "garage/add_vehicle.html", page_of_way("add_vehicle", form))


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def add_by_code(request: HttpRequest) -> HttpResponse:
    """The head unit's code, typed in: the car is added and access proved in one step."""
    form = forms.PairingCodeForm(request.POST or None)
    if form.is_valid():
        try:
            membership = _redeem(request, form.cleaned_data["code"])
        except Refusal as refusal:
            form.add_error(REFUSED_FIELDS.get(refusal.code), str(refusal.sentence))
        else:
            said = _("%(car)s is in your garage, and access is proved.") % {"car": membership.label}
            messages.success(request, said)
            return to_proved_car(request, membership)
    return render(request, "garage/add_by_code.html", page_of_way("add_by_code", form))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def add_by_photo(request: HttpRequest) -> HttpResponseBase:
    """Read in the browser's camera (`scanned`) or by upload (`photo`); what was found is asked, never added at once."""
    # Before anything reads the body, the token's check among it, which is why that stands within.
    request.upload_handlers = [PhotoInMemory(request, most=MOST_BYTES)]
    return _add_by_photo(request)


@csrf_protect
@member_required
def _add_by_photo(request: HttpRequest) -> HttpResponse:
    is_sent = request.method == "POST"
    form = forms.PhotoForm(request.POST, files=request.FILES) if is_sent else forms.PhotoForm()
    if form.is_valid():
        try:
            found = _read(request, form)
        except Refusal as refusal:
            form.add_error("photo", str(refusal.sentence))
        else:
            return render(request, "garage/photo_found.html", _found(found))
    return render(request, "garage/add_by_photo.html", page_of_way("add_by_photo", form))


def _add(account: Account, form: forms.AddVehicleForm) -> Membership:
    vin, plate, now = form.cleaned_data["vin"], form.cleaned_data["plate"], timezone.now()
    if vin:
        return actions.add_vehicle(account=account, vin=vin, now=now, by=account)
    return actions.add_vehicle_by_plate(account=account, plate=plate, now=now, by=account)


def _redeem(request: HttpRequest, code: str) -> Membership:
    account, address = account_of(request), get_adapter(request).get_client_ip(request)
    return actions.redeem_pairing_code(account=account, code=code, address=address, now=timezone.now(), by=account)


def _read(request: HttpRequest, form: forms.PhotoForm) -> Found:
    if form.cleaned_data["scanned"]:
        return the_one(find([form.cleaned_data["scanned"]]))
    if any(handler.is_too_large for handler in request.upload_handlers):  # type: ignore[attr-defined]
        raise Refusal("photo_too_large", TOO_LARGE)
    if not form.cleaned_data["photo"]:
        raise Refusal("photo_missing", _("Please choose or take a photo first."))
    if not take_photo(account_id=account_of(request).pk, now=timezone.now()):
        raise Refusal(
            "too_many_photos", _("You have tried many photos. Please type the code, or try again in an hour.")
        )
    return read_photo(form.cleaned_data["photo"].read())


def _found(found: Found) -> dict[str, object]:
    """The form of the page where such a thing is typed in, filled with what was read."""
    is_code = found.kind == Kind.CODE
    form = (
        forms.PairingCodeForm(initial={"code": found.value}) if is_code else forms.VinForm(initial={"vin": found.value})
    )
    address = "add_by_code" if is_code else "add_vehicle"
    return {"form": form, "is_code": is_code, "url": reverse(address), "crumbs": trail(here=_("Add a car"))}


def page_of_way(current: str, form: object) -> dict[str, object]:
    """What the page of one of the ways shows: the form among the tabs."""
    ways = [
        ("add_vehicle", _("VIN or plate")),
        ("add_by_code", _("Code of the car")),
        ("add_by_photo", _("Photo")),
        ("take_over", _("Code of the seller")),
    ]
    tabs = [{"label": label, "url": reverse(name), "is_current": name == current} for name, label in ways]
    return {"form": form, "tabs": tabs, "crumbs": trail(here=_("Add a car"))}
