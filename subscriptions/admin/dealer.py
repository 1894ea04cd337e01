"""The dealer's desk: a car whose customer showed a code, for ten minutes (K1).

Its page shows what the work needs and no more: no payments, trips, addresses, other cars. Once the ten minutes are over
each of its pages is a 403, which is on record. The customer centre reads the rows; it works by its own pages.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import has_accepted_current_terms
from garage.actions.dealer_code import end_dealer_access, note_identity, open_dealer_access
from garage.admin.workshop import of_their_dealer
from garage.forms.dealer import PAPERS, DealerCodeForm, IdentityForm
from garage.models import AccessCheck, DealerAccess
from garage.rules.dealer_desk import Paper
from portal.desk.pages import Button, Desk, Panel
from portal.refusals import Refusal
from portal.templatetags.frame import day_in_words
from subscriptions.actions import dealer
from subscriptions.admin import words
from subscriptions.admin.dealer_steps import Steps
from subscriptions.centre.packages import offers_for
from subscriptions.models import Subscription


def is_at_a_dealer(request: HttpRequest) -> bool:
    """Not of the customer centre, which reads every row and works on none here."""
    return not request.user.has_perm("accounts.view_account")


@admin.register(DealerAccess)
class DealerAccessAdmin(Steps, Desk):
    list_display = ("car", "customer", "dealer", "staff_name", "begun", "ends")
    list_select_related = (
        "membership__account__market",
        "membership__vehicle",
        "workshop__dealer__market",
        "staff",
    )
    ordering = ("-pk",)
    fields = ("car", "vin", "customer", "terms", "access", "identity_seen", "ends")
    readonly_fields = fields
    nouns = ("identity", "unblocking", "activation", "cancellation", "release", "handover", "decision", "ending")
    change_list_template = "admin/garage/dealer_desk.html"

    # Whose rows

    def get_queryset(self, request: HttpRequest) -> QuerySet[DealerAccess]:
        """A dealer's own that hold; the customer centre sees all that were."""
        rows = super().get_queryset(request).select_related(*self.list_select_related)
        if is_at_a_dealer(request):
            mine = of_their_dealer(request.user, rows, workshop="workshop").filter(staff=request.user.pk)
            return mine.filter(membership__ended_at__isnull=True).holding(timezone.now())  # type: ignore[attr-defined]
        return rows

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        self._refuse_what_is_over(request, object_id)
        return super().get_object(request, object_id, from_field)

    def row_to_operate_on(self, request: HttpRequest, object_id: int) -> DealerAccess:
        if not is_at_a_dealer(request):
            raise PermissionDenied
        self._refuse_what_is_over(request, object_id)
        row: DealerAccess = super().row_to_operate_on(request, object_id)
        return row

    def _refuse_what_is_over(self, request: HttpRequest, object_id: Any) -> None:
        """One's own, and not any more: a 403, and no row that is not found."""
        own = DealerAccess.objects.filter(pk=object_id, staff=request.user.pk) if str(object_id).isdigit() else None
        if own and is_at_a_dealer(request) and not self.get_queryset(request).filter(pk=object_id).exists():
            raise PermissionDenied

    def customers_of(self, row: DealerAccess) -> list[int]:
        return [row.membership.account_id]

    # A code

    def get_urls(self) -> list[URLPattern]:
        entry = path("code/", self.admin_site.admin_view(self.code), name="garage_dealeraccess_code")
        return [entry, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        works = self.may_operate(request) and is_at_a_dealer(request)
        return super().changelist_view(request, {**(extra_context or {}), "works": works})

    def code(self, request: HttpRequest) -> HttpResponse:
        if not self.may_operate(request) or not is_at_a_dealer(request):
            raise PermissionDenied
        form = DealerCodeForm(request.POST or None)
        if form.is_valid():
            try:
                by: Any = request.user
                access = open_dealer_access(code=form.cleaned_data["code"], now=timezone.now(), by=by)
                messages.success(request, _("You can work on this car for ten minutes. Check identity first."))
                return redirect(self.url_of(access, "change"))
            except Refusal as refusal:
                form.add_error("code", str(refusal))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Code of a customer"),
            "row_name": _("Code of a customer"),
            "row_url": reverse("admin:garage_dealeraccess_changelist"),
            "effect": [(_("Then"), _("you work on this customer’s car for ten minutes; the customer is told"))],
            "form": form,
            "label": _("Open the car"),
        }
        return TemplateResponse(request, "admin/desk/operation.html", context)

    # What is shown

    def name_of(self, row: DealerAccess) -> str:
        return f"{self.car(row)}, {self.customer(row)}"

    @admin.display(description=gettext_lazy("car"))
    def car(self, row: DealerAccess) -> str:
        return " ".join(part for part in (row.membership.vehicle.model, row.membership.vehicle.plate) if part)

    @admin.display(description=gettext_lazy("VIN"))
    def vin(self, row: DealerAccess) -> str:
        return row.membership.vehicle.vin

    @admin.display(description=gettext_lazy("customer"))
    def customer(self, row: DealerAccess) -> str:
        """The name, to be compared with a paper."""
        return row.membership.account.name or row.membership.account.email

    @admin.display(description=gettext_lazy("dealer"))
    def dealer(self, row: DealerAccess) -> str:
        return row.workshop.dealer.name

    @admin.display(description=gettext_lazy("by"))
    def staff_name(self, row: DealerAccess) -> str:
        return row.staff.get_full_name()

    @admin.display(description=gettext_lazy("begun"))
    def begun(self, row: DealerAccess) -> str:
        return words.moment(row.begun_at, row.workshop.dealer.zone)

    @admin.display(description=gettext_lazy("until"))
    def ends(self, row: DealerAccess) -> str:
        return words.moment(row.ended_at or row.until, row.workshop.dealer.zone)

    @admin.display(description=gettext_lazy("Terms of Use"))
    def terms(self, row: DealerAccess) -> str:
        accepted = has_accepted_current_terms(row.membership.account, timezone.now())
        return _("accepted") if accepted else _("not accepted: only the customer can, on the site")

    @admin.display(description=gettext_lazy("access to the car"))
    def access(self, row: DealerAccess) -> str:
        if _blocked(row):
            return _("blocked after wrong odometer readings")
        if row.membership.is_active:
            return _("proved, and in control")
        return _("proved, another account is in control") if row.membership.is_verified else _("not proved")

    @admin.display(description=gettext_lazy("identity"))
    def identity_seen(self, row: DealerAccess) -> str:
        return str(PAPERS[Paper(row.paper)]) if row.paper else _("not checked yet")

    def panels(self, request: HttpRequest, row: DealerAccess) -> list[Panel]:
        return [Panel(title=_("Services"), headings=(_("package"), _("state")), rows=_services(row))]

    def buttons(self, request: HttpRequest, row: DealerAccess) -> list[Button]:
        if not self.may_operate(request) or not is_at_a_dealer(request):
            return []
        return [Button(label=label, url=self.url_of(row, noun)) for noun, label in _offered(row)]

    # What is done

    def identity(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row = self.row_to_operate_on(request, object_id)
        form = IdentityForm(request.POST or None)

        def act(now: Any, by: Any) -> str:
            paper, note = Paper(form.cleaned_data["paper"]), form.cleaned_data["note"]
            note_identity(access=row, paper=paper, note=note, now=now, by=by)
            return _("Identity is noted.")

        effect = [
            (_("Customer"), self.customer(row)),
            (_("Car"), f"{self.car(row)}, {self.vin(row)}"),
            (_("Then"), _("you can work for this customer; the number of the paper is kept nowhere")),
        ]
        return self.step(request, row, form, act, title=_("Check identity"), effect=effect)

    def unblocking(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row = self.row_to_operate_on(request, object_id)
        form = self.bare(request)

        def act(now: Any, by: Any) -> str:
            dealer.unblock_at_dealer(access=row, now=now, by=by)
            return _("The car is unblocked for this account, which is told.")

        effect = [
            (_("Car"), self.car(row)),
            (_("Identity"), self.identity_seen(row)),
            (_("Then"), _("three tries at the odometer again; access is not proved by it")),
        ]
        return self.step(request, row, form, act, title=_("Unblock"), effect=effect)

    def ending(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row = self.row_to_operate_on(request, object_id)
        if request.method == "POST":
            end_dealer_access(access=row, now=timezone.now(), by=request.user)  # type: ignore[arg-type]
            messages.success(request, _("You are done with this car."))
            return redirect("admin:garage_dealeraccess_changelist")
        effect = [(_("Then"), _("you need a new code to work on this car again"))]
        return self.operation_page(
            request, row, title=_("Done"), effect=effect, form=self.bare(request), label=_("End now")
        )


def _blocked(row: DealerAccess) -> bool:
    link = row.membership
    blocked = AccessCheck.objects.filter(account=link.account_id, vehicle=link.vehicle_id, blocked_at__isnull=False)
    return blocked.exists()


def _services(row: DealerAccess) -> list[tuple[str, str]]:
    """Each package with its state: no price, no card, no payment."""
    link = row.membership
    running = Subscription.objects.live().filter(account=link.account_id, vehicle=link.vehicle_id)
    own = [(words.package(each), _standing(each)) for each in running.select_related("package").order_by("pk")]
    offers = offers_for(link, today=link.account.market.local_date(timezone.now())) if link.is_active else []
    free = [(one.package.name, _("free, not activated")) for one in offers if one.is_included]
    return [*own, *free]


def _standing(row: Subscription) -> str:
    """Not how it is paid, nor whether it could be."""
    if row.is_complimentary:
        return _("free until %(day)s") % {"day": day_in_words(row.ends_on)}
    return _("ends on %(day)s") % {"day": day_in_words(row.ends_on)} if row.ends_on else _("running")


def _offered(row: DealerAccess) -> list[tuple[str, str]]:
    """In the order of the work: identity first, then what it lets the dealer do."""
    ending = [("ending", _("Done with this car"))]
    if not row.paper:
        return [("identity", _("Check identity")), *ending]
    link = row.membership
    found: list[tuple[str, str, Callable[[], bool]]] = [
        ("unblocking", _("Unblock"), lambda: _blocked(row)),
        ("activation", _("Activate free services"), lambda: link.is_active),
        ("cancellation", _("Cancel a subscription"), lambda: link.is_active),
        ("decision", _("Decide who has control"), lambda: dealer.objected_request(link) is not None),
        ("handover", _("Hand control over"), lambda: link.is_active),
        ("release", _("Release the car"), lambda: True),
    ]
    return [*((noun, label) for noun, label, applies in found if applies()), *ending]
