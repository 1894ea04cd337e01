"""What the eligibility rule looks at in a car, whether it is in a garage or only in the registry (C2)."""

from garage.models import Vehicle
from garage.registry.port import RegistryCar
from subscriptions.rules.eligibility import CarFacts


def facts_of(car: Vehicle | RegistryCar) -> CarFacts:
    return CarFacts(
        model=car.model,
        generation=car.multimedia,
        powertrain=car.powertrain,
        capabilities=tuple(car.capabilities),
    )
