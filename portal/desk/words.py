"""How every page of the desk says moments, and how it links to a row's own page."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join

from portal.templatetags.frame import clock, day_in_words


def moment(value: datetime | None, zone: ZoneInfo) -> str:
    """A day and a time of the market's clock, in which every date of a contract is taken."""
    if value is None:
        return ""
    here = timezone.localtime(value, zone)
    return f"{day_in_words(here.date())}, {clock(here.time())}"


def link(row: Model, text: str) -> str:
    """The text, leading to the row's own page where the admin has one."""
    if not admin.site.is_registered(type(row)):
        return text
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return format_html('<a href="{}">{}</a>', reverse(name, args=[row.pk]), text)


def operation(row: Model, noun: str, label: str | Promise) -> str:
    """A link to the page of one of its row's operations."""
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_{noun}"
    return format_html('<a href="{}">{}</a>', reverse(name, args=[row.pk]), label)


def side_by_side(parts: Iterable[str]) -> str:
    return format_html_join(", ", "{}", ((part,) for part in parts))


def list_url(model: type[Model], **filters: object) -> str:
    """The model's list in the admin, filtered."""
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return f"{url}?{query}" if query else url
