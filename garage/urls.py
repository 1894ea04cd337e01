"""Addresses of the garage; names have no namespace, cars have public ids, and no VIN is in an address."""

from django.urls import path

from garage import views

urlpatterns = [
    path("garage/", views.garage, name="garage"),
    path("garage/cars/new/", views.add_vehicle, name="add_vehicle"),
    path("garage/invoice-references/", views.invoice_references, name="invoice_references"),
    path("garage/<uuid:public_id>/", views.vehicle, name="vehicle"),
    path("garage/<uuid:public_id>/access/", views.prove_access, name="prove_access"),
    path("garage/<uuid:public_id>/selection/", views.select_vehicle, name="select_vehicle"),
    path("garage/<uuid:public_id>/nickname/", views.rename_vehicle, name="rename_vehicle"),
    path("garage/<uuid:public_id>/invoice-reference/", views.invoice_reference, name="invoice_reference"),
]
