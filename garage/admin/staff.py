"""Who works at a dealer's desk, on the page of its workshop: a manager's to invite and to end (K1)."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from garage.actions.dealer_staff import (
    end_staff,
    invite_staff,
    managers_of,
    may_keep_staff,
    take_back_invitation,
)
from garage.models import StaffInvitation, Workshop, WorkshopStaff
from garage.rules.staff import TO_ACCEPT
from portal.desk.pages import Panel
from portal.free_text import WithoutCardNumbers
from portal.refusals import Refusal


class InvitationForm(WithoutCardNumbers, forms.Form):
    email = forms.EmailField(label=gettext_lazy("E-mail address"))
    is_manager = forms.BooleanField(label=gettext_lazy("Invites and ends others, too"), required=False)


class StaffPages:
    """Mixed into the workshop's `Desk`."""

    get_queryset: Any
    url_of: Any
    operation_page: Any
    done: Any

    def staff_panels(self, row: Workshop) -> list[Panel]:
        managers = set(managers_of(row).values_list("pk", flat=True))
        here = row.staff.select_related("account").order_by("account__email")
        people = [
            (
                each.account.get_full_name(),
                each.account.email,
                _("manager") if each.pk in managers else _("staff"),
                self._link(row, "staff_end", each.pk, _("End")),
            )
            for each in here
        ]
        waiting = [
            (
                each.email,
                _("manager") if each.is_manager else _("staff"),
                date_format(each.invited_at + TO_ACCEPT, "DATE_FORMAT"),
                self._link(row, "invitation_end", each.pk, _("Take back")),
            )
            for each in row.invitations.waiting().order_by("invited_at", "pk")
        ]
        return [
            Panel(title=_("Who works here"), headings=(_("name"), _("e-mail"), _("role"), ""), rows=people),
            Panel(title=_("Invited"), headings=(_("e-mail"), _("role"), _("good until"), ""), rows=waiting),
        ]

    def invitation(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row, form = self._staffed(request, object_id), InvitationForm(request.POST or None)
        effect = [
            (_("Dealer"), row.dealer),
            (_("Then"), _("a link by e-mail, good once and for seven days; a second step before the desk opens")),
        ]

        def act(by: Any) -> str:
            invite_staff(workshop=row, **form.cleaned_data, now=timezone.now(), by=by)
            return _("The invitation is on its way.")

        return self._keep_staff(request, row, form, act, title=_("Invite somebody"), effect=effect)

    def invitation_end(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row, form = self._staffed(request, object_id), _bare(request)
        waiting = StaffInvitation.objects.filter(workshop=row).select_related("workshop")
        invited = get_object_or_404(waiting, pk=_number(request.GET.get("row")))

        def act(by: Any) -> str:
            take_back_invitation(invitation=invited, now=timezone.now(), by=by)
            return _("The invitation is taken back.")

        effect = [(_("E-mail"), invited.email), (_("Then"), _("its link opens nothing any more"))]
        return self._keep_staff(request, row, form, act, title=_("Take back"), effect=effect)

    def staff_end(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row, form = self._staffed(request, object_id), _bare(request)
        here = WorkshopStaff.objects.filter(workshop=row).select_related("account", "workshop")
        place = get_object_or_404(here, pk=_number(request.GET.get("row")))

        def act(by: Any) -> str:
            end_staff(place=place, now=timezone.now(), by=by)
            return _("It is ended, and all sessions with it.")

        effect = [
            (_("Who"), f"{place.account.get_full_name()}, {place.account.email}"),
            (_("Then"), _("signed out everywhere at once; the desk is shut, the account goes on as a customer’s")),
        ]
        return self._keep_staff(request, row, form, act, title=_("End"), effect=effect)

    def _staffed(self, request: HttpRequest, object_id: int) -> Workshop:
        """The right is asked of the place: a manager's is the own dealer alone."""
        if not request.user.has_perm("garage.change_workshopstaff"):
            raise PermissionDenied
        row: Workshop = get_object_or_404(self.get_queryset(request), pk=object_id)
        if not may_keep_staff(row, request.user):  # type: ignore[arg-type]
            raise PermissionDenied
        return row

    def _keep_staff(
        self, request: HttpRequest, row: Workshop, form: forms.Form, act: Any, *, title: str, effect: Any
    ) -> HttpResponse:
        try:
            if form.is_valid():
                answer: HttpResponse = self.done(request, row, act(request.user))
                return answer
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        page: HttpResponse = self.operation_page(request, row, title=title, effect=effect, form=form, label=title)
        return page

    def _link(self, row: Workshop, noun: str, number: int, words: str) -> str:
        return format_html('<a href="{}?row={}">{}</a>', self.url_of(row, noun), number, words)


def _bare(request: HttpRequest) -> forms.Form:
    return forms.Form(request.POST if request.method == "POST" else None)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 12 else 0
