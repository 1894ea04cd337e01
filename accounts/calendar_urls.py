"""The feed's address has no language: the account's own is spoken, whoever asks."""

from django.urls import path

from accounts.views import calendar

urlpatterns = [path("<str:token>.ics", calendar.calendar_feed, name="calendar_feed")]
