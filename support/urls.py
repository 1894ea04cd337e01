"""Addresses under `support/`; names have no namespace. Fixed words stand before the categories."""

from django.urls import path

from support.views import cases, contact, feedback, howtos, hub, message, own_figures, sight, status

urlpatterns = [
    path("", contact.support, name="support"),
    path("contact/", contact.contact, name="contact"),
    path("contact/message/", message.case_new, name="case_new"),
    path("contact/answers/", message.case_answers, name="case_answers"),
    path("contact/sent/", message.case_sent, name="case_sent"),
    path("contact/confirmation/<str:key>/", message.case_confirmation, name="case_confirmation"),
    path("contact/thread/<str:key>/", cases.guest_case, name="guest_case"),
    path("contact/thread/<str:key>/files/<uuid:file>/", cases.guest_case_file, name="guest_case_file"),
    path("cases/", cases.cases, name="cases"),
    path("cases/<uuid:public_id>/", cases.case, name="case"),
    path("cases/<uuid:public_id>/files/<uuid:file>/", cases.case_file, name="case_file"),
    path("cases/<uuid:public_id>/trips/", sight.sight, name="case_sight"),
    path("cases/<uuid:public_id>/trips/withdrawal/", sight.sight_withdrawal, name="case_sight_withdrawal"),
    path("search/", hub.find, name="support_search"),
    path("status/", status.status, name="support_status"),
    path("how-to/", howtos.howtos, name="support_howtos"),
    path("guides/<slug:slug>/", howtos.guide, name="support_guide"),
    path("videos/<slug:slug>/", howtos.video, name="support_video"),
    path("videos/<slug:slug>/<slug:language>/recording/", howtos.recording, name="support_recording"),
    path("videos/<slug:slug>/<slug:language>/<slug:kind>.vtt", howtos.track, name="support_track"),
    path("feedback/<slug:slug>/", feedback.feedback, name="support_feedback"),
    path("for-my-car/<slug:slug>/", own_figures.own_figures, name="support_own_figures"),
    path("<slug:category>/", hub.category, name="support_category"),
    path("<slug:category>/<slug:slug>/", hub.article, name="support_article"),
]
