"""The pages of this app on a site of their own."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from portal import demo_mail


def frame(request: HttpRequest) -> dict[str, object]:
    return {"frame": {"brand": {"name": "Sample", "portal_name": "Sample Owners"}}}


def blank(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


urlpatterns = [
    path("brand.css", blank, name="brand_css"),
    path("admin/", admin.site.urls),
    path("demo/mail/", demo_mail.mailbox, name="demo_mailbox"),
    path("demo/mail/<str:key>/", demo_mail.message, name="demo_mail"),
    *i18n_patterns(path("", blank, name="home"), path("", include("accounts.urls"))),
]
