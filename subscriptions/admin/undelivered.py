"""The list of mails that did not arrive (K4): refused by their address, or given up after too many tries."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.actions.undelivered import check_sendable, drop, send_again
from accounts.closing import mail_address
from accounts.models import UndeliveredMail
from accounts.notices.kinds import KINDS
from portal.desk.pages import Button, Desk
from portal.refusals import Refusal
from subscriptions.admin.forms import ReasonForm

# The action, the noun of its page, its words, and what is said once it is done.
SENDING = (send_again, gettext_lazy("Send again"), gettext_lazy("The mail will be sent again."))
DROPPING = (drop, gettext_lazy("Take off the list"), gettext_lazy("The mail is off the list. It was not sent."))


class OpenFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")  # type: ignore[assignment]
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", gettext_lazy("open")), ("over", gettext_lazy("sent, or taken off the list"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[UndeliveredMail]) -> QuerySet[UndeliveredMail]:
        if self.value() not in {"open", "over"}:
            return queryset
        return queryset.filter(message__done_at__isnull=self.value() == "open")


@admin.register(UndeliveredMail)
class UndeliveredMailAdmin(Desk):
    list_display = ("address", "what", "outcome", "reason", "age", "state", "account")
    list_filter = (OpenFilter, "is_refused")
    list_select_related = ("account", "message")
    search_fields = ("address", "account")
    ordering = ("-pk",)
    fields = (*list_display, "address_now", "failed_at", "reached_at")
    nouns = ("sending", "dropping")

    def name_of(self, row: UndeliveredMail) -> str:
        return f"{self.what(row)}, {row.address}"

    def get_queryset(self, request: HttpRequest) -> QuerySet[UndeliveredMail]:
        return super().get_queryset(request).select_related(*self.list_select_related)

    @admin.display(description=gettext_lazy("kind"), ordering="kind")
    def what(self, row: UndeliveredMail) -> str:
        return str(KINDS[row.kind].title) if row.kind in KINDS else _("mail that is no notice")

    @admin.display(description=gettext_lazy("what happened"), ordering="is_refused")
    def outcome(self, row: UndeliveredMail) -> str:
        return _("bounced: the address refused it") if row.is_refused else _("parked: given up after too many tries")

    @admin.display(description=gettext_lazy("age"), ordering="-failed_at")
    def age(self, row: UndeliveredMail) -> str:
        days = (timezone.now() - row.failed_at).days
        return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}

    @admin.display(description=gettext_lazy("state"))
    def state(self, row: UndeliveredMail) -> str:
        if row.dropped_at:
            return _("taken off the list")
        if not row.is_open:
            return _("sent")
        return _("being sent again") if row.is_being_sent else _("open")

    @admin.display(description=gettext_lazy("goes to, when sent again"))
    def address_now(self, row: UndeliveredMail) -> str:
        """A notice follows its account; what was written to one address for its own sake does not."""
        return mail_address(row.account) if row.kind and row.account else row.address

    def buttons(self, request: HttpRequest, row: UndeliveredMail) -> list[Button]:
        if not row.is_open or row.is_being_sent or not self.may_operate(request):
            return []
        return [
            Button(label=SENDING[1], url=self.url_of(row, "sending")),
            Button(label=DROPPING[1], url=self.url_of(row, "dropping")),
        ]

    def sending(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self._operation(request, object_id, SENDING)

    def dropping(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self._operation(request, object_id, DROPPING)

    def _operation(self, request: HttpRequest, object_id: int, operation: Any) -> HttpResponse:
        act, title, said = operation
        row: UndeliveredMail = self.row_to_operate_on(request, object_id)
        form = ReasonForm(request.POST or None)
        try:
            check_sendable(row)
            if form.is_valid():
                act(mail=row, now=timezone.now(), by=request.user, **form.cleaned_data)
                return self.done(request, row, str(said))
        except Refusal as refusal:
            return self.refused(request, row, refusal)
        effect = [(_("Mail"), self.what(row)), (_("Was written to"), row.address), (_("Reason"), row.reason)]
        effect += [(_("Goes to, when sent again"), self.address_now(row))]
        return self.operation_page(request, row, title=title, effect=effect, form=form, label=title)
