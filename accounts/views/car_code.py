"""The head unit shows a code; here its owner says yes or no to it (A5)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import MemberRequest, member_required
from accounts.forms.identity import CarCodeForm
from accounts.identity.car_codes import CarCode, answer_car_code, find_car_code
from accounts.identity.clients import client_name
from accounts.models import Account
from accounts.scopes import in_words
from portal.hourly_limit import take_turn
from portal.refusals import Refusal

# Codes that an account may look up in an hour, right or wrong: nobody finds a stranger's car by trying.
MOST_LOOKED_UP = 30


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def car_code(request: MemberRequest) -> HttpResponse:
    """A typed code, or one from the QR code, leads to the question; the answer is a POST of the same address."""
    given = request.POST if request.method == "POST" else request.GET
    form = CarCodeForm(given if "code" in given else None)
    if not form.is_valid():
        return render(request, "accounts/car_code.html", {"form": form})
    try:
        waiting = _looked_up(request.user, form.cleaned_data["code"])
        if request.method == "POST" and "answer" in given:
            return _answered(request, waiting, is_confirmed=given["answer"] == "confirm")
    except Refusal as refusal:
        form.add_error("code", str(refusal))
        status = 429 if refusal.code == "too_many" else 200
        return render(request, "accounts/car_code.html", {"form": form}, status=status)
    return render(request, "accounts/car_code_question.html", _question(waiting))


def _looked_up(account: Account, typed: str) -> CarCode:
    if not take_turn("car-code", str(account.pk), most=MOST_LOOKED_UP, now=timezone.now()):
        raise Refusal("too_many", _("Too many tries within an hour. Please try again later."))
    return find_car_code(typed)


def _answered(request: MemberRequest, waiting: CarCode, *, is_confirmed: bool) -> HttpResponse:
    answer_car_code(waiting, account=request.user, is_confirmed=is_confirmed)
    if is_confirmed:
        messages.success(request, _("Confirmed. In a few seconds the car is signed in, and stands in this list."))
        return redirect("sign_ins")
    messages.success(request, _("Refused. Nothing was signed in."))
    return redirect("account")


def _question(waiting: CarCode) -> dict[str, object]:
    return {
        "code": waiting.code,
        "client_name": client_name(waiting.client),
        "label": waiting.label,
        "scopes": in_words(waiting.scopes),
    }
