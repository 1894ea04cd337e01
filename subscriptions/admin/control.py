"""Who controls a car, where two accounts do not agree: dealer or customer centre decide, with a reason (V4, K3)."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from garage.models import ControlTransfer, Membership
from garage.rules.control import State, Way
from portal.desk.pages import Button, Desk, StateFilter, Words
from portal.refusals import Refusal
from portal.templatetags.frame import day_in_words
from subscriptions.actions.control import decide
from subscriptions.actions.leave import removal_quote
from subscriptions.admin import words
from subscriptions.admin.forms import DecisionForm
from subscriptions.confirming import is_what_was_shown, seal
from subscriptions.models import Subscription
from subscriptions.rules.leaving import RemovalQuote

STATES: dict[str, Words] = {
    State.WAITING: gettext_lazy("waits for an answer"),
    State.TO_CONFIRM: gettext_lazy("waits for the second confirmation"),
    State.OBJECTED: gettext_lazy("objected, to be decided"),
    State.MOVED: gettext_lazy("control has moved"),
    State.CALLED_OFF: gettext_lazy("called off"),
    State.DECLINED: gettext_lazy("declined"),
    State.EXPIRED: gettext_lazy("expired"),
    State.OVERTAKEN: gettext_lazy("overtaken"),
}
WAYS = {Way.OFFER: gettext_lazy("offered"), Way.REQUEST: gettext_lazy("asked for")}


class TransferStateFilter(StateFilter):
    parameter_name = "state"
    words = STATES

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(state=self.value()) if self.value() in STATES else queryset


@admin.register(ControlTransfer)
class ControlTransferAdmin(Desk):
    list_display = ("car", "way_in_words", "state_in_words", "giver", "taker", "begun_at", "due_at")
    list_filter = (TransferStateFilter,)
    list_select_related = ("vehicle", "giver__market", "taker")
    search_fields = ("vehicle", "giver", "taker", "email", "public_id")
    search_help_text = gettext_lazy("VIN, plate, e-mail, name, or the row that a work item names")
    ordering = ("-pk",)
    fields = (
        "car",
        "way_in_words",
        "state_in_words",
        "giver",
        "taker",
        "email",
        "begun_at",
        "due_at",
        "accepted_at",
        "objected_at",
        "ended_at",
        "decided_by",
        "reason",
    )
    nouns = ("decision",)

    def customers_of(self, row: ControlTransfer) -> list[int]:
        return [pk for pk in (row.giver_id, row.taker_id) if pk is not None]

    def name_of(self, row: ControlTransfer) -> str:
        return f"{self.car(row)}: {self.state_in_words(row)}"

    @admin.display(description=gettext_lazy("car"), ordering="vehicle__vin")
    def car(self, row: ControlTransfer) -> str:
        return " ".join(part for part in (row.vehicle.model, row.vehicle.plate, row.vehicle.vin) if part)

    @admin.display(description=gettext_lazy("way"), ordering="way")
    def way_in_words(self, row: ControlTransfer) -> str:
        return str(WAYS[Way(row.way)])

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_in_words(self, row: ControlTransfer) -> str:
        return str(STATES[State(row.state)])

    def buttons(self, request: HttpRequest, row: ControlTransfer) -> list[Button]:
        if not row.is_objected or not self.may_operate(request):
            return []
        return [Button(label=_("Decide who has control"), url=self.url_of(row, "decision"))]

    def decision(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row: ControlTransfer = self.row_to_operate_on(request, object_id)
        now = timezone.now()
        giving = Membership.objects.current().filter(vehicle=row.vehicle, account=row.giver, is_active=True)
        membership = giving.select_related("account__market").first()
        quote = removal_quote(membership, now=now) if membership else RemovalQuote()
        form = DecisionForm(request.POST or None, initial={"shown": seal(quote)})
        if form.is_valid():
            if not is_what_was_shown(form.cleaned_data["shown"], quote):
                form = DecisionForm(initial=form.cleaned_data | {"shown": seal(quote)})
                self.message_user(request, _("Something has changed. Please look again."), level="ERROR")
            else:
                return self._decide(request, row, form, quote)
        return self.operation_page(
            request,
            row,
            title=_("Decide who has control"),
            effect=_effect(row, quote),
            form=form,
            label=_("Decide"),
        )

    def _decide(self, request: HttpRequest, row: ControlTransfer, form: DecisionForm, quote: RemovalQuote) -> Any:
        try:
            decide(
                transfer=row,
                moves=form.cleaned_data["outcome"] == "moves",
                confirmed=quote,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
                by=request.user,  # type: ignore[arg-type]
            )
        except Refusal as refusal:
            return self.refused(request, row, refusal)
        return self.done(request, row, _("It is decided. Both accounts are told."))


def _effect(row: ControlTransfer, quote: RemovalQuote) -> list[tuple[str, Any]]:
    """What moving control would end, each with its refund; staying ends nothing."""
    return [
        (_("Has control"), row.giver.email),
        (_("Asks for control"), row.taker.email if row.taker else ""),
        *what_ends(quote, row.giver.market.currency),
    ]


def what_ends(quote: RemovalQuote, currency: str) -> list[tuple[str, Any]]:
    """X7, subscription by subscription, and in all."""
    quotes = {end.subscription: end.quote for end in quote.ends}
    ends = Subscription.objects.filter(public_id__in=quotes).select_related("package").order_by("pk")
    return [
        *(
            (
                _("If it moves, ends %(package)s") % {"package": words.package(end)},
                _("on %(day)s, refund %(amount)s")
                % {
                    "day": day_in_words(quotes[end.public_id.hex].ends_on),
                    "amount": words.amount(quotes[end.public_id.hex].refund, end.currency),
                },
            )
            for end in ends
        ),
        (_("Refund in all"), words.amount(quote.refund, currency)),
    ]
