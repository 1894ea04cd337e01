"""ASVS 15.1.2, 15.2: what is installed is what was looked at; the bill of materials names all of it."""

import json
import re
from importlib import metadata

import pytest

from tests.meta.test_layout import APPS, ROOT
from tests.supply.bill import bill_of, check_format
from tests.supply.pins import DEVELOPMENT, PRODUCT, NotPinned, pins, pins_of

DIGEST = "0" * 64


def test_every_package_is_pinned_with_hashes_and_comes_from_no_address():
    product = {pin.name: pin for pin in pins_of(PRODUCT)}
    development = {pin.name: pin for pin in pins_of(DEVELOPMENT)}
    assert len(product) > 40
    # What production has is what was tested.
    assert [name for name, pin in product.items() if development[name] != pin] == []


@pytest.mark.parametrize(
    "line",
    [
        "django",
        "django>=5.2",
        "django==5.2.19",
        "django==5.2.19 --hash=md5:0",
        f"django @ https://example.com/django.zip --hash=sha256:{DIGEST}",
        "--index-url https://example.com/simple",
        "-e .",
        f"git+https://example.com/django --hash=sha256:{DIGEST}",
    ],
)
def test_what_is_not_pinned_is_found(line):
    with pytest.raises(NotPinned):
        pins(line)


def test_what_runs_here_is_what_is_pinned():
    pinned = {pin.name: pin.version for pin in pins_of(DEVELOPMENT)}
    names = {
        name: re.sub(r"[-_.]+", "-", name).lower() for name in ("Django", "django-allauth", "cryptography", "pillow")
    }
    assert {each: metadata.version(name) for name, each in names.items()} == {
        each: pinned[each] for each in names.values()
    }


def test_the_bill_of_materials_names_every_package_of_production():
    packages = pins_of(PRODUCT)
    bill = bill_of(packages)
    check_format(bill)
    components = json.loads(bill)["components"]
    assert {(each["name"], each["version"]) for each in components} == {(pin.name, pin.version) for pin in packages}
    assert [each["name"] for each in components if not each["hashes"] or not each["purl"].startswith("pkg:pypi/")] == []


def test_every_rule_of_safety_that_is_left_out_in_the_product_says_why():
    """ruff's S rules are bandit's; tests leave them out, the product only line by line."""
    sources = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    left_out = [
        line for path in sources for line in path.read_text().splitlines() if re.search(r"# noqa: S\d|# nosec", line)
    ]
    assert [line for line in left_out if not re.search(r"# noqa: S\d+(, S\d+)*  ?\(.+\)", line)] == []
