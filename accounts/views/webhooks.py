"""What we tell by webhooks, for whoever writes a receiver: public, in English, without a script."""

import json
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.hooks import example
from accounts.hooks.description import HEADERS, body_example
from accounts.hooks.kinds import KINDS
from portal.public_pages import public_page

_SHOWN = "subscription.renewed"


@require_safe
@public_page
def webhooks(request: HttpRequest) -> HttpResponse:
    context = {
        "kinds": sorted(KINDS.values(), key=lambda kind: kind.name),
        "headers": HEADERS.items(),
        "body": json.dumps(body_example(KINDS[_SHOWN]), indent=2),
        "example": Path(example.__file__).read_text(),
    }
    return render(request, "accounts/developers_webhooks.html", context)
