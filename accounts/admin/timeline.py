"""A customer's timeline as a page of the desk (K2), from the newest record back, and the words of the account's own."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import customer_page
from accounts.customer_reads import read_entries, reads_of
from accounts.customer_timeline import A_PAGE, Kind, details_of, entries_of, records_of, register
from accounts.forms.timeline import TimelineForm
from accounts.models import Account
from accounts.notices.kinds import KINDS
from portal.models import AuditRecord


@customer_page.page("timeline", label=gettext_lazy("Timeline"), needs="portal.view_auditrecord", place=10)
def timeline(desk: Any, request: HttpRequest, account: Account) -> HttpResponse:
    cars = customer_page.cars_of(account)
    form = TimelineForm(request.GET, cars=cars)
    filters = form.filters()
    is_of_reads = filters.kind == Kind.READ
    records: Any = reads_of(account, filters=filters)
    if not is_of_reads:
        records = records_of(account, filters=filters, staff=request.user)
    found = list(records[: A_PAGE + 1])
    in_entries: Any = read_entries if is_of_reads else entries_of
    query = request.GET.copy()
    query.pop("before", None)
    newest = f"?{query.urlencode()}"
    older = f"{newest}&before={found[A_PAGE - 1].pk}" if len(found) > A_PAGE else ""
    context = {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "title": _("Timeline"),
        "row_name": desk.name_of(account),
        "row_url": desk.url_of(account, "change"),
        "form": form,
        "entries": in_entries(found[:A_PAGE], account=account, cars=cars, staff=request.user),
        "older": older,
        "newest": newest if filters.before else "",
    }
    return TemplateResponse(request, "admin/accounts/account/timeline.html", context)


def _notice(record: AuditRecord, _currency: str) -> tuple[str, str]:
    kind = record.data.get("kind", "")
    return _("Customer told"), str(KINDS[kind].title) if kind in KINDS else kind


def _consent(title: Any) -> Any:
    return lambda record, _currency: (str(title), record.data.get("purpose", "").replace("_", " "))


def _fields(title: Any) -> Any:
    def worded(record: AuditRecord, _currency: str) -> tuple[str, str]:
        names = [str(name).replace("_", " ") for name in record.data.get("fields", [])]
        return str(title), ", ".join(filter(None, [*names, details_of(record)]))

    return worded


register(
    Kind.MESSAGES,
    {
        "notice": _notice,
        "notices chosen": gettext_lazy("Choice of notices changed"),
        "mail sent again": gettext_lazy("Mail sent again"),
        "mail dropped": gettext_lazy("Mail taken off the list"),
        "activation mail sent again": gettext_lazy("Activation mail sent again"),
    },
)
register(
    Kind.ACCOUNT,
    {
        "registered": gettext_lazy("Account created"),
        "email_confirmed": gettext_lazy("E-mail address confirmed"),
        "email_changed": gettext_lazy("E-mail address changed"),
        "password_changed": gettext_lazy("Password changed"),
        "signed_in": gettext_lazy("Signed in"),
        "signed_in_again": gettext_lazy("Signed in again"),
        "signed_out": gettext_lazy("Signed out"),
        "sign_in_failed": gettext_lazy("Sign-in failed"),
        "session_expired": gettext_lazy("Session expired"),
        "sessions_ended": gettext_lazy("Signed out on all devices"),
        "second_step_added": gettext_lazy("Second step added"),
        "second_step_removed": gettext_lazy("Second step removed"),
        "second_step_renewed": gettext_lazy("Recovery codes renewed"),
        "second_step_failed": gettext_lazy("Second step failed"),
        "client_signed_in": gettext_lazy("App or car signed in"),
        "client_signed_out": gettext_lazy("App or car signed out"),
        "terms_accepted": gettext_lazy("Terms of Use accepted"),
        "profile_changed": _fields(gettext_lazy("Profile changed")),
        "billing_profile_changed": _fields(gettext_lazy("Billing address changed")),
        "rights_changed": _fields(gettext_lazy("Rights changed")),
        "dealer_preferred": gettext_lazy("Preferred dealer chosen"),
        "copies_asked_for": gettext_lazy("Copies to another address asked for"),
        "copies_confirmed": gettext_lazy("Address for copies confirmed"),
        "copies_ended": gettext_lazy("Copies ended"),
        "copies_not_confirmed": gettext_lazy("Address for copies not confirmed in time"),
        "consent given": _consent(gettext_lazy("Consent given")),
        "consent withdrawn": _consent(gettext_lazy("Consent withdrawn")),
        "calendar made": gettext_lazy("Calendar address made"),
        "calendar renewed": gettext_lazy("Calendar address renewed"),
        "calendar ended": gettext_lazy("Calendar address ended"),
        "export asked for": gettext_lazy("Export of data asked for"),
        "export downloaded": gettext_lazy("Export of data downloaded"),
        "data_export": gettext_lazy("Export of data made"),
        "account closed": gettext_lazy("Account closed"),
        "closing completed": gettext_lazy("Closing completed"),
    },
)
