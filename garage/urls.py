"""Addresses of the garage; names have no namespace, cars have public ids, and no VIN is in an address."""

from django.urls import path

from garage.views import adding, cars

urlpatterns = [
    path("garage/", cars.garage, name="garage"),
    path("garage/cars/new/", adding.add_vehicle, name="add_vehicle"),
    path("garage/cars/new/code/", adding.add_by_code, name="add_by_code"),
    path("garage/cars/new/photo/", adding.add_by_photo, name="add_by_photo"),
    path("garage/invoice-references/", cars.invoice_references, name="invoice_references"),
    path("garage/<uuid:public_id>/", cars.vehicle, name="vehicle"),
    path("garage/<uuid:public_id>/access/", cars.prove_access, name="prove_access"),
    path("garage/<uuid:public_id>/selection/", cars.select_vehicle, name="select_vehicle"),
    path("garage/<uuid:public_id>/nickname/", cars.rename_vehicle, name="rename_vehicle"),
    path("garage/<uuid:public_id>/invoice-reference/", cars.invoice_reference, name="invoice_reference"),
]
