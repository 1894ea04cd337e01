from django.urls import path

from garage.api.reports import VehicleReportsView
from garage.api.trips import TripsView

urlpatterns = [
    path("vehicle-reports/", VehicleReportsView.as_view(), name="api_vehicle_reports"),
    path("trips/", TripsView.as_view(), name="api_trips"),
]
