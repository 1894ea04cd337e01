"""Forms of the garage. What is wrong is said beside the field; what was typed is kept."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from garage.models import Membership
from garage.rules import odometer as odometer_rules
from garage.rules import vin as vin_rules
from garage.words.refusals import vin_sentences
from portal.free_text import WithoutCardNumbers

# Codes are typed as they stand on the document: no keyboard may "correct" them, no browser offer another car's.
_CODE = {"autocomplete": "off", "autocapitalize": "characters", "autocorrect": "off", "spellcheck": "false"}


class OneOfTwo(forms.CharField):
    """A field that is not marked as optional, since one of the two is needed; that one is there, the form checks."""

    def validate(self, value: str) -> None:
        pass


class OneFile(forms.FileField):
    """Not marked as optional: the photo is what the page is for, though the camera may stand in for it."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        return data or None


class AddVehicleForm(WithoutCardNumbers, forms.Form):
    # Neither field alone is required, and no screen reader may say so.
    use_required_attribute = False

    vin = OneOfTwo(
        label=_("VIN"),
        help_text=_(
            "17 letters and digits. You find it on the registration document under E, and at the foot of the "
            "windscreen."
        ),
        max_length=60,
        widget=forms.TextInput(attrs=_CODE),
    )
    plate = OneOfTwo(
        label=_("Or the registration plate"),
        help_text=_("If you do not have the VIN at hand."),
        max_length=30,
        widget=forms.TextInput(attrs=_CODE),
    )

    def clean_vin(self) -> str:
        vin = vin_rules.clean(self.cleaned_data["vin"])
        if vin:
            faults = vin_sentences(vin_rules.faults(vin))
            if faults:
                raise forms.ValidationError(faults)
        return vin

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        if not cleaned["vin"] and not cleaned["plate"]:
            self.add_error("vin", _("Please type the VIN of your car, or its registration plate."))
        elif cleaned["vin"] and cleaned["plate"]:
            self.add_error("plate", _("Please type the VIN or the registration plate, not both."))
        return cleaned


class PairingCodeForm(WithoutCardNumbers, forms.Form):
    code = forms.CharField(
        label=_("Code on the car’s screen"),
        help_text=_("Eight letters and digits in two groups. Capitals, dashes and blanks do not matter."),
        max_length=40,
        widget=forms.TextInput(attrs=_CODE | {"data-code": ""}),
    )


class TakeOverForm(WithoutCardNumbers, forms.Form):
    """The buyer's: the seller's code, and one of the two proofs that the car is there (L1, V1)."""

    use_required_attribute = False

    transfer_code = forms.CharField(
        label=_("Transfer code"),
        help_text=_("Twelve letters and digits in three groups, on the note that the seller gave you."),
        max_length=40,
        widget=forms.TextInput(attrs=_CODE),
    )
    reading = OneOfTwo(
        label=_("Odometer reading in kilometres"),
        help_text=_("The total distance on the instrument display, marked ODO."),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    pairing_code = OneOfTwo(
        label=_("Or the code on the car’s screen"),
        help_text=_("If the car shows one: eight letters and digits in two groups."),
        max_length=40,
        widget=forms.TextInput(attrs=_CODE),
    )

    def clean_reading(self) -> int | None:
        typed = self.cleaned_data["reading"]
        km = odometer_rules.parse_km(typed) if typed else None
        if typed and km is None:
            raise forms.ValidationError(
                _("Please type whole kilometres as the display shows them, six digits at most. No try was used.")
            )
        return km

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        if cleaned["reading"] is None and not cleaned["pairing_code"]:
            self.add_error("reading", _("Please type the odometer reading, or the code on the car’s screen."))
        elif cleaned["reading"] is not None and cleaned["pairing_code"]:
            self.add_error("pairing_code", _("Please type the reading or the code, not both."))
        return cleaned


class VinForm(WithoutCardNumbers, forms.Form):
    """The VIN that was read from a photo, to be compared and mended before it is sent on to `AddVehicleForm`."""

    use_required_attribute = False
    vin = forms.CharField(label=_("VIN"), max_length=60, widget=forms.TextInput(attrs=_CODE))


class PhotoForm(WithoutCardNumbers, forms.Form):
    """A photo, or what the browser's own camera has read; the view says which is missing."""

    use_required_attribute = False
    photo = OneFile(
        label=_("Photo of the code"),
        help_text=_("JPEG, PNG or WebP, at most 5 MB and 25 megapixels. It is read at once and not kept."),
        # On a phone it opens the camera.
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp", "capture": "environment"}),
    )
    scanned = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput(attrs={"data-scanned": ""}))


class OdometerForm(WithoutCardNumbers, forms.Form):
    reading = forms.CharField(
        label=_("Odometer reading in kilometres"),
        help_text=_(
            "Switch the car on and read the total distance on the instrument display, marked ODO; not the trip "
            "distance, which can be reset."
        ),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Please type the reading. No try was used.")},
    )

    def clean_reading(self) -> int:
        km = odometer_rules.parse_km(self.cleaned_data["reading"])
        if km is None:
            raise forms.ValidationError(
                _("Please type whole kilometres as the display shows them, six digits at most. No try was used.")
            )
        return km


class NicknameForm(WithoutCardNumbers, forms.Form):
    nickname = forms.CharField(
        label=_("Nickname"),
        help_text=_("Shown instead of the model, to you alone. Leave it empty to show the model."),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class InvoiceReferenceForm(WithoutCardNumbers, forms.Form):
    reference = forms.CharField(
        label=_("Reference on invoices"),
        help_text=_("For companies: a cost centre or an order number. It stands on the next document on."),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class InvoiceReferencesForm(WithoutCardNumbers, forms.Form):
    """One field for each car of the garage, named by the car's public id."""

    def __init__(self, data: Any = None, *, cars: list[Membership]) -> None:
        # Before the mixin looks into them.
        self.base_fields = {str(car.public_id): _reference_of(car) for car in cars}  # type: ignore[misc]
        super().__init__(data)


def _reference_of(car: Membership) -> forms.CharField:
    return forms.CharField(
        # As the customer named it: until access is proved no page shows plate or VIN of their own (G11).
        label=f"{car.label} · {car.identified_as}",
        initial=car.invoice_reference,
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class UnblockForm(WithoutCardNumbers, forms.Form):
    """For staff (V3): who saw the person's papers, and the note that stays."""

    identity_checked_by = forms.CharField(
        label=_("Identity checked by"),
        help_text=_("Name and place of who saw identity card, registration document and key."),
        max_length=80,
    )
    note = forms.CharField(
        label=_("Note"),
        help_text=_("Kept in the timeline with your name. The customer does not see it."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )
