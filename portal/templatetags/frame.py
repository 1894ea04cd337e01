"""What the templates of the whole site need: icons, cars, money and dates in the reader's language."""

import re
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal, format_percent
from django import template
from django.conf import settings
from django.forms import BaseForm
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from lucide.templatetags.lucide import lucide

register = template.Library()

# Babel's plain English is American; the portal writes British English.
BABEL_LOCALES = {"en": "en_GB"}

TONE_ICONS = {
    "good": "circle-check",
    "warn": "triangle-alert",
    "bad": "circle-x",
    "info": "info",
    "neutral": "circle-dot",
}
MESSAGE_TONES = {"success": "good", "warning": "warn", "error": "bad"}

CAR_BODIES = {"saloon", "suv", "coupe", "hatchback"}
HEX_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
UNKNOWN_COLOUR = "#8b9096"


def babel_locale() -> str:
    language = (get_language() or settings.LANGUAGE_CODE).replace("-", "_")
    return BABEL_LOCALES.get(language, language)


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str, size: int = 20) -> SafeString:
    """A Lucide icon, `size` in CSS pixels, silent for screen readers: the word always stands beside it."""
    return mark_safe(lucide(template.Context(), name, size=size, stroke_width="1.5", aria_hidden="true"))  # noqa: S308  (an icon)


@register.filter
def tone_icon(tone: str) -> str:
    """The icon's name for a tone (good, warn, bad, info, neutral), so that colour is never alone."""
    return TONE_ICONS.get(tone, TONE_ICONS["neutral"])


@register.filter
def tone(level_tag: str) -> str:
    """The tone for the level of a Django message."""
    return MESSAGE_TONES.get(level_tag, "info")


@register.inclusion_tag("components/car.html")
def car(body: str = "", colour: str = "", label: str = "") -> dict[str, str]:
    """A side view: `body` is saloon, suv, coupe or hatchback (else saloon), `colour` is #rrggbb (else a neutral grey).

    Without a `label` the drawing is decoration and hidden from screen readers.
    """
    shape = body if body in CAR_BODIES else "saloon"
    paint = colour if HEX_COLOUR.fullmatch(colour or "") else UNKNOWN_COLOUR
    return {"shape": f"components/cars/{shape}.svg", "body": shape, "colour": paint, "label": label}


@register.simple_tag
def money(amount: Decimal, currency: str) -> str:
    """`amount` in major units with its currency: "€99.00" in English, "99,00 €" in Greek."""
    return format_currency(amount, currency, locale=babel_locale())


@register.filter
def number(value: Decimal | int, places: int = 0) -> str:
    """A figure with the reader's separators and exactly `places` decimals: 12,480 and 12.480."""
    pattern = "#,##0." + "0" * places if places else "#,##0"
    return format_decimal(value, pattern, locale=babel_locale())


@register.filter
def percentage(value: Decimal | str) -> str:
    """A rate in percent with the reader's separators and no more decimals than it has: 19%, 5,5%."""
    return format_percent(Decimal(value) / 100, "#,##0.##%", locale=babel_locale())


@register.filter
def error_count(form: BaseForm) -> int:
    """How many sentences the summary of errors lists: a field may have several."""
    return sum(len(errors) for errors in form.errors.values())


@register.filter(name="day")
def day_in_words(value: date | None) -> str:
    """ "10 June 2024", "10 Ιουνίου 2024"; for sentences (`blocktranslate with when=charge_on|day`)."""
    return format_date(local(value), "d MMMM y", locale=babel_locale()) if value else ""


@register.simple_tag
def day(value: date | None) -> str:
    """A date in words within `<time>`; a moment counts as the day it has in the current time zone."""
    if not value:
        return ""
    return format_html('<time datetime="{}">{}</time>', calendar_day(value).isoformat(), day_in_words(value))


@register.simple_tag
def moment(value: datetime | None) -> str:
    """A date and a time of day within `<time>`: "10 June 2024, 14:05", in the current time zone."""
    if not value:
        return ""
    here = timezone.localtime(value)
    return format_html('<time datetime="{}">{}</time>', here.isoformat(timespec="minutes"), moment_in_words(value))


@register.filter(name="moment")
def moment_in_words(value: datetime | None) -> str:
    """The same without the element: for the plain text of mails, and for sentences."""
    if not value:
        return ""
    here = timezone.localtime(value)
    return f"{day_in_words(here)}, {clock(here.time())}"


@register.filter
def dialled(telephone: str) -> str:
    """The number as a telephone dials it, for `tel:`."""
    return "".join(sign for sign in telephone if sign.isdigit() or sign == "+")


def clock(value: time) -> str:
    return format_time(value, "HH:mm", locale=babel_locale())


def local(value: date) -> date:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


def calendar_day(value: date) -> date:
    here = local(value)
    return here.date() if isinstance(here, datetime) else here


@register.simple_tag(takes_context=True)
def here(context: dict[str, Any]) -> str:
    """The path and query of the page being shown, for "come back to where I was"; empty outside a request."""
    request = context.get("request")
    return request.get_full_path() if request else ""
