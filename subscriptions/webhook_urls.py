"""Addresses for machines: they stand outside the languages."""

from django.urls import path

from subscriptions.views.webhooks import payment_events

urlpatterns = [
    path("payments/", payment_events, name="payment_events"),
]
