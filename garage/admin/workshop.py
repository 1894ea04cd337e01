"""The dealer's desk: its bookings, its workshop; and the service history for the customer centre to read (G8, K1)."""

from datetime import date, datetime, time, timedelta
from functools import partial
from operator import attrgetter
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from accounts.models import Account
from garage.actions.dealer_staff import may_keep_staff
from garage.actions.workshop import complete_booking, move_booking, note_arrival, refuse_booking
from garage.actions.workshop_keeping import keep_bays, keep_closed_days, keep_hours, keep_work
from garage.admin.staff import StaffPages
from garage.forms.workshop import (
    ArrivalForm,
    BaysForm,
    ClosedDaysForm,
    CompletionForm,
    HoursForm,
    MoveForm,
    RefusalForm,
    WorkForm,
)
from garage.maintenance import open_recalls, plan_of, read_plans
from garage.models import (
    Bay,
    Booking,
    MaintenanceItem,
    MaintenancePlan,
    OfferedWork,
    Recall,
    ServiceRecord,
    Workshop,
    WorkshopStaff,
)
from garage.naming import with_known_plate
from garage.rules.bookings import State, may_move
from garage.workshops import FreeDay, free_days, workshops_as_offered
from portal.admin import ListAdmin, ReadOnly
from portal.desk.pages import Button, Desk, Panel
from portal.refusals import Refusal


def of_their_dealer(user: Any, rows: QuerySet[Any], *, workshop: str) -> QuerySet[Any]:
    """Whoever works at a dealer sees that dealer's rows; the customer centre sees all; a dealer's role alone, none."""
    place = WorkshopStaff.objects.filter(account=user.pk).first()
    if place:
        return rows.filter(**{workshop: place.workshop_id})
    return rows if user.has_perm("accounts.view_account") else rows.none()


# Bookings


class DayFilter(admin.SimpleListFilter):
    """The day's and the week's bookings, by the clock of the market of whoever looks."""

    title = "day"
    parameter_name = "day"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("today", "Today"), ("tomorrow", "Tomorrow"), ("week", "This week"), ("next", "Next week")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Booking]) -> QuerySet[Booking]:
        zone = request.user.market.zone  # type: ignore[union-attr]
        span = span_of_days(self.value() or "", today=timezone.now().astimezone(zone).date())
        if span is None:
            return queryset
        first, last = (datetime.combine(day, time(), tzinfo=zone) for day in span)
        return queryset.filter(period__startswith__gte=first, period__startswith__lt=last)


def span_of_days(value: str, *, today: date) -> tuple[date, date] | None:
    """[first, last) of the days that the filter means."""
    day, monday = timedelta(days=1), today - timedelta(days=today.weekday())
    return {
        "today": (today, today + day),
        "tomorrow": (today + day, today + 2 * day),
        "week": (monday, monday + 7 * day),
        "next": (monday + 7 * day, monday + 14 * day),
    }.get(value)


