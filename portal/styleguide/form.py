"""A form with one field of each kind."""

from typing import Any

from django import forms

from portal.styleguide.words import say


class SampleForm(forms.Form):
    """One field of each kind; bound with nothing it shows each error."""

    vin = forms.CharField(max_length=17)
    email = forms.EmailField(widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    country = forms.ChoiceField()
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))
    channel = forms.ChoiceField(widget=forms.RadioSelect)
    kinds = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)
    odometer = forms.IntegerField(
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}), disabled=True, initial=12480
    )
    terms = forms.BooleanField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, help_text) in sample_labels().items():
            self.fields[name].label, self.fields[name].help_text = label, help_text
        self.fields["country"].choices = [("CY", say("Cyprus", "Κύπρος")), ("GR", say("Greece", "Ελλάδα"))]  # type: ignore[attr-defined]
        self.fields["channel"].choices = sample_channels()  # type: ignore[attr-defined]
        self.fields["kinds"].choices = sample_channels()  # type: ignore[attr-defined]


def sample_labels() -> dict[str, tuple[str, str]]:
    return {
        "vin": (
            say("Vehicle identification number", "Αριθμός πλαισίου οχήματος (VIN)"),
            say(
                "17 characters, on the windscreen and in the registration certificate.",
                "17 χαρακτήρες, στο παρμπρίζ και στο πιστοποιητικό εγγραφής.",
            ),
        ),
        "email": (say("E-mail address", "Διεύθυνση ηλεκτρονικού ταχυδρομείου"), ""),
        "country": (say("Country", "Χώρα"), ""),
        "note": (
            say("Anything we should know", "Κάτι που πρέπει να γνωρίζουμε"),
            f"<ul><li>{say('No card numbers.', 'Χωρίς αριθμούς καρτών.')}</li></ul>",
        ),
        "channel": (
            say("How may we reach you?", "Πώς μπορούμε να επικοινωνήσουμε μαζί σας;"),
            say("We use it for this case only.", "Το χρησιμοποιούμε μόνο για αυτή την υπόθεση."),
        ),
        "kinds": (say("Also send notices by", "Αποστολή ειδοποιήσεων και μέσω"), ""),
        "odometer": (say("Odometer, km", "Χιλιομετρητής, χλμ."), say("Sent by the car.", "Εστάλη από το αυτοκίνητο.")),
        "terms": (say("I accept the Terms of Use", "Αποδέχομαι τους Όρους Χρήσης"), ""),
    }


def sample_channels() -> list[tuple[str, str]]:
    return [
        ("email", say("E-mail", "Ηλεκτρονικό ταχυδρομείο")),
        ("phone", say("Telephone, on weekdays", "Τηλέφωνο, τις εργάσιμες ημέρες")),
    ]
