"""The brand's vehicle registry, behind a port: `VEHICLE_REGISTRY` names the class that answers."""

from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from garage.registry.port import Registry


def get_registry() -> Registry:
    return cast(Registry, import_string(settings.VEHICLE_REGISTRY)())
