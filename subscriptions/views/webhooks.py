"""Where the payment provider reports: no session, no language, no token, but a signature over the very bytes."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from subscriptions import webhooks
from subscriptions.gateway import get_gateway
from subscriptions.gateway.port import ForgedEvent

MOST_BYTES = 256 * 1024


# The signature stands in for the token, here and nowhere else.
@csrf_exempt
@require_POST
def payment_events(request: HttpRequest) -> HttpResponse:
    """200 once the event is stored; 400 for everything that is not a readable, fresh event signed by the provider."""
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        return HttpResponseBadRequest("Too large.\n", content_type="text/plain; charset=utf-8")
    try:
        webhooks.receive(body=body, headers=request.headers, now=timezone.now(), gateway=get_gateway())
    except ForgedEvent:
        return HttpResponseBadRequest("Not accepted.\n", content_type="text/plain; charset=utf-8")
    return HttpResponse("Stored.\n", content_type="text/plain; charset=utf-8")
