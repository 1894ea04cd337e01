"""Addresses of the support pages; names have no namespace. Fixed words stand before the categories."""

from django.urls import path

from support.views import contact, feedback, howtos, hub, own_figures, status

urlpatterns = [
    path("support/", contact.support, name="support"),
    path("support/search/", hub.find, name="support_search"),
    path("support/status/", status.status, name="support_status"),
    path("support/how-to/", howtos.howtos, name="support_howtos"),
    path("support/guides/<slug:slug>/", howtos.guide, name="support_guide"),
    path("support/videos/<slug:slug>/", howtos.video, name="support_video"),
    path("support/videos/<slug:slug>/<slug:language>/recording/", howtos.recording, name="support_recording"),
    path("support/videos/<slug:slug>/<slug:language>/<slug:kind>.vtt", howtos.track, name="support_track"),
    path("support/feedback/<slug:slug>/", feedback.feedback, name="support_feedback"),
    path("support/for-my-car/<slug:slug>/", own_figures.own_figures, name="support_own_figures"),
    path("support/<slug:category>/", hub.category, name="support_category"),
    path("support/<slug:category>/<slug:slug>/", hub.article, name="support_article"),
]
