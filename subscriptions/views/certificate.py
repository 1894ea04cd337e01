"""Whether a certificate is genuine (L1): public, without a cookie, and without a word of whose car it was."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from garage.rules.sale import vin_shown
from garage.sales import certified_sale
from portal.hourly_limit import network_of, take_turn
from subscriptions.papers.certificate import certified_on, certified_sentences

# Of one network address, behind which there may be a dealership.
MOST_CHECKS = 60


@require_safe
@never_cache
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """One that is not known is said to be so, with a 404; too many questions get a 429."""
    network = network_of(get_adapter(request).get_client_ip(request))
    if not take_turn("certificates", network, most=MOST_CHECKS, now=timezone.now()):
        return render(request, "429.html", status=429)
    sale = certified_sale(number)
    if sale is None:
        return render(request, "subscriptions/certificate.html", {"sale": None}, status=404)
    context = {
        "sale": sale,
        "day": certified_on(sale),
        "vin": vin_shown(sale.membership.vehicle.vin),
        "sentences": certified_sentences(),
    }
    return render(request, "subscriptions/certificate.html", context)
