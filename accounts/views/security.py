"""The one place for signing in safely (A3): address, password, second step, passkeys, devices.

Whoever is signed in may come here, Terms accepted or not: staff set up their second step before anything else.
"""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import MemberRequest, signed_in_required
from accounts.factors import STEPS


@require_safe
@signed_in_required
def security(request: MemberRequest) -> HttpResponse:
    held = list(Authenticator.objects.filter(user_id=request.user.pk).order_by("pk"))
    context = {
        "account": request.user,
        "app": _first(held, Authenticator.Type.TOTP),
        "passkeys": [each for each in held if each.type == Authenticator.Type.WEBAUTHN],
        "codes_left": _codes_left(_first(held, Authenticator.Type.RECOVERY_CODES)),
        "has_step": any(each.type in STEPS for each in held),
        "devices": UserSession.objects.filter(user_id=request.user.pk).count(),
    }
    return render(request, "accounts/security.html", context)


def _first(held: list[Authenticator], kind: str) -> Authenticator | None:
    return next((each for each in held if each.type == kind), None)


def _codes_left(codes: Authenticator | None) -> int | None:
    wrapped: Any = codes.wrap() if codes else None
    return len(wrapped.get_unused_codes()) if wrapped else None
