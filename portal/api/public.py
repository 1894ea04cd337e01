"""Calls that anybody may make: no token, no cookie, and an answer that a proxy may keep."""

from datetime import datetime
from http import HTTPStatus
from typing import Any, ClassVar

from django.http import Http404
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from drf_spectacular.utils import OpenApiParameter
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from portal.api import versions
from portal.models import Market
from portal.public_pages import MAX_AGE

MARKET = OpenApiParameter("market", str, description="Code of the country, CY; without it the default one.")


@method_decorator(conditional_page, name="dispatch")
class PublicView(APIView):
    """Reads only. A view counts its callers itself; a token that comes along is not looked at."""

    http_method_names = ["get", "head"]
    authentication_classes: ClassVar[tuple[Any, ...]] = ()
    permission_classes = (AllowAny,)
    throttle_classes = ()
    now: datetime

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.now = timezone.now()
        super().initial(request, *args, **kwargs)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        versions.tell(answer, self)
        if answer.status_code == HTTPStatus.OK:
            patch_cache_control(answer, public=True, max_age=MAX_AGE)
            # The words are in the caller's language, which a cookie of the site's could choose as well.
            patch_vary_headers(answer, ("Accept-Language", "Cookie"))
        else:
            patch_cache_control(answer, no_store=True)
        return answer


def market_of(code: str) -> Market:
    """Raises Http404."""
    markets: Any = Market.objects.select_related("brand")
    # Anything may stand in a query: a code has letters only, and the database takes no NUL.
    known = markets.filter(code=code.upper()) if code.isalpha() else markets.none()
    market: Market | None = known.first() if code else markets.get(is_default=True)
    if market is None:
        raise Http404
    return market
