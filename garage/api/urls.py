from django.urls import path

from garage.api.reports import VehicleReportsView

urlpatterns = [
    path("vehicle-reports/", VehicleReportsView.as_view(), name="api_vehicle_reports"),
]
