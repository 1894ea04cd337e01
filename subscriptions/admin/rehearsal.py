"""Rehearsing for a customer at the desk: what happens if, from their real state to a day to come (S13), in words."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.customer_timeline import KIND_NAMES, LINES, in_words
from portal.desk.pages import Panel
from portal.free_text import WithoutCardNumbers
from portal.models import AuditRecord
from portal.refusals import Refusal
from portal.templatetags.frame import day_in_words, money
from subscriptions.actions.change_term import terms_to_change_to
from subscriptions.forms.customers import OUT_OF_SIGHT
from subscriptions.models import Plan, Subscription
from subscriptions.rehearsal.customer import Act, Question, Rehearsed, Told, rehearse
from subscriptions.rules.periods import add_months
from subscriptions.rules.projection import out_of_sight
from subscriptions.words.terms import term_name

REHEARSE = gettext_lazy("What happens if?")
ACTS = {
    Act.NOTHING: gettext_lazy("nothing is done"),
    Act.CANCEL: gettext_lazy("it is cancelled"),
    Act.WITHDRAW: gettext_lazy("the contract is withdrawn from"),
    Act.REMOVE: gettext_lazy("the car is removed"),
    Act.TERM: gettext_lazy("the term is changed"),
    Act.DECLINED: gettext_lazy("the card is declined from then on"),
}
# A rehearsal's documents have no numbers.
_PAPERS = {"invoice": gettext_lazy("Invoice"), "credit note": gettext_lazy("Credit note")}


class PlanField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Plan) -> str:
        return f"{term_name(obj.term)}, {money(obj.price, obj.market.currency)}"


class RehearsalForm(WithoutCardNumbers, forms.Form):
    act = forms.ChoiceField(label=gettext_lazy("What happens if"), widget=forms.RadioSelect)
    plan = PlanField(label=gettext_lazy("Change to"), queryset=Plan.objects.none(), required=False)
    on = forms.DateField(label=gettext_lazy("On"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    until = forms.DateField(
        label=gettext_lazy("Play until"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def __init__(self, data: Any = None, *, row: Subscription, today: date) -> None:
        super().__init__(data, initial={"act": Act.NOTHING, "on": today, "until": add_months(today, 12)})
        self.today = today
        plans = terms_to_change_to(row)
        act, plan = self.fields["act"], self.fields["plan"]
        if isinstance(act, forms.ChoiceField):
            act.choices = [(each.value, ACTS[each]) for each in Act if plans or each is not Act.TERM]
        if isinstance(plan, forms.ModelChoiceField):
            plan.queryset = Plan.objects.filter(pk__in=[each.pk for each in plans]).select_related("market")
        if not plans:
            del self.fields["plan"]

    def clean_on(self) -> date:
        return self._seen("on")

    def clean_until(self) -> date:
        return self._seen("until")

    def _seen(self, name: str) -> date:
        day: date = self.cleaned_data[name]
        unseen = out_of_sight(day, today=self.today)
        if unseen:
            raise forms.ValidationError(OUT_OF_SIGHT[unseen])
        return day

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if cleaned.get("act") == Act.TERM and not cleaned.get("plan"):
            self.add_error("plan", _("Please choose a term."))
        if "on" in cleaned and "until" in cleaned and cleaned["until"] < cleaned["on"]:
            self.add_error("until", _("Please choose a day that is not before the other one."))
        return cleaned

    def question(self) -> Question:
        asked = self.cleaned_data
        return Question(act=Act(asked["act"]), on=asked["on"], until=asked["until"], plan=asked.get("plan"))


def rehearsal_page(desk: Any, request: HttpRequest, row: Subscription) -> HttpResponse:
    """Nothing is kept, so the answer stands on the page that asked."""
    now = timezone.now()
    today = row.market.local_date(now)
    form = RehearsalForm(request.POST if request.method == "POST" else None, row=row, today=today)
    rehearsed = None
    if form.is_valid():
        try:
            rehearsed = rehearse(
                subscription=row,
                question=form.question(),
                in_words=told,
                now=now,
                by=request.user,  # type: ignore[arg-type]
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal.sentence))
    context = {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "title": REHEARSE,
        "row_name": desk.name_of(row),
        "row_url": desk.url_of(row, "change"),
        "form": form,
        "rehearsed": rehearsed,
        "panels": [_panel(rehearsed)] if rehearsed else [],
        "stopped_on": day_in_words(rehearsed.stopped_on) if rehearsed and rehearsed.stopped_on else "",
    }
    return TemplateResponse(request, "admin/subscriptions/rehearsal.html", context)


def told(record: AuditRecord, currency: str) -> Told:
    kind = str(KIND_NAMES[LINES[record.what].kind]) if record.what in LINES else ""
    if record.what in _PAPERS:
        title, details = str(_PAPERS[record.what]), money(Decimal(record.data["gross"]), currency)
    else:
        title, details = in_words(record, currency)
    return Told(on=record.on, kind=kind, what=title, details=details)


def _panel(rehearsed: Rehearsed) -> Panel:
    rows = [[day_in_words(line.on), line.kind, line.what, line.details] for line in rehearsed.lines]
    headings = [_("Day"), _("Kind"), _("What"), _("Details")]
    return Panel(title=_("What would happen"), headings=headings, rows=rows)
