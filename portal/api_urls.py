"""Addresses of the API, `/api/v1/`: each app has its own, and what nobody has is a problem in the API's own shape."""

from django.urls import include, path, re_path

from portal.api.description import Description
from portal.api.views import NoSuchAddress

urlpatterns = [
    path("", include("accounts.api.urls")),
    path("", include("garage.api.urls")),
    path("", include("subscriptions.api.urls")),
    path("", include("support.api.urls")),
    path("schema/", Description.as_view(), name="api_schema"),
    re_path(r"", NoSuchAddress.as_view(), name="api_unknown"),
]
