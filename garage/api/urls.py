from django.urls import path

from garage.api.trips import TripsView

urlpatterns = [
    path("trips/", TripsView.as_view(), name="api_trips"),
]
