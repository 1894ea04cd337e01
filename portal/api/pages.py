"""The reference of the API as pages of the site, for whoever writes a client: public, and without a script."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.api.reference import sections
from portal.public_pages import public_page


@require_safe
@public_page
def developers(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/developers.html", {"sections": list(sections().values())})


@require_safe
@public_page
def developers_section(request: HttpRequest, section: str) -> HttpResponse:
    found = sections().get(section)
    if found is None:
        raise Http404
    return render(request, "portal/developers_section.html", {"section": found})
