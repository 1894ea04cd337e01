"""Apps and cars that are signed in, and signing one of them out (A5)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import MemberRequest, member_required, safe_next
from accounts.actions.sign_ins import end_sign_in
from accounts.identity.clients import client_name, is_car
from accounts.models import SignIn
from accounts.scopes import in_words


@require_safe
@member_required
def sign_ins(request: MemberRequest) -> HttpResponse:
    live = SignIn.objects.live().filter(account=request.user).select_related("client").order_by("-begun_at")
    rows = [
        {
            "sign_in": sign_in,
            "name": client_name(sign_in.client),
            "is_car": is_car(sign_in.client),
            "scopes": in_words(sign_in.scopes),
        }
        for sign_in in live
    ]
    return render(request, "accounts/sign_ins.html", {"rows": rows})


@require_POST
@member_required
def sign_in_end(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Ends it at once. One that has ended already is no fault: it is what was wanted."""
    found = get_object_or_404(SignIn.objects.select_related("client"), account=request.user, public_id=public_id)
    end_sign_in(sign_in=found, why=SignIn.REVOKED, now=timezone.now(), by=request.user)
    messages.success(request, _("%(name)s is signed out.") % {"name": found.label or client_name(found.client)})
    return redirect(safe_next(request, "sign_ins"))
