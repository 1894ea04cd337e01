"""Correcting a car's registry facts, on the car's page: what it changes is shown first (K3)."""

from copy import copy
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Account
from garage.admin.corrections import NAMES
from garage.admin.vehicle_page import page
from garage.corrections import as_text, differing
from garage.models import Vehicle
from garage.models.correction import CORRECTABLE
from garage.models.vehicle import Powertrain
from portal.models import Market
from portal.refusals import Refusal
from portal.templatetags.frame import day_in_words
from subscriptions.actions.correct_car import correct_car, moved_ends
from subscriptions.admin import words
from subscriptions.admin.forms import ToldForm
from subscriptions.centre.free_periods import free_period
from subscriptions.centre.packages import missing_of, packages_of
from subscriptions.models import Package

TITLE = gettext_lazy("Correct the facts of the registry")
DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class CorrectionForm(ToldForm):
    """All that can be corrected, as it is; what is changed is corrected."""

    plate = forms.CharField(label=NAMES["plate"], max_length=12, required=False)
    model = forms.CharField(label=NAMES["model"], max_length=60)
    powertrain = forms.ChoiceField(label=NAMES["powertrain"], choices=Powertrain.choices)
    multimedia = forms.CharField(label=NAMES["multimedia"], max_length=12)
    warranty_start = forms.DateField(label=NAMES["warranty_start"], required=False, widget=DAY)
    purchased_on = forms.DateField(label=NAMES["purchased_on"], required=False, widget=DAY)
    first_registered_on = forms.DateField(label=NAMES["first_registered_on"], required=False, widget=DAY)
    evidence = forms.CharField(
        label=gettext_lazy("Evidence"),
        help_text=gettext_lazy("Where the paper can be found: a case, a registration document, a dealer’s invoice."),
        max_length=200,
    )
    field_order = (*CORRECTABLE, "evidence", "told", "reason")

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in CORRECTABLE}


@page("correction", label=TITLE, needs="garage.change_vehicle")
def correction(desk: Any, request: HttpRequest, vehicle: Vehicle) -> HttpResponse:
    initial = {name: getattr(vehicle, name) for name in CORRECTABLE}
    form = CorrectionForm(request.POST or None, initial=initial)
    effect: list[tuple[Any, Any]] = [(_("Car"), str(vehicle))]
    label = _("Show what it brings")
    if form.is_valid():
        changes = differing(vehicle, form.facts)
        seal = ";".join(f"{name}={as_text(value)}" for name, value in sorted(changes.items()))
        try:
            if changes and form.cleaned_data["shown"] == seal:
                said = {name: form.cleaned_data[name] for name in ("evidence", "told", "reason")}
                staff: Any = request.user
                correct_car(vehicle=vehicle, facts=form.facts, now=timezone.now(), by=staff, **said)
                return desk.done(request, vehicle, _("The facts are corrected. The account in control is told."))
        except Refusal as refusal:
            return desk.refused(request, vehicle, refusal)
        form.show(seal)
        effect += _effect(vehicle, changes)
        label = str(TITLE) if changes else label
    else:
        effect.append((_("Then"), _("The next import of the registry keeps what is corrected here.")))
    return desk.operation_page(request, vehicle, title=TITLE, effect=effect, form=form, label=label)


def _effect(vehicle: Vehicle, changes: dict[str, Any]) -> list[tuple[Any, Any]]:
    if not changes:
        return [(_("Change"), _("none"))]
    corrected = copy(vehicle)
    for name, value in changes.items():
        setattr(corrected, name, value)
    said = [(NAMES[name], f"{as_text(getattr(vehicle, name))} → {as_text(changes[name])}") for name in changes]
    return [*said, *_ends(vehicle, corrected), *_packages(vehicle, corrected), (_("Told"), _told(vehicle))]


def _told(vehicle: Vehicle) -> str:
    holder = Account.objects.filter(
        memberships__vehicle=vehicle, memberships__is_active=True, memberships__ended_at__isnull=True
    ).first()
    return holder.email if holder else _("nobody: no account has control of the car")


def _ends(vehicle: Vehicle, corrected: Vehicle) -> list[tuple[Any, Any]]:
    return [
        (
            _("Free period of %(package)s") % {"package": words.package(end.subscription)},
            f"{day_in_words(end.before)} → {day_in_words(end.after)}",
        )
        for end in moved_ends(vehicle, corrected, now=timezone.now())
    ]


def _packages(vehicle: Vehicle, corrected: Vehicle) -> list[tuple[Any, Any]]:
    """Which packages the car can have, and until when they are free, where that changes."""
    market = Market.objects.filter(code=corrected.market_code).first()
    if market is None:
        return []
    rows = []
    for package in packages_of(market):
        states = [_state(package, car, market) for car in (vehicle, corrected)]
        if states[0] != states[1]:
            rows.append((package.name, f"{states[0]} → {states[1]}"))
    return rows


def _state(package: Package, car: Vehicle, market: Market) -> str:
    if missing_of(package, car, market=market):
        return _("not for this car")
    period = free_period(car, package, market)
    return _("free until %(day)s") % {"day": day_in_words(period.end_on)} if period else _("for this car")
