"""Webhooks of the app's backend at the desk: endpoints, deliveries with their tries, and what can be sent again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import hook_desk
from accounts.hooks.kinds import KINDS, TEST
from accounts.models import HookDelivery, HookEndpoint
from accounts.rules.hooks import State, Why
from portal.desk.forms import RepeatForm
from portal.desk.pages import Button, Desk, Panel, StateFilter
from portal.desk.words import link, moment
from portal.refusals import Refusal

STATES: dict[str, Promise] = {
    State.WAITING: gettext_lazy("waiting"),
    State.DELIVERED: gettext_lazy("delivered"),
    State.PARKED: gettext_lazy("parked"),
}
DISABLED: dict[str, Promise] = {
    Why.GONE: gettext_lazy("disabled: it answered 410, gone"),
    Why.FAILED_FOR_A_WEEK: gettext_lazy("disabled: it took nothing for a week"),
    Why.REMOVED: gettext_lazy("disabled: its file names it no more"),
}
LATEST = 20


@dataclass(frozen=True, kw_only=True)
class Operation:
    """A button that asks for a reason; `check` says whether it can be done now."""

    noun: str
    what: str
    label: Promise
    effect: Promise
    done: Promise
    act: Callable[..., Any]
    check: Callable[[Any], None]


SENDING = Operation(
    noun="sending",
    what=hook_desk.SENT_AGAIN,
    label=gettext_lazy("Send again"),
    effect=gettext_lazy("The same event is sent again, with the same id."),
    done=gettext_lazy("It is sent within ten seconds."),
    act=lambda row, **given: hook_desk.send_again(delivery=row, **given),
    check=lambda row: hook_desk.check_sendable(row, row.endpoint),
)
TESTING = Operation(
    noun="testing",
    what=hook_desk.TESTED,
    label=gettext_lazy("Send a test event"),
    effect=gettext_lazy("An event of the kind test is sent, about nothing."),
    done=gettext_lazy("It is sent within ten seconds."),
    act=lambda row, **given: hook_desk.send_test(endpoint=row, **given),
    check=hook_desk.check_enabled,
)
TAKING_UP = Operation(
    noun="taking_up",
    what=hook_desk.TAKEN_UP,
    label=gettext_lazy("Enable, and send what is parked"),
    effect=gettext_lazy("The endpoint is enabled, and what is parked is sent again."),
    done=gettext_lazy("The endpoint is taken up again."),
    act=lambda row, **given: hook_desk.take_up(endpoint=row, **given),
    check=hook_desk.check_needs_taking_up,
)


class HookDesk(Desk):
    """Rows about no customer: an event holds public ids alone."""

    operations: tuple[Operation, ...] = ()

    def customers_of(self, row: Any) -> list[int]:
        return []

    def buttons(self, request: HttpRequest, row: Model) -> list[Button]:
        if not self.may_operate(request):
            return []
        return [
            Button(label=each.label, url=self.url_of(row, each.noun)) for each in self.operations if _may(each, row)
        ]

    def _operate(self, request: HttpRequest, object_id: int, operation: Operation) -> HttpResponse:
        row = self.row_to_operate_on(request, object_id)
        form = RepeatForm(request.POST or None, initial={"times": hook_desk.times_done(operation.what, row)})
        try:
            operation.check(row)
            if request.method == "POST" and form.is_valid():
                operation.act(row, **form.cleaned_data, now=timezone.now(), by=request.user)
                return self.done(request, row, str(operation.done))
        except Refusal as refusal:
            return self.refused(request, row, refusal)
        effect = [(_("What happens"), operation.effect)]
        label = operation.label
        return self.operation_page(request, row, title=label, effect=effect, form=form, label=label)


@admin.register(HookEndpoint)
class HookEndpointAdmin(HookDesk):
    list_display = ("code", "client", "url", "state", "failing_since", "created_at")
    list_select_related = ("client",)
    ordering = ("code",)
    fields = ("code", "client", "url", "kinds", "state", "failing_since", "disabled_at", "created_at", "rotated_at")
    nouns = ("testing", "taking_up")
    operations = (TESTING, TAKING_UP)

    @admin.display(description=gettext_lazy("state"))
    def state(self, row: HookEndpoint) -> str:
        return str(DISABLED[row.disabled_why]) if row.disabled_why else _("enabled")

    def testing(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self._operate(request, object_id, TESTING)

    def taking_up(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self._operate(request, object_id, TAKING_UP)

    def panels(self, request: HttpRequest, row: HookEndpoint) -> list[Panel]:
        latest = row.deliveries.select_related("event").order_by("-pk")[:LATEST]
        rows = [[link(each, each.event.kind), STATES[each.state], _here(each.created_at)] for each in latest]
        headings = (_("event"), _("state"), _("created"))
        return [Panel(title=_("Latest deliveries"), headings=headings, rows=rows)]


class DeliveryStateFilter(StateFilter):
    parameter_name = "state"
    words = STATES

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(state=self.value()) if self.value() in self.words else queryset


class KindFilter(admin.SimpleListFilter):
    """By the table: to ask the rows for their kinds would read all of them."""

    title = gettext_lazy("event")  # type: ignore[assignment]
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(name, name) for name in (*sorted(KINDS), TEST)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(event__kind=self.value()) if self.value() else queryset


@admin.register(HookDelivery)
class HookDeliveryAdmin(HookDesk):
    list_display = ("kind", "endpoint", "state_name", "attempts", "created_at", "delivered_at")
    list_filter = (DeliveryStateFilter, KindFilter, "endpoint")
    list_select_related = ("event", "endpoint")
    search_fields = ("event__public_id",)
    ordering = ("-pk",)
    fields = ("kind", "event_id", "happened_at", "ids", "endpoint", *list_display[2:], "due_at")
    nouns = ("sending",)
    operations = (SENDING,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[HookDelivery]:
        return super().get_queryset(request).select_related(*self.list_select_related)

    def name_of(self, row: HookDelivery) -> str:
        return f"{row.event.kind}, {row.endpoint.code}"

    @admin.display(description=gettext_lazy("event"), ordering="event__kind")
    def kind(self, row: HookDelivery) -> str:
        return row.event.kind

    @admin.display(description=gettext_lazy("id"))
    def event_id(self, row: HookDelivery) -> str:
        return str(row.event.public_id)

    @admin.display(description=gettext_lazy("happened"))
    def happened_at(self, row: HookDelivery) -> str:
        return _here(row.event.at)

    @admin.display(description=gettext_lazy("about"))
    def ids(self, row: HookDelivery) -> str:
        return ", ".join(f"{name} {value}" for name, value in row.event.ids.items()) or "-"

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_name(self, row: HookDelivery) -> str:
        return str(STATES[row.state])

    def sending(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self._operate(request, object_id, SENDING)

    def panels(self, request: HttpRequest, row: HookDelivery) -> list[Panel]:
        tries = row.tries.order_by("-pk")[:LATEST]
        rows = [
            [f"{_here(each.at)}:{each.at:%S}", each.status or "-", f"{each.milliseconds} ms", each.error or "-"]
            for each in tries
        ]
        headings = (_("at"), _("status"), _("duration"), _("fault"))
        return [Panel(title=_("Tries"), headings=headings, rows=rows)]


def _here(at: datetime) -> str:
    """By the clock of the desk, as the fields beside it."""
    return moment(at, timezone.get_current_timezone())


def _may(operation: Operation, row: Model) -> bool:
    try:
        operation.check(row)
    except Refusal:
        return False
    return True
