"""The site as an app on the home screen: its manifest, and the page that stands in while there is no network.

The service worker keeps that one page and its look, and nothing of anybody: every other answer comes from the network.
"""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from portal.models import Brand
from portal.public_pages import MAX_AGE

# Of static/css/tokens.css: what an app shows while it starts, and the bar above it.
CANVAS, SURFACE = "#f7f6f3", "#ffffff"
ICONS = (
    ("img/icon.svg", "any", "image/svg+xml", "any"),
    ("img/icon-192.png", "192x192", "image/png", "any"),
    ("img/icon-512.png", "512x512", "image/png", "any"),
    ("img/icon-maskable-512.png", "512x512", "image/png", "maskable"),
)


@require_safe
@cache_control(public=True, max_age=MAX_AGE)
def manifest(request: HttpRequest) -> HttpResponse:
    """In the language of its path. Whoever installs it begins in their garage, or at signing in."""
    brand = Brand.objects.filter(market__is_default=True).first()
    facts = {
        "id": "/",
        "name": brand.portal_name if brand else "",
        "short_name": brand.name if brand else "",
        "description": _description(brand),
        "lang": get_language(),
        "dir": "ltr",
        "start_url": reverse("home"),
        "scope": "/",
        # With the browser's way back: the provider's pages are a part of some tasks.
        "display": "minimal-ui",
        "background_color": CANVAS,
        "theme_color": SURFACE,
        "icons": [
            {"src": static(path), "sizes": sizes, "type": media_type, "purpose": purpose}
            for path, sizes, media_type, purpose in ICONS
        ],
        "shortcuts": [{"name": label, "url": reverse(page)} for label, page in _shortcuts()],
    }
    return JsonResponse(facts, content_type="application/manifest+json")


def _description(brand: Brand | None) -> str:
    """As every page that has no other says it to search engines."""
    said = _("Your cars, connected services, payments and support from %(brand)s.")
    return said % {"brand": brand.name if brand else ""}


def _shortcuts() -> list[tuple[str, str]]:
    return [(_("My Garage"), "garage"), (_("Connected Services"), "services_of_selected"), (_("Support"), "support")]


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Asked for anew each time; its store has another name as soon as a file of it has."""
    kept = [reverse("offline"), reverse("brand_css"), static("css/tokens.css"), static("css/components.css")]
    name = f"offline-{sha256(' '.join(kept).encode()).hexdigest()[:12]}"
    script = render_to_string("service_worker.js", {"kept": kept, "name": name})
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=MAX_AGE)
def offline(request: HttpRequest) -> HttpResponse:
    """In all languages, with nothing of who asks."""
    return HttpResponse(render_to_string("offline.html"))
