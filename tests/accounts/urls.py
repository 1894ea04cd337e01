"""The pages of this app on a site of their own."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def frame(request: HttpRequest) -> dict[str, object]:
    return {"frame": {"brand": {"name": "Sample", "portal_name": "Sample Owners"}}}


def blank(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


urlpatterns = [
    path("", blank, name="home"),
    path("brand.css", blank, name="brand_css"),
    path("admin/", admin.site.urls),
    path("", include("accounts.urls")),
]
