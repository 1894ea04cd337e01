"""A car's data and who may read it, on a phone and on a desk, in both languages: axe finds nothing, all works."""

import pytest
from django.urls import reverse
from django.utils import translation

from garage.models import DataAccess, DataGrant
from tests import make
from tests.browser.visitor import LANGUAGES
from tests.garage.grants import LAST_DAY
from tests.meta.estate import estate  # noqa: F401

PAGES = {
    "own_data": (),
    "vehicle_data": ("car",),
    "grants": ("car",),
    "grant_new": ("car",),
    "grant": ("data_grant",),
    "reach": ("car",),
    "vehicle": ("car",),
    "garage": (),
    "privacy": (),
}


@pytest.fixture
def read_by_somebody(live_server, estate):  # noqa: F811
    """The insurer has read a page more than the log shows at once."""
    grant = DataGrant.objects.get(public_id=estate.data_grant)
    rows = [DataAccess(grant=grant, at=make.NOW, kinds=["specification"], rows=1200) for _ in range(21)]
    DataAccess.objects.bulk_create(rows)
    return estate


def test_D3_the_pages_of_a_cars_data_are_fit_for_everybody(pages_of, read_by_somebody):
    visitor = pages_of(read_by_somebody.owner)
    for language in LANGUAGES:
        for name, arguments in PAGES.items():
            with translation.override(language):
                address = reverse(name, args=[getattr(read_by_somebody, argument) for argument in arguments])
            visitor.page.goto(address)
            visitor.look_on_both()
    assert visitor.complaints == []


def test_D3_an_owner_ends_a_grant_and_gives_it_anew(pages_of, read_by_somebody):
    visitor = pages_of(read_by_somebody.owner)
    visitor.open(reverse("vehicle_data", args=[read_by_somebody.car]), heading="Data of NX 350h")
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("link", name="Download all as CSV").click()
    assert download.value.suggested_filename == "vehicle-data-2026-06-10.zip"
    visitor.follow("Companies that may read data", heading="Who may read data of NX 350h")
    visitor.follow("View or end", heading="What Sample Insurance may read")
    visitor.press("End the access now", heading="What Sample Insurance may read")
    visitor.reads("Sample Insurance reads nothing more of this car.", "Ended")
    visitor.open(reverse("grant_new", args=[read_by_somebody.car]), heading="Let a company read data")
    visitor.page.get_by_label("Sample Insurance").check()
    visitor.page.get_by_label("Specification").check()
    visitor.type(ends_on=str(LAST_DAY), reference="P-4711")
    visitor.press("Continue", heading="What Sample Insurance will read")
    visitor.reads("P-4711", "31 December 2026")
    visitor.press("Let it read", heading="What Sample Insurance may read")
    visitor.reads("Sample Insurance may read from now on.")
    assert visitor.complaints == []
