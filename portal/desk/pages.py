"""What every page of the desk shares: to read only, with panels of what belongs to a row, and buttons of operations."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from types import MappingProxyType
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from portal.admin import ListAdmin
from portal.refusals import Refusal

Words = str | Promise


@dataclass(frozen=True, kw_only=True)
class Button:
    label: Words
    url: str


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A table below the row's own facts."""

    title: Words
    headings: Sequence[Words]
    rows: Sequence[Sequence[Any]] = field(default_factory=tuple)
    # What leads on from it: the whole list, an operation.
    links: Sequence[Button] = field(default_factory=tuple)


# What apps above bring to rows of any kind: panels below their own, buttons after their own.
Beside = Callable[[Any, HttpRequest, Any], tuple[list[Panel], list[Button]]]
BESIDE: list[Beside] = []


def beside(brings: Beside) -> Beside:
    BESIDE.append(brings)
    return brings


class StateFilter(admin.SimpleListFilter):
    """By status, in the words of the desk instead of the column's own."""

    title = gettext_lazy("state")  # type: ignore[assignment]
    parameter_name = "status"
    words: Mapping[str, Words] = MappingProxyType({})

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(status), label) for status, label in self.words.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(status=self.value()) if self.value() in self.words else queryset


class Desk(ListAdmin):
    show_full_result_count = False
    change_form_template = "admin/desk/row.html"
    # Methods that are pages of a row, by the noun in their address.
    nouns: tuple[str, ...] = ()

    def name_of(self, row: Any) -> str:
        """What the page is headed with."""
        return str(row)

    def customers_of(self, row: Any) -> Iterable[int]:
        """Its own customer, or that of the subscription, payment or refund that it is about."""
        about = (row, *(getattr(row, name, None) for name in ("subscription", "payment", "refund")))
        return {account_id for each in about if (account_id := getattr(each, "account_id", None))}

    def panels(self, request: HttpRequest, row: Any) -> list[Panel]:
        return []

    def buttons(self, request: HttpRequest, row: Any) -> list[Button]:
        return []

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"<int:object_id>/{noun}/",
                self.admin_site.admin_view(self._noted(getattr(self, noun))),
                name=f"{self.opts.app_label}_{self.opts.model_name}_{noun}",
            )
            for noun in self.nouns
        ]
        return own + super().get_urls()

    def _noted(self, page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """Whoever sees a page of a row, or takes its file, has read the row."""

        @wraps(page)
        def noted(request: HttpRequest, object_id: int) -> HttpResponse:
            response = page(request, object_id)
            row = self.get_queryset(request).filter(pk=object_id).first() if response.status_code == 200 else None
            if row is not None:
                self.note_read(request, row)
            return response

        return noted

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        row = context["original"]
        brought = [brings(self, request, row) for brings in BESIDE]
        context |= {
            "subtitle": self.name_of(row),
            "panels": [*self.panels(request, row), *(panel for panels, _ in brought for panel in panels)],
            "buttons": [*self.buttons(request, row), *(button for _, buttons in brought for button in buttons)],
        }
        return super().render_change_form(request, context, *args, **kwargs)

    # Operations

    def may_operate(self, request: HttpRequest) -> bool:
        """`change_x` opens no form of the row: it is the permission to start its operations (portal/roles.py)."""
        return request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}")

    def row_to_operate_on(self, request: HttpRequest, object_id: int) -> Any:
        if not self.may_operate(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=object_id)

    def url_of(self, row: Model, noun: str) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{noun}", args=[row.pk])

    def done(self, request: HttpRequest, row: Model, sentence: str) -> HttpResponse:
        messages.success(request, sentence)
        return redirect(self.url_of(row, "change"))

    def refused(self, request: HttpRequest, row: Model, refusal: Refusal) -> HttpResponse:
        messages.error(request, str(refusal.sentence))
        return redirect(self.url_of(row, "change"))

    def operation_page(
        self,
        request: HttpRequest,
        row: Model,
        *,
        title: Words,
        effect: Sequence[tuple[Words, Any]],
        form: forms.Form,
        label: Words,
    ) -> HttpResponse:
        """The confirmation: what it brings, the reason asked for, and one button (K3)."""
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "row_name": self.name_of(row),
            "row_url": self.url_of(row, "change"),
            "effect": effect,
            "form": form,
            "label": label,
        }
        return TemplateResponse(request, "admin/desk/operation.html", context)
