"""What cars are asked to switch on and off, and what they answered (C1, K4): staff ask again after a failure."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.desk.pages import Button, Desk, StateFilter
from portal.refusals import Refusal
from subscriptions.actions.provision import ask_again, check_failed
from subscriptions.admin import words
from subscriptions.admin.forms import ReasonForm
from subscriptions.models import Provisioning
from subscriptions.rules.provisioning import State, Switch

SWITCHES: dict[str, Promise] = {Switch.ON: gettext_lazy("switch on"), Switch.OFF: gettext_lazy("switch off")}
STATES: dict[str, Promise] = {
    State.ASKED: gettext_lazy("asked, not answered yet"),
    State.DONE: gettext_lazy("done"),
    State.FAILED: gettext_lazy("failed"),
    State.OVERTAKEN: gettext_lazy("ended before the car had answered"),
}


class ProvisioningStateFilter(StateFilter):
    parameter_name = "state"
    words = STATES

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(state=self.value()) if self.value() in self.words else queryset


@admin.register(Provisioning)
class ProvisioningAdmin(Desk):
    list_display = ("car", "package", "what", "state_name", "asked_at", "answered_at", "reason")
    list_filter = (ProvisioningStateFilter,)
    list_select_related = ("subscription__vehicle", "subscription__package", "subscription__account")
    search_fields = ("subscription__vehicle",)
    ordering = ("-pk",)
    fields = ("subscription_link", "car", "package", "what", "state_name", "reason", "asked_at", "answered_at")
    nouns = ("asking",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Provisioning]:
        return super().get_queryset(request).select_related(*self.list_select_related)

    def name_of(self, row: Provisioning) -> str:
        return f"{self.package(row)}, {self.car(row)}"

    @admin.display(description=gettext_lazy("car"))
    def car(self, row: Provisioning) -> str:
        return words.car(row.subscription)

    @admin.display(description=gettext_lazy("package"))
    def package(self, row: Provisioning) -> str:
        return words.package(row.subscription)

    @admin.display(description=gettext_lazy("subscription"))
    def subscription_link(self, row: Provisioning) -> str:
        return words.link(row.subscription, row.subscription.account.email)

    @admin.display(description=gettext_lazy("what"), ordering="switch")
    def what(self, row: Provisioning) -> str:
        return str(SWITCHES[row.switch])

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_name(self, row: Provisioning) -> str:
        return str(STATES[row.state])

    def buttons(self, request: HttpRequest, row: Provisioning) -> list[Button]:
        if not self.may_operate(request) or not row.has_failed:
            return []
        return [Button(label=_("Ask the car again"), url=self.url_of(row, "asking"))]

    def asking(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row = self.row_to_operate_on(request, object_id)
        try:
            check_failed(row)
            form = ReasonForm(request.POST or None)
            if request.method == "POST" and form.is_valid():
                ask_again(provisioning=row, reason=form.cleaned_data["reason"], now=timezone.now(), by=request.user)  # type: ignore[arg-type]
                return self.done(request, row, _("The car is asked again."))
        except Refusal as refusal:
            return self.refused(request, row, refusal)
        return self.operation_page(
            request,
            row,
            title=_("Ask the car again"),
            effect=[(_("The car is asked once more to"), SWITCHES[row.switch]), (_("It had failed"), row.reason)],
            form=form,
            label=_("Ask the car again"),
        )
