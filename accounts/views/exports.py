"""Everything about me in one file (A6): asked for, looked after, downloaded; each after signing in again.

Reachable before new Terms are accepted: whoever does not want them may take the data along.
"""

from typing import cast
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import MemberRequest, signed_in_required
from accounts.actions.export import SILENT_FOR, ask_for_export, check_downloadable, note_download
from accounts.barring import check_not_barred
from accounts.models import DataExport
from portal.refusals import Refusal

SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
@reauthentication_required
def exports(request: MemberRequest) -> HttpResponse:
    if request.method == "POST":
        try:
            asked = ask_for_export(account=request.user, now=timezone.now(), by=request.user)
            return redirect("export", asked.public_id)
        except Refusal as refusal:
            messages.info(request, str(refusal))
            return redirect("exports")
    rows = DataExport.objects.filter(account=request.user).order_by("-requested_at", "-pk")[:SHOWN]
    context = {"rows": rows, "now": timezone.now()}
    return render(request, "accounts/exports.html", context)


@require_safe
@signed_in_required
def export(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """How far it is; the page asks again by itself until it is done."""
    row, now = _export_or_404(request, public_id), timezone.now()
    context = {
        "export": row,
        "is_over": bool(row.ended_at) or now >= row.expires_at,
        "is_late": not row.is_ready and now - row.moved_at > 2 * SILENT_FOR,
    }
    is_fragment = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    return render(request, "accounts/_export.html" if is_fragment else "accounts/export.html", context)


@require_safe
@signed_in_required
def export_zip(request: MemberRequest, public_id: UUID) -> HttpResponseBase:
    """A stranger learns nothing, not even that a password would be asked for."""
    _export_or_404(request, public_id)
    return cast(HttpResponseBase, _file(request, public_id))


@reauthentication_required
def _file(request: MemberRequest, public_id: UUID) -> HttpResponseBase:
    row, now = _export_or_404(request, public_id), timezone.now()
    try:
        check_not_barred(request.user, now=now)
        check_downloadable(row, now=now)
    except Refusal as refusal:
        messages.info(request, str(refusal))
        return redirect("export", row.public_id)
    note_download(export=row, now=now, by=request.user)
    # Sent piece by piece.
    return FileResponse(default_storage.open(row.file), as_attachment=True, filename=row.file_name)


def _export_or_404(request: MemberRequest, public_id: UUID) -> DataExport:
    return get_object_or_404(DataExport, account=request.user, public_id=public_id)
