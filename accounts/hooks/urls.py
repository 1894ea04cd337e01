"""Before the sections of the API's reference, whose addresses would take it for one of theirs."""

from django.urls import path

from accounts.views import webhooks

urlpatterns = [path("developers/webhooks/", webhooks.webhooks, name="developers_webhooks")]
