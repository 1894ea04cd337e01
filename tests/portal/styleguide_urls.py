"""The site as development has it: with the styleguide."""

from django.urls import include, path

from portal.urls import urlpatterns as site

urlpatterns = [path("styleguide/", include("portal.styleguide.urls")), *site]
