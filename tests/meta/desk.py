"""Every address of the desk, to be asked one by one: its name, and where it lies with what the estate has."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver, reverse

# Of Django's, which every signed-in member of staff may ask, and which tell nothing by themselves.
OF_EVERYBODY = {"index", "logout", "login", "password_change", "password_change_done", "autocomplete", "jsi18n"}
OF_DJANGO = OF_EVERYBODY | {"view_on_site", "app_list"}
# The rows of a list as a file: tried in test_desk_lists.py.
LISTING = "_listing"
# Pages of a list and its rows: one right opens them all.
READ, WRITTEN = ("changelist", "change", "history"), ("add", "delete")


def pages() -> dict[str, URLPattern]:
    """By name, without Django's own."""
    found = {str(each.name): each for each in _walked(get_resolver().url_patterns, inside=False) if each.name}
    return {name: page for name, page in found.items() if name not in OF_DJANGO and not name.endswith(LISTING)}


def table_name(name: str) -> str:
    """The row of the table: lists are named by their model, operations and other pages by themselves."""
    model, _sep, noun = name.rpartition("_")
    return model if noun in READ + WRITTEN else name


def url_of(name: str, page: URLPattern, estate: SimpleNamespace) -> str:
    if not page.pattern.converters:
        return reverse(f"admin:{name}")
    values = {"language": "en", "file": estate.case_file, "object_id": row_of(name), "pk": row_of(name)}
    return reverse(f"admin:{name}", kwargs={each: values[each] for each in page.pattern.converters})


def row_of(name: str) -> int:
    """One of the model's; where the estate has none, the right is asked before the row is missed."""
    label, model, *_noun = name.removeprefix("allauth_idp_oidc").split("_")
    label = label or "allauth_idp_oidc"
    found: Any = apps.get_model(label, model)._base_manager.order_by("pk").values_list("pk", flat=True).first()
    return found or 1


def _walked(patterns: list[Any], *, inside: bool) -> Iterator[URLPattern]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from _walked(each.url_patterns, inside=inside or each.namespace == admin.site.name)
        elif inside:
            yield each
