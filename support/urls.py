"""Addresses of the support pages; names have no namespace."""

from django.urls import path

from support.views import contact, hub

urlpatterns = [
    path("support/", contact.support, name="support"),
    path("support/search/", hub.find, name="support_search"),
    path("support/<slug:category>/", hub.category, name="support_category"),
    path("support/<slug:category>/<slug:slug>/", hub.article, name="support_article"),
]
