"""How-to guides and videos: for everybody, by GET alone, without a cookie (H1)."""

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from portal.context import current_market
from portal.files.ranges import resumable
from portal.public_pages import MAX_AGE, public_page
from support.articles.facts import facts_of
from support.articles.howtos import HowTo, guides, howto_of, video_groups
from support.language import reader_language
from support.models import Kind, Recording

TRACKS = {"captions", "chapters"}


@require_safe
@public_page
def howtos(request: HttpRequest) -> HttpResponse:
    market, language = current_market(request), reader_language()
    facts = facts_of(market)
    context = {
        "guides": guides(language=language, facts=facts),
        "groups": video_groups(language=language, market=market, facts=facts),
    }
    return render(request, "support/howtos.html", context)


@require_safe
@public_page
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "support/howto.html", {"howto": _howto(request, Kind.GUIDE, slug)})


@require_safe
@public_page
def video(request: HttpRequest, slug: str) -> HttpResponse:
    """`from` is the second at which a chapter begins: a link to it needs no script."""
    begun = request.GET.get("from", "")
    context = {"howto": _howto(request, Kind.VIDEO, slug), "begins_at": begun if begun[:6].isdecimal() else ""}
    return render(request, "support/howto.html", context)


@require_safe
def recording(request: HttpRequest, slug: str, language: str) -> HttpResponseBase:
    """The file from our own storage, by the piece: no request leaves the site."""
    row = _recording(slug, language)
    # A name is generated for each file: it stands for its bytes.
    try:
        response = resumable(
            request,
            opened=lambda: default_storage.open(row.file),
            size=row.size,
            tag=row.file,
            media_type=row.media_type,
        )
    except FileNotFoundError as lost:
        raise Http404 from lost
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    return response


@require_safe
def track(request: HttpRequest, slug: str, language: str, kind: str) -> HttpResponse:
    row = _recording(slug, language)
    text = getattr(row, kind) if kind in TRACKS else ""
    if not text:
        raise Http404
    response = HttpResponse(text, content_type="text/vtt; charset=utf-8")
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    return response


def _howto(request: HttpRequest, kind: Kind, slug: str) -> HowTo:
    found = howto_of(kind, slug, language=reader_language(), market=current_market(request))
    if found is None:
        raise Http404
    return found


def _recording(slug: str, language: str) -> Recording:
    return get_object_or_404(Recording, article__slug=slug, language=language)
