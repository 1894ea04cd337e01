"""Many documents at once: a CSV for the accountant, a year as ZIP, at once or prepared by the worker (I1)."""

from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import account_of, member_required
from accounts.models import Account
from portal.refusals import Refusal
from subscriptions.access import bundle_or_404, documents_of
from subscriptions.actions.bundle import bundle_year
from subscriptions.forms.customers import HistoryForm
from subscriptions.models import DocumentBundle
from subscriptions.papers.accounting import csv_of
from subscriptions.papers.bundles import DRAWN_FROM
from subscriptions.papers.downloads import ROWS_AT_A_TIME, bundle_file, check_turn, csv_file, zip_file
from subscriptions.papers.history import Wanted, cars_of, wanted_documents, years_of

# So many are made while the browser waits, more by the worker.
MOST_AT_ONCE = 40
# The job has not moved for so long that the page says so.
LATE_AFTER = timedelta(minutes=10)


@require_safe
@member_required
def documents_csv(request: HttpRequest) -> HttpResponseBase:
    account = account_of(request)
    form = _form(account, request.GET)
    if not form.is_valid():
        return _page_with(request.GET)
    wanted = form.wanted
    rows = wanted_documents(documents_of(account), wanted).iterator(chunk_size=ROWS_AT_A_TIME)
    name = f"documents-{wanted.year}.csv" if wanted.year else "documents.csv"
    return csv_file(csv_of(rows), name=name)


@require_safe
@member_required
def documents_zip(request: HttpRequest) -> HttpResponseBase:
    """A year, if it is a small one, at once."""
    account, now = account_of(request), timezone.now()
    form = _form(account, request.GET)
    if not form.is_valid():
        return _page_with(request.GET)
    wanted = form.wanted
    found = wanted_documents(documents_of(account), wanted)
    try:
        _check_at_once(wanted, found.count())
        check_turn(account, now=now)
    except Refusal as refusal:
        return _back(request, wanted, refusal)
    rows = found.select_related(*DRAWN_FROM).order_by("pk").iterator(chunk_size=ROWS_AT_A_TIME)
    return zip_file(rows, name=f"documents-{wanted.year}.zip")


@require_POST
@member_required
def bundles(request: HttpRequest) -> HttpResponse:
    """Asks the worker for a large one."""
    account, now = account_of(request), timezone.now()
    form = _form(account, request.POST)
    if not form.is_valid():
        return _page_with(request.POST)
    wanted = form.wanted
    try:
        made = bundle_year(account=account, wanted=wanted, now=now, by=account)
    except Refusal as refusal:
        return _back(request, wanted, refusal)
    return redirect("bundle", made.public_id)


@require_safe
@member_required
def bundle(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """How far it is; the page asks again by itself until it is done."""
    row, now = bundle_or_404(account_of(request), public_id), timezone.now()
    context = {
        "bundle": row,
        "narrowed_to": _narrowed_to(row),
        "is_late": not row.is_ready and now - row.moved_at > LATE_AFTER,
        "is_expired": row.is_ready and now >= row.expires_at,
    }
    is_fragment = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    return render(request, "subscriptions/_bundle.html" if is_fragment else "subscriptions/bundle.html", context)


@require_safe
@member_required
def bundle_zip(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    account, now = account_of(request), timezone.now()
    row = bundle_or_404(account, public_id)
    try:
        return bundle_file(row, by=account, now=now)
    except Refusal as refusal:
        messages.info(request, str(refusal))
        return redirect("bundle", row.public_id)


def filters_of(wanted: Wanted) -> str:
    """For the query of a link: what is set of them."""
    given = {"car": wanted.car, "year": wanted.year, "kind": wanted.kind, "number": wanted.number}
    return urlencode({name: value for name, value in given.items() if value})


def _narrowed_to(bundle: DocumentBundle) -> list[str]:
    """What else than the year the page was filtered by, in words."""
    kinds = dict(HistoryForm.KINDS)
    car = bundle.vehicle.model if bundle.vehicle else ""
    return [word for word in (car, str(kinds[bundle.kind]) if bundle.kind else "", bundle.number) if word]


def _form(account: Account, given: QueryDict) -> HistoryForm:
    return HistoryForm(given, cars=cars_of(account), years=years_of(account))


def _page_with(given: QueryDict) -> HttpResponse:
    """The page says what is wrong with its filter."""
    filters = {name: given[name] for name in HistoryForm.FILTERS if given.get(name)}
    return redirect(f"{reverse('documents')}?{urlencode(filters)}")


def _check_at_once(wanted: Wanted, count: int) -> None:
    if not wanted.year:
        raise Refusal("no_year", _("Please choose a year first: a ZIP holds the documents of one year."))
    if not count:
        raise Refusal("no_documents", _("There are no documents in this time."))
    if count > MOST_AT_ONCE:
        raise Refusal("many_documents", _("These are many documents. Please have the ZIP prepared."))


def _back(request: HttpRequest, wanted: Wanted, refusal: Refusal) -> HttpResponse:
    messages.info(request, str(refusal))
    return redirect(f"{reverse('documents')}?{filters_of(wanted)}".rstrip("?"))
