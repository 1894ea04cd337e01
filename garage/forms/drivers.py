"""Inviting a driver, and until when one drives (G12)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.free_text import WithoutCardNumbers

DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"]


def _last_day() -> forms.DateField:
    return forms.DateField(
        label=_("Last day"),
        help_text=_("After it the access ends by itself. Leave it empty for no end."),
        required=False,
        input_formats=DAY_FORMATS,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("This is no day of the calendar. An example: 31/12/2030.")},
    )


class DriverForm(WithoutCardNumbers, forms.Form):
    email = forms.EmailField(
        label=_("E-mail address of the driver"),
        help_text=_("They sign in, or register, with this address. The link is good for seven days, and once."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    last_on = _last_day()


class LastDayForm(WithoutCardNumbers, forms.Form):
    last_on = _last_day()
