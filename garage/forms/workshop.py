"""Forms of the dealer's desk: its bookings, and what it keeps of its workshop (G8, K1)."""

from collections.abc import Iterable
from datetime import date, time
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from garage.forms.bookings import TimeForm
from garage.forms.service import WorkLines, read_km
from garage.models import MaintenanceItem, OfferedWork, Recall, Workshop
from garage.models.workshop import LONGEST_MINUTES
from garage.workshops import FreeDay
from portal.free_text import WithoutCardNumbers

MOST_BAYS, LONGEST_BAY = 50, 40


class MoveForm(TimeForm):
    """The free times alone: the customer's words stay."""

    def __init__(self, data: Any = None, *, days: Iterable[FreeDay]) -> None:
        super().__init__(data, days=days)
        del self.fields["words"]
        # Said to the customer, who is not the one that reads it here.
        self.fields["starts_at"].help_text = ""


class RefusalForm(WithoutCardNumbers, forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The customer reads it."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )


class ArrivalForm(WithoutCardNumbers, forms.Form):
    """Nothing to type: the button says it."""


class CompletionForm(WithoutCardNumbers, forms.Form):
    reading = forms.CharField(label=_("Odometer reading in kilometres"), max_length=40)
    items = forms.MultipleChoiceField(
        label=_("Done of the maintenance plan"), required=False, widget=forms.CheckboxSelectMultiple
    )
    recalls = forms.ModelMultipleChoiceField(
        label=_("Recalls carried out"),
        required=False,
        queryset=Recall.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    works = WorkLines(label=_("Work lines"), help_text=_("One a line, ten at most."))

    def __init__(
        self, data: Any = None, *, offered: Iterable[MaintenanceItem], open_recalls: Any, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.fields["items"].choices = [(item.code, item.name) for item in offered]  # type: ignore[attr-defined]
        self.fields["recalls"].queryset = open_recalls  # type: ignore[attr-defined]

    def clean_reading(self) -> int:
        return read_km(self.cleaned_data["reading"])


class HoursForm(WithoutCardNumbers, forms.Form):
    """A line for each weekday."""

    def __init__(self, data: Any = None, *, workshop: Workshop) -> None:
        # Before the mixin looks into them.
        self.base_fields = {  # type: ignore[misc]
            **{f"day_{day}": _hours_of(workshop, day, name) for day, name in WEEKDAYS.items()},
            "takes_bookings": forms.BooleanField(
                label=_("Takes bookings online"), required=False, initial=workshop.takes_bookings
            ),
        }
        super().__init__(data)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        openings = []
        for day in WEEKDAYS:
            try:
                openings += [(day, opens, closes) for opens, closes in read_hours(cleaned.get(f"day_{day}", ""))]
            except ValueError:
                self.add_error(f"day_{day}", _("Like 08:00-12:00, 13:00-17:00, one after the other; empty is closed."))
        return {"openings": openings, "takes_bookings": cleaned.get("takes_bookings", False)}


def _hours_of(workshop: Workshop, day: int, name: Any) -> forms.CharField:
    spans = workshop.openings.filter(weekday=day).order_by("opens")
    initial = ", ".join(f"{span.opens:%H:%M}-{span.closes:%H:%M}" for span in spans)
    return forms.CharField(label=name, required=False, max_length=80, initial=initial)


def read_hours(text: str) -> list[tuple[time, time]]:
    """ "08:00-12:00, 13:00-17:00". Raises ValueError for what cannot be."""
    spans: list[tuple[time, time]] = []
    for part in filter(None, (part.strip() for part in text.replace("\u2013", "-").split(","))):
        opens, closes = (time.fromisoformat(clock.strip()) for clock in part.split("-"))
        if opens.tzinfo or closes.tzinfo or closes <= opens or (spans and opens < spans[-1][1]):
            raise ValueError(part)
        spans.append((opens, closes))
    return spans


class ClosedDaysForm(WithoutCardNumbers, forms.Form):
    days = forms.CharField(
        label=_("Closed days to come"),
        help_text=_("One a line, like 2026-12-24."),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 10}),
    )

    def clean_days(self) -> list[date]:
        try:
            days = {date.fromisoformat(line) for line in self.cleaned_data["days"].split()}
        except ValueError as error:
            raise forms.ValidationError(_("One day a line, like 2026-12-24.")) from error
        return sorted(days)


class BaysForm(WithoutCardNumbers, forms.Form):
    names = forms.CharField(
        label=_("Bays"),
        help_text=_("One a line. A bay that is not named any more takes no new car."),
        max_length=2_100,
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def clean_names(self) -> list[str]:
        lines = list(dict.fromkeys(" ".join(line.split()) for line in self.cleaned_data["names"].splitlines()))
        names = [line for line in lines if line]
        if len(names) > MOST_BAYS or any(len(name) > LONGEST_BAY for name in names):
            raise forms.ValidationError(_("At most 50 bays, and 40 characters each."))
        return names


class WorkForm(WithoutCardNumbers, forms.Form):
    """A name for each language of the market."""

    def __init__(self, data: Any = None, *, workshop: Workshop, work: OfferedWork | None = None) -> None:
        self.languages = list(workshop.dealer.market.languages)
        names = work.names if work else {}
        self.base_fields = {  # type: ignore[misc]
            "code": forms.SlugField(
                label=_("Code"), max_length=40, initial=work.code if work else "", disabled=work is not None
            ),
            **{
                f"name_{each}": forms.CharField(label=f"Name ({each})", max_length=80, initial=names.get(each, ""))
                for each in self.languages
            },
            "minutes": forms.IntegerField(
                label=_("Minutes"), min_value=30, max_value=LONGEST_MINUTES, initial=work.minutes if work else 60
            ),
            "items": forms.MultipleChoiceField(
                label=_("Done of the maintenance plans"),
                required=False,
                choices=_codes_of_plans(workshop),
                initial=work.items if work else [],
                widget=forms.CheckboxSelectMultiple,
            ),
            "is_active": forms.BooleanField(
                label=_("Offered"), required=False, initial=work.is_active if work else True
            ),
        }
        super().__init__(data)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        names = {each: cleaned.pop(f"name_{each}", "") for each in self.languages}
        return cleaned | {"names": names}


def _codes_of_plans(workshop: Workshop) -> list[tuple[str, str]]:
    items = MaintenanceItem.objects.filter(is_active=True, plan__is_active=True, plan__market=workshop.dealer.market_id)
    return sorted({item.code: item.name for item in items}.items())
