"""The support page: how to reach the customer centre, and where the commonest things are done (H5)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.context import current_market
from support.channels import channels_of


@require_safe
def support(request: HttpRequest) -> HttpResponse:
    """Public: whoever cannot sign in needs it most."""
    channels = channels_of(current_market(request), now=timezone.now())
    return render(request, "support/support.html", {"channels": channels})