@admin.register(Booking)
class BookingAdmin(Desk):
    list_display = ("starts", "bay", "car", "customer", "what", "state", "workshop")
    list_filter = (DayFilter, "state")
    list_select_related = ("account", "vehicle", "bay", "record", "workshop__dealer__market")
    search_fields = ("vehicle", "account")
    ordering = ("period", "pk")
    fields = ("starts", "ready", "bay", "car", "customer", "telephone", "what", "words", "state", "reason", "done_on")
    readonly_fields = fields
    nouns = ("moving", "refusal", "arrival", "completion")

    @admin.display(description="starts", ordering="period")
    def starts(self, row: Booking) -> str:
        return _by_its_clock(row, row.starts_at)

    @admin.display(description="ready about")
    def ready(self, row: Booking) -> str:
        return _by_its_clock(row, row.ends_at)

    @admin.display(description="car")
    def car(self, row: Booking) -> str:
        """With the plate that it had for whoever booked: under whose it goes later is nothing of theirs (D4)."""
        plate = row.known_plate  # type: ignore[attr-defined]  # of `with_known_plate`
        return " ".join(part for part in (row.vehicle.model, plate, row.vehicle.vin) if part)

    @admin.display(description="customer")
    def customer(self, row: Booking) -> str:
        return row.account.get_full_name() or row.account.email

    @admin.display(description="telephone")
    def telephone(self, row: Booking) -> str:
        return str(getattr(row.account, "phone", "") or "")

    @admin.display(description="done on")
    def done_on(self, row: Booking) -> object:
        """In words: the history itself is not open to a dealer."""
        return row.record.done_on if row.record else "-"

    @admin.display(description="works")
    def what(self, row: Booking) -> str:
        return ", ".join(row.work_names())

    def name_of(self, row: Booking) -> str:
        return f"{self.car(row)}, {_by_its_clock(row, row.starts_at)}"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Booking]:
        rows = with_known_plate(super().get_queryset(request).select_related(*self.list_select_related))
        return of_their_dealer(request.user, rows, workshop="workshop")

    def buttons(self, request: HttpRequest, row: Booking) -> list[Button]:
        if not self.may_operate(request):
            return []
        offered = [
            (State.ARRIVED, _("Arrived"), "arrival"),
            (State.ARRIVED, _("Move"), "moving"),
            (State.REFUSED, _("Refuse"), "refusal"),
            (State.DONE, _("Done"), "completion"),
        ]
        current = State(row.state)
        return [Button(label=label, url=self.url_of(row, noun)) for to, label, noun in offered if may_move(current, to)]

    def moving(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row: Booking = self.row_to_operate_on(request, object_id)
        with timezone.override(row.workshop.dealer.zone):
            form = MoveForm(request.POST or None, days=_free_days_for(row))
        return self._operate(request, row, form, title=_("Move"), act=move_booking, done=_("Moved, and told."))

    def refusal(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row: Booking = self.row_to_operate_on(request, object_id)
        form = RefusalForm(request.POST or None)
        return self._operate(request, row, form, title=_("Refuse"), act=refuse_booking, done=_("Refused, and told."))

    def arrival(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row: Booking = self.row_to_operate_on(request, object_id)
        form = ArrivalForm(request.POST if request.method == "POST" else None)
        return self._operate(request, row, form, title=_("Arrived"), act=note_arrival, done=_("The car is here."))

    def completion(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The odometer and the work lines become service history."""
        row: Booking = self.row_to_operate_on(request, object_id)
        plan = plan_of(row.vehicle, read_plans())
        initial = {"items": [item for work in row.works for item in work["items"]], "works": _lines_of(row, plan)}
        form = CompletionForm(
            request.POST or None,
            offered=plan.items.all() if plan else (),
            open_recalls=open_recalls(row.vehicle),
            initial=initial,
        )
        done = _("Done: it stands in the service history.")
        return self._operate(request, row, form, title=_("Done"), act=_complete, done=done)

    def _operate(
        self, request: HttpRequest, row: Booking, form: forms.Form, *, title: str, act: Any, done: str
    ) -> HttpResponse:
        try:
            if form.is_valid():
                act(booking=row, **form.cleaned_data, now=timezone.now(), by=request.user)
                return self.done(request, row, done)
        except Refusal as refusal:
            # On the page itself: what was typed stays.
            form.add_error(None, str(refusal))
        effect = [
            (_("Car"), self.car(row)),
            (_("Customer"), self.customer(row)),
            (_("Booked for"), _by_its_clock(row, row.starts_at)),
            (_("Works"), self.what(row)),
        ]
        return self.operation_page(request, row, title=title, effect=effect, form=form, label=title)


def _complete(*, booking: Booking, reading: int, now: datetime, by: Account, **facts: Any) -> ServiceRecord:
    return complete_booking(booking=booking, odometer_km=reading, now=now, by=by, **facts)


def _by_its_clock(row: Booking, moment: datetime) -> str:
    """As the dealer's own clock says it, which the customer was told, wherever the market's is."""
    return date_format(timezone.localtime(moment, row.workshop.dealer.zone), "j F Y, H:i")


def _free_days_for(row: Booking) -> list[FreeDay]:
    shop = workshops_as_offered().get(pk=row.workshop_id)
    return free_days(shop, length=row.ends_at - row.starts_at, first=date.min, now=timezone.now(), besides=row, most=30)


def _lines_of(row: Booking, plan: MaintenancePlan | None) -> str:
    """Works that no plan knows stand as lines, ready to be changed."""
    known = {item.code for item in plan.items.all()} if plan else set()
    return "\n".join(
        name for name, work in zip(row.work_names(), row.works, strict=True) if not known & {*work["items"]}
    )


# The workshop


@admin.register(Workshop)
class WorkshopAdmin(StaffPages, Desk):
    """Hours, closed days, bays, works and their length. What is booked stays booked, whatever changes here."""

    is_short = True
    list_display = ("dealer", "takes_bookings")
    list_select_related = ("dealer__market",)
    search_fields = ("dealer__name",)
    ordering = ("dealer__name",)
    fields = ("place", "takes_bookings")
    readonly_fields = fields
    nouns = ("hours", "closing", "bays", "work", "invitation", "invitation_end", "staff_end")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Workshop]:
        rows = super().get_queryset(request).select_related(*self.list_select_related)
        return of_their_dealer(request.user, rows, workshop="pk")

    @admin.display(description="dealer")
    def place(self, row: Workshop) -> str:
        """In words: Django would link to a page that the dealer's role may not open."""
        return str(row.dealer)

    def panels(self, request: HttpRequest, row: Workshop) -> list[Panel]:
        openings = row.openings.order_by("weekday", "opens")
        hours = [(each.get_weekday_display(), each.opens, each.closes) for each in openings]
        name_of = partial(self._work_link, row) if self.may_operate(request) else attrgetter("name")
        works = [
            (name_of(each), each.code, each.minutes, ", ".join(each.items), _yes_or_no(each.is_active))
            for each in row.works.order_by("position", "pk")
        ]
        bays = [(bay.name, _yes_or_no(bay.is_active)) for bay in _bays_of(row)]
        headings = (_("work"), _("code"), _("minutes"), _("of the plans"), _("offered"))
        people = self.staff_panels(row) if request.user.has_perm("garage.view_workshopstaff") else []
        return [
            *people,
            Panel(title=_("Hours"), headings=(_("day"), _("opens"), _("closes")), rows=hours),
            Panel(title=_("Closed days"), headings=(_("day"),), rows=[(each,) for each in _closed_of(row)]),
            Panel(title=_("Bays"), headings=(_("bay"), _("in use")), rows=bays),
            Panel(title=_("Works"), headings=headings, rows=works),
        ]

    def _work_link(self, row: Workshop, work: OfferedWork) -> str:
        return format_html('<a href="{}?code={}">{}</a>', self.url_of(row, "work"), work.code, work.name)

    def buttons(self, request: HttpRequest, row: Workshop) -> list[Button]:
        people = [Button(label=_("Invite somebody"), url=self.url_of(row, "invitation"))]
        if not may_keep_staff(row, request.user):  # type: ignore[arg-type]
            people = []
        return [*people, *self._own_buttons(request, row)]

    def _own_buttons(self, request: HttpRequest, row: Workshop) -> list[Button]:
        if not self.may_operate(request):
            return []
        offered = (("hours", _("Hours")), ("closing", _("Closed days")), ("bays", _("Bays")), ("work", _("New work")))
        return [Button(label=label, url=self.url_of(row, noun)) for noun, label in offered]

    def hours(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row: Workshop = self.row_to_operate_on(request, object_id)
        form = HoursForm(request.POST or None, workshop=row)
        return self._keep(request, row, form, title=_("Hours"), act=keep_hours)

    def closing(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row: Workshop = self.row_to_operate_on(request, object_id)
        today = row.dealer.market.local_date(timezone.now())
        coming = [day.isoformat() for day in _closed_of(row) if day >= today]
        form = ClosedDaysForm(_posted(request), initial={"days": "\n".join(coming)})
        return self._keep(request, row, form, title=_("Closed days"), act=keep_closed_days)

    def bays(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row: Workshop = self.row_to_operate_on(request, object_id)
        used = [bay.name for bay in _bays_of(row) if bay.is_active]
        form = BaysForm(request.POST or None, initial={"names": "\n".join(used)})
        return self._keep(request, row, form, title=_("Bays"), act=keep_bays)

    def work(self, request: HttpRequest, object_id: int) -> HttpResponse:
        row: Workshop = self.row_to_operate_on(request, object_id)
        known = row.works.filter(code=request.GET.get("code", "")).first()
        form = WorkForm(request.POST or None, workshop=row, work=known)
        return self._keep(request, row, form, title=_("Work"), act=keep_work)

    def _keep(self, request: HttpRequest, row: Workshop, form: forms.Form, *, title: str, act: Any) -> HttpResponse:
        try:
            if form.is_valid():
                act(workshop=row, **form.cleaned_data, now=timezone.now(), by=request.user)
                return self.done(request, row, _("Kept. What is booked stays booked."))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        effect = [(_("Dealer"), row.dealer), (_("Then"), _("free times follow it; what is booked stays booked"))]
        return self.operation_page(request, row, title=title, effect=effect, form=form, label=_("Save"))


def _posted(request: HttpRequest) -> Any:
    """What was typed; empty is an answer, too."""
    return request.POST if request.method == "POST" else None


def _closed_of(row: Workshop) -> list[date]:
    return list(row.closed_days.order_by("on").values_list("on", flat=True))


def _yes_or_no(value: bool) -> str:
    return _("yes") if value else _("no")


def _bays_of(row: Workshop) -> list[Bay]:
    return list(row.bays.order_by("pk"))


# To read


@admin.register(ServiceRecord)
class ServiceRecordAdmin(ListAdmin):
    """Without the reading: whoever could read yesterday's out to a caller would open the car to them (V1)."""

    list_display = ("vehicle", "done_on", "is_own", "dealer", "recorded_at")
    list_filter = ("is_own",)
    list_select_related = ("vehicle", "dealer")
    search_fields = ("vehicle", "entered_by")
    ordering = ("-pk",)
    show_full_result_count = False
    exclude = ("odometer_km",)

    def customers_of(self, row: ServiceRecord) -> list[int]:
        return [row.entered_by_id] if row.entered_by_id and not row.dealer_id else []


class ItemInline(ReadOnly, admin.TabularInline):
    model = MaintenanceItem
    ordering = ("position",)
    extra = 0


@admin.register(MaintenancePlan)
class MaintenancePlanAdmin(ListAdmin):
    """What `load_maintenance` brings in."""

    is_short = True
    list_display = ("code", "market", "powertrain", "for_models", "warranty_months", "warranty_km", "is_active")
    list_select_related = ("market",)
    ordering = ("market", "code")
    inlines = (ItemInline,)


@admin.register(Recall)
class RecallAdmin(ListAdmin):
    """What `load_maintenance` brings in."""

    is_short = True
    list_display = ("code", "market", "name", "for_models", "opened_on", "is_active")
    list_select_related = ("market",)
    search_fields = ("=code",)
    ordering = ("-opened_on", "code")
