"""How the lists of the desk find a car: by VIN or its beginning, or by plate, as they are read out (K2)."""

from collections.abc import Iterator
from functools import partial

from django.db.models import QuerySet

from garage.models import RegistryEntry, Vehicle
from garage.rules import plate as plates
from garage.rules import vin as vins
from portal.desk.search import SHORTEST, finds

Car = Vehicle | RegistryEntry


def cars(model: type[Car], typed: str) -> Iterator[QuerySet[Car]]:
    vin, plate = vins.clean(typed), plates.clean(typed)
    if len(vin) >= SHORTEST:
        yield model._default_manager.filter(vin__startswith=vin)
    if plates.is_well_formed(plate):
        yield model._default_manager.filter(plate=plate)


finds(Vehicle)(partial(cars, Vehicle))
finds(RegistryEntry)(partial(cars, RegistryEntry))
