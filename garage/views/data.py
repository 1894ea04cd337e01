"""The data of a car for whoever's they are: each kind listed, and downloaded at once (D3, D4)."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import account_of, member_required
from accounts.models import Account
from garage.actions.downloads import note_download
from garage.data import vehicle_data as registry
from garage.data.access import cars_with_own_time, link_or_404, may_see_data, own_time_or_404
from garage.data.files import OwnData, Write, pieces_of, write_csv, write_json, write_zip
from garage.data.shown_kinds import shown_kinds
from garage.data.vehicle_data import Kind
from garage.models import Membership
from garage.views.trail import trail
from portal.refusals import Refusal

MEDIA_TYPES = {"zip": "application/zip", "csv": "text/csv; charset=utf-8", "json": "application/json"}


@require_safe
@member_required
def own_data(request: HttpRequest) -> HttpResponse:
    """The cars of which data of one's own may be there: those one controls, and those one had (D4)."""
    context = {"cars": cars_with_own_time(account_of(request)), "crumbs": trail(here=_("Data of my cars"))}
    return render(request, "garage/own_data.html", context)


@require_safe
@member_required
def vehicle_data(request: HttpRequest, public_id: UUID) -> HttpResponse:
    link, own = own_time_or_404(account_of(request), public_id)
    if not may_see_data(link):
        return redirect("control", public_id)
    context = {
        "link": link,
        "rows": shown_kinds(own, now=timezone.now()),
        "crumbs": _trail(link),
    }
    return render(request, "garage/vehicle_data.html", context)


@require_safe
@member_required
def vehicle_data_file(request: HttpRequest, public_id: UUID, form: str) -> HttpResponseBase:
    """All kinds: `form` is zip (of CSVs) or json."""
    write = {"zip": write_zip, "json": write_json}.get(form)
    if write is None:
        raise Http404
    return _download(account_of(request), public_id, registry.kinds(), write, form=form, request=request)


@require_safe
@member_required
def vehicle_data_kind(request: HttpRequest, public_id: UUID, kind: str, form: str) -> HttpResponseBase:
    """One kind: `form` is csv or json."""
    write, found = {"csv": write_csv, "json": write_json}.get(form), registry.find(kind)
    if write is None or found is None:
        raise Http404
    return _download(account_of(request), public_id, [found], write, form=form, request=request)


def _download(
    account: Account, public_id: UUID, kinds: list[Kind], write: Write, *, form: str, request: HttpRequest
) -> HttpResponseBase:
    link, now = link_or_404(account, public_id), timezone.now()
    if not may_see_data(link):
        return redirect("control", public_id)
    names = [kind.name for kind in kinds]
    try:
        note_download(account=account, vehicle=link.vehicle, kinds=names, form=form, now=now, by=account)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("vehicle_data", public_id)
    pieces = pieces_of(write, OwnData(account=account, vehicle=link.vehicle, kinds=kinds, now=now))
    headers = {"Content-Disposition": f'attachment; filename="{_file_stem(names, account, now)}.{form}"'}
    return StreamingHttpResponse(pieces, content_type=MEDIA_TYPES[form], headers=headers)


def _file_stem(names: list[str], account: Account, now: datetime) -> str:
    """Without VIN or plate: it may stand in a log."""
    what = names[0].replace("_", "-") if len(names) == 1 else "vehicle-data"
    return f"{what}-{account.market.local_date(now)}"


def _trail(link: Membership) -> list[dict[str, str]]:
    return trail(link if link.ended_at is None else None, here=_("Data of %(car)s") % {"car": link.label})
