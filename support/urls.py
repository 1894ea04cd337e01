"""Addresses of the support pages; names have no namespace. Fixed words stand before the categories."""

from django.urls import path

from support.views import cases, contact, feedback, howtos, hub, message, own_figures, sight, status

urlpatterns = [
    path("support/", contact.support, name="support"),
    path("support/contact/", contact.contact, name="contact"),
    path("support/contact/message/", message.case_new, name="case_new"),
    path("support/contact/answers/", message.case_answers, name="case_answers"),
    path("support/contact/sent/", message.case_sent, name="case_sent"),
    path("support/contact/confirmation/<str:key>/", message.case_confirmation, name="case_confirmation"),
    path("support/contact/thread/<str:key>/", cases.guest_case, name="guest_case"),
    path("support/contact/thread/<str:key>/files/<uuid:file>/", cases.guest_case_file, name="guest_case_file"),
    path("support/cases/", cases.cases, name="cases"),
    path("support/cases/<uuid:public_id>/", cases.case, name="case"),
    path("support/cases/<uuid:public_id>/files/<uuid:file>/", cases.case_file, name="case_file"),
    path("support/cases/<uuid:public_id>/trips/", sight.sight, name="case_sight"),
    path("support/cases/<uuid:public_id>/trips/withdrawal/", sight.sight_withdrawal, name="case_sight_withdrawal"),
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
