"""Booking a service: the dealer, the works, then the time and one's own words (G8)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from babel.dates import format_date
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from garage.forms.drivers import DAY_FORMATS
from garage.models import OfferedWork, Workshop
from garage.models.booking import LONGEST_WORDS
from garage.workshops import FreeDay
from portal.free_text import WithoutCardNumbers
from portal.templatetags.frame import babel_locale, clock, day_in_words


class DealerForm(WithoutCardNumbers, forms.Form):
    dealer = forms.ChoiceField(label=_("Dealer"))

    def __init__(self, data: Any = None, *, offered: Iterable[Workshop]) -> None:
        super().__init__(data)
        choices = [(str(shop.public_id), f"{shop.dealer.town.name}: {shop.dealer.name}") for shop in offered]
        self.fields["dealer"].choices = choices  # type: ignore[attr-defined]


class WorksForm(WithoutCardNumbers, forms.Form):
    """By GET: which works, and from which day on free times are shown."""

    use_required_attribute = False

    works = forms.MultipleChoiceField(
        label=_("What should be done?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please choose at least one work.")},
    )
    since = forms.DateField(
        label=_("Show free times from"),
        required=False,
        input_formats=DAY_FORMATS,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("This is no day of the calendar. An example: 31/12/2030.")},
    )

    def __init__(self, data: Any = None, *, offered: Iterable[OfferedWork], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        choices = [(work.code, f"{work.name} ({minutes_in_words(work.minutes)})") for work in offered]
        self.fields["works"].choices = choices  # type: ignore[attr-defined]


class TimeForm(WithoutCardNumbers, forms.Form):
    """The free times, grouped by day. A time that is gone meanwhile is refused, and what was written stays."""

    use_required_attribute = False

    starts_at = forms.TypedChoiceField(
        label=_("When?"),
        help_text=_("You bring the car at this time."),
        coerce=datetime.fromisoformat,
        error_messages={
            "required": _("Please choose a time."),
            "invalid_choice": _("This time is not free any more. Please choose another one."),
        },
    )
    words = forms.CharField(
        label=_("In your own words"),
        help_text=_("What the dealer should know: a noise, a wish, whether you wait."),
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, data: Any = None, *, days: Iterable[FreeDay], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        groups: list[Any] = [
            (day_in_words(free.on), [_choice(start) for start in free.starts]) for free in days if free.starts
        ]
        self.fields["starts_at"].choices = [("", _("Please choose")), *groups]  # type: ignore[attr-defined]


def minutes_in_words(minutes: int) -> str:
    """ "45 minutes", "2 hours", "1 h 30 min": in whole hours where it is one."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return ngettext("%(count)d minute", "%(count)d minutes", rest) % {"count": rest}
    if not rest:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return str(_("%(hours)d h %(minutes)d min")) % {"hours": hours, "minutes": rest}


def _choice(start: datetime) -> tuple[str, str]:
    # With its day: a closed list shows the option alone.
    here = timezone.localtime(start)
    return start.isoformat(), f"{format_date(here, 'EEE d MMMM', locale=babel_locale())}, {clock(here.time())}"
