"""The bill of materials: what production installs, as CycloneDX 1.6, with hashes and licences."""

import json
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

import jsonschema
from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import License
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import _res
from packageurl import PackageURL
from referencing import Registry, Resource

from tests.meta.test_layout import ROOT
from tests.supply.pins import Pin

SCHEMAS = Path(_res.__file__).parent


def bill_of(pins: Iterable[Pin]) -> str:
    bill = Bom(components=[_component(pin) for pin in pins])
    bill.metadata.component = Component(name="owners-portal", type=ComponentType.APPLICATION, version=_own_version())
    bill.register_dependency(bill.metadata.component, bill.components)
    return JsonV1Dot6(bill).output_as_string(indent=2)


def check_format(bill: str) -> None:
    """Raises `jsonschema.ValidationError` where it is no CycloneDX 1.6."""
    known = {name: json.loads((SCHEMAS / f"{name}.SNAPSHOT.schema.json").read_text()) for name in _NAMES}
    registry = Registry().with_resources(
        (f"http://cyclonedx.org/schema/{name}.SNAPSHOT.schema.json", Resource.from_contents(schema))
        for name, schema in known.items()
    )
    jsonschema.Draft7Validator(known["bom-1.6"], registry=registry).validate(json.loads(bill))


_NAMES = ("bom-1.6", "spdx", "jsf-0.82")


def _component(pin: Pin) -> Component:
    return Component(
        name=pin.name,
        version=pin.version,
        type=ComponentType.LIBRARY,
        purl=PackageURL("pypi", name=pin.name, version=pin.version),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=each) for each in pin.hashes],
        licenses=_licences(pin.name),
        bom_ref=f"pkg:pypi/{pin.name}@{pin.version}",
    )


def _licences(name: str) -> list[License]:
    """As the installed package states it; what is no expression of SPDX is a name."""
    try:
        facts = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        # Of another platform.
        return []
    stated = facts.get("License-Expression") or (facts.get("License") or "").partition("\n")[0]
    return [LicenseFactory().make_from_string(stated)] if stated and stated != "UNKNOWN" else []


def _own_version() -> str:
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    return next(line.partition('"')[2].rstrip('"') for line in lines if line.startswith("version = "))
