"""Addresses of the support pages; names have no namespace."""

from django.urls import path

from support import views

urlpatterns = [path("support/", views.support, name="support")]
