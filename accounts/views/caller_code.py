"""A code to read out to the customer centre, which then knows who is calling (K7)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import MemberRequest, signed_in_required
from accounts.actions.caller import issue_caller_code
from accounts.rules.caller import CODE_MINUTES
from portal.refusals import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def caller_code(request: MemberRequest) -> HttpResponse:
    """A POST makes a code and shows it this once; whoever loads the page again asks for a new one."""
    context: dict[str, object] = {"minutes": CODE_MINUTES}
    status = 200
    if request.method == "POST":
        try:
            made = issue_caller_code(account=request.user, now=timezone.now(), by=request.user)
            context["made"] = made
        except Refusal as refusal:
            context["refusal"], status = refusal.sentence, 429
    return render(request, "accounts/caller_code.html", context, status=status)
