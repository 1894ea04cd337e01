"""What belongs to no app: the brand's colours as a stylesheet, the icon."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from portal.models import Brand


@require_safe
@conditional_page
@cache_control(public=True, max_age=300)
def brand_css(request: HttpRequest) -> HttpResponse:
    """The brand's accents as custom properties: colours are data, and inline styles are forbidden."""
    brand = Brand.objects.filter(market__is_default=True).first()
    css = f":root{{--brand-accent-light:{brand.accent_light};--brand-accent-dark:{brand.accent_dark}}}" if brand else ""
    return HttpResponse(css, content_type="text/css; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    return redirect(static("img/icon.svg"))
