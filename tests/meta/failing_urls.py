"""The site, and an address behind which something breaks that knows a secret."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from portal import urls

SECRET = "the password of the database"


def breaks(request: HttpRequest) -> HttpResponse:
    raise RuntimeError(SECRET)


urlpatterns = [path("breaks/", breaks), *urls.urlpatterns]
