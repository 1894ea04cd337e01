""" "Explain this charge" (K5) and "why was I (not) charged" (P9), in the words of the customer's own page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.desk.pages import Panel
from portal.templatetags.frame import day_in_words
from subscriptions.admin import words
from subscriptions.models import Payment, Subscription
from subscriptions.reckoning import charge_in_words, next_charge
from subscriptions.words.explaining import day_asked, explain

EXPLAIN = gettext_lazy("Why was it charged, or not?")


def explanation_page(desk: Any, request: HttpRequest, row: Subscription) -> HttpResponse:
    today = row.market.local_date(timezone.now())
    asked_on = day_asked(request.GET.get("about", ""), today=today)
    context = {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "title": EXPLAIN,
        "row_name": desk.name_of(row),
        "row_url": desk.url_of(row, "change"),
        "asked_on": asked_on,
        "explanation": explain(row, on=asked_on, today=today),
        "panels": next_charge_panels(row),
    }
    return TemplateResponse(request, "admin/subscriptions/explanation.html", context)


def next_charge_panels(row: Subscription) -> list[Panel]:
    """None where nothing is to be charged any more."""
    coming = next_charge(row)
    if coming is None:
        return []
    rows = [
        [_("Due"), day_in_words(coming.on)],
        [_("Amount"), words.amount(coming.amount, row.currency)],
        *([_("Why"), sentence] for sentence in coming.sentences),
    ]
    return [Panel(title=_("How the next charge is calculated"), headings=[], rows=rows)]


def charge_panel(payment: Payment) -> Panel:
    """Of one charge, whether or not it succeeded: contract, calendar and price to the cent."""
    row = payment.subscription
    period = {"start": day_in_words(payment.period_from), "end": day_in_words(payment.period_to)}
    tried_on = row.market.local_date(payment.settled_at or payment.started_at)
    sentences = [
        *charge_in_words(row, payment.period_index),
        _("It pays for the time from %(start)s to %(end)s.") % period,
        explain(row, on=tried_on, today=row.market.local_date(timezone.now())),
    ]
    rows = [[number, sentence] for number, sentence in enumerate(sentences, start=1)]
    return Panel(title=_("How this charge is calculated"), headings=[], rows=rows)
