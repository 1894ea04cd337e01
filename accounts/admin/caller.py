"""The caller check on the customer's page, and what it opens (K7)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import caller, caller_acts
from accounts.customer_page import DEVICES, page, section, url_of
from accounts.customer_timeline import Kind, register
from accounts.forms.caller import CallerCodeForm, CallerEmailForm, CallerFactsForm
from accounts.models import Account, CallerTry
from accounts.rules.caller import BARRED_HOURS, TRIES_A_DAY, VERIFIED_MINUTES, Way
from portal.desk.forms import ReasonForm
from portal.desk.pages import Panel
from portal.desk.words import moment
from portal.refusals import Refusal

register(
    Kind.ACCOUNT,
    {
        "caller code issued": gettext_lazy("Code for the customer centre shown"),
        "caller checked": gettext_lazy("Caller checked"),
        "caller check failed": gettext_lazy("Check of a caller failed"),
        "email change by staff": gettext_lazy("Change of the e-mail address by telephone"),
        "second step reset by staff": gettext_lazy("Second step removed by telephone"),
        "sessions ended by staff": gettext_lazy("Signed out everywhere by telephone"),
        "address mended by staff": gettext_lazy("Address mended before it was activated"),
    },
)
NEEDS = "accounts.change_account"
WAYS = {Way.CODE: gettext_lazy("code"), Way.FACTS: gettext_lazy("questions")}
Effect = list[tuple[Any, Any]]


def _is_customer(account: Account) -> bool:
    return account.is_active and not account.is_staff


def _was_activated(account: Account) -> bool:
    return _is_customer(account) and not caller.is_new(account)


def _waits_to_be_activated(account: Account) -> bool:
    return _is_customer(account) and caller.is_new(account)


@page("caller_code", label=gettext_lazy("Check the caller’s code"), needs=NEEDS, is_offered=_was_activated)
def caller_code(desk: Any, request: HttpRequest, account: Account) -> HttpResponse:
    form = CallerCodeForm(request.POST or None)
    now, by = timezone.now(), request.user
    try:
        caller.check_may_try(account, now=now, by=by)  # type: ignore[arg-type]
        if form.is_valid():
            made = caller.check_caller_code(account=account, now=now, by=by, **form.cleaned_data)  # type: ignore[arg-type]
            return _told(desk, request, account, made)
    except Refusal as refusal:
        return desk.refused(request, account, refusal)
    where = _("The customer finds the code under Account, Security.")
    effect = [*_facts(account), (_("Where"), where), *_tries()]
    title = _("Check the caller’s code")
    return desk.operation_page(request, account, title=title, effect=effect, form=form, label=title)


@page("caller_facts", label=gettext_lazy("Ask the caller"), needs=NEEDS, is_offered=_is_customer)
def caller_facts(desk: Any, request: HttpRequest, account: Account) -> HttpResponse:
    """The page chooses what is asked, checks it, and says neither the answers nor which of them were right."""
    now, by = timezone.now(), request.user
    try:
        questions = caller.questions_for(account, now=now, by=by)  # type: ignore[arg-type]
        form = CallerFactsForm(request.POST or None, questions=questions)
        if form.is_valid():
            answers = form.cleaned_data
            made = caller.check_caller_facts(account=account, answers=answers, now=now, by=by)  # type: ignore[arg-type]
            return _told(desk, request, account, made)
    except Refusal as refusal:
        return desk.refused(request, account, refusal)
    need = _("Type what the caller says. Two right answers pass; the customer is told of a check that fails.")
    effect = [*_facts(account), (_("How"), need), *_tries()]
    title = _("Ask the caller")
    return desk.operation_page(request, account, title=title, effect=effect, form=form, label=_("Check the answers"))


@page("email_change", label=gettext_lazy("Change the e-mail address"), needs=NEEDS, is_offered=_was_activated)
def email_change(desk: Any, request: HttpRequest, account: Account) -> HttpResponse:
    then = _(
        "Both addresses are told. The new one counts once it is confirmed by the link sent there. For %(hours)s hours "
        "nothing can be ordered, no card changed, no car handed over and no data downloaded."
    ) % {"hours": BARRED_HOURS}
    return _operate(
        desk,
        request,
        account,
        CallerEmailForm(request.POST or None),
        caller_acts.change_email,
        title=_("Change the e-mail address"),
        then=then,
        done=_("The link is on its way to the new address. Both addresses are told."),
    )


@page("second_step_reset", label=gettext_lazy("Reset the second step"), needs=NEEDS, is_offered=_was_activated)
def second_step_reset(desk: Any, request: HttpRequest, account: Account) -> HttpResponse:
    return _operate(
        desk,
        request,
        account,
        ReasonForm(request.POST or None),
        caller_acts.reset_second_step,
        title=_("Reset the second step"),
        then=_("App, passkeys and recovery codes are removed, all sessions end, and the customer is told."),
        done=_("The second step is removed. The customer is told."),
    )


@page("sessions_end", label=gettext_lazy("End all sessions"), needs=NEEDS, is_offered=_was_activated)
def sessions_end(desk: Any, request: HttpRequest, account: Account) -> HttpResponse:
    return _operate(
        desk,
        request,
        account,
        ReasonForm(request.POST or None),
        caller_acts.end_all,
        title=_("End all sessions"),
        then=_("Browsers, apps and cars are signed out, and the customer is told."),
        done=_("The customer is signed out everywhere and told."),
    )


@page("address_mending", label=gettext_lazy("Mend the e-mail address"), needs=NEEDS, is_offered=_waits_to_be_activated)
def address_mending(desk: Any, request: HttpRequest, account: Account) -> HttpResponse:
    return _operate(
        desk,
        request,
        account,
        CallerEmailForm(request.POST or None),
        caller_acts.mend_address,
        title=_("Mend the e-mail address"),
        then=_("The account gets this address, and a new activation link is sent there. Nothing else changes."),
        done=_("The activation link is on its way to the new address."),
    )


def _operate(
    desk: Any,
    request: HttpRequest,
    account: Account,
    form: Form,
    action: Callable[..., object],
    *,
    title: str,
    then: str,
    done: str,
) -> HttpResponse:
    now, by = timezone.now(), request.user
    try:
        caller.check_verified(account, now=now, by=by)  # type: ignore[arg-type]
        if form.is_valid():
            action(account=account, now=now, by=by, **form.cleaned_data)
            return desk.done(request, account, done)
    except Refusal as refusal:
        if refusal.code == "email_taken":
            form.add_error("email", str(refusal.sentence))
        elif refusal.code == "not_verified":
            messages.error(request, str(refusal.sentence))
            return redirect(url_of(account, "caller_facts"))
        else:
            return desk.refused(request, account, refusal)
    effect = [*_facts(account), (_("Then"), then)]
    return desk.operation_page(request, account, title=title, effect=effect, form=form, label=title)


@section(place=DEVICES + 5, needs=NEEDS)
def caller_section(account: Account, staff: Any) -> Panel:
    """Who was on the telephone: each check, and whether it still opens something for this agent. Two queries."""
    until = caller.verified_until(account, now=timezone.now(), by=staff)
    title = _("Caller")
    if until:
        title = _("Caller: checked by you until %(moment)s") % {"moment": moment(until, account.market.zone)}
    tried = CallerTry.objects.filter(account=account).select_related("by").order_by("-at")[:5]
    rows = [[moment(each.at, account.market.zone), WAYS[Way(each.way)], _result(each), each.by.email] for each in tried]
    return Panel(title=title, headings=[_("When"), _("By"), _("Result"), _("By whom")], rows=rows)


def _result(tried: CallerTry) -> str:
    return _("passed") if tried.has_passed else _("failed")


def _told(desk: Any, request: HttpRequest, account: Account, made: CallerTry) -> HttpResponse:
    if made.has_passed:
        done = _("It is the customer. For %(minutes)s minutes you can change what the check opens.")
        return desk.done(request, account, done % {"minutes": VERIFIED_MINUTES})
    failed = _("The check failed: %(number)s of %(most)s today. The customer is told.")
    messages.error(request, failed % {"number": made.failure, "most": TRIES_A_DAY})
    return redirect(desk.url_of(account, "change"))


def _facts(account: Account) -> Effect:
    return [(_("Customer"), account.email)]


def _tries() -> Effect:
    return [(_("Tries"), _("%(most)s failed ones a day, of all agents together") % {"most": TRIES_A_DAY})]
