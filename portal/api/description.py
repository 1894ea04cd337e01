"""What may be called, as OpenAPI: public, and made once in a process, by whatever address it is asked for."""

from functools import cache

from django.http import HttpResponse
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView


@cache
def openapi() -> bytes:
    # Whoever asks first must not decide the language for everybody.
    with translation.override("en"):
        description = SchemaGenerator().get_schema(request=None, public=True)
        return OpenApiJsonRenderer().render(description)


class Description(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = ()

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:
        return HttpResponse(openapi(), content_type=OpenApiJsonRenderer.media_type)
