"""Addresses of the API, `/api/v1/`: each app has its own, and what nobody has is a problem in the API's own shape."""

from django.urls import include, path, re_path
from django.views.decorators.cache import cache_page
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny

from portal.api.views import NoSuchAddress

# Public, as the description of what may be called; an hour old at most.
described = SpectacularAPIView.as_view(authentication_classes=[], permission_classes=[AllowAny])

urlpatterns = [
    path("", include("accounts.api.urls")),
    path("schema/", cache_page(3600)(described), name="api_schema"),
    re_path(r"", NoSuchAddress.as_view(), name="api_unknown"),
]
