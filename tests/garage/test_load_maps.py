"""C6: the file of a market's map releases, and the demo's maps."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from garage.models import MapRelease, MapUpdate, VehicleMap
from tests import make
from tests.garage import maps

FILE = Path(__file__).resolve().parents[2] / "portal" / "data" / "lexus_cy" / "maps.yaml"


def load(path=FILE) -> str:
    out = StringIO()
    call_command("load_maps", str(path), stdout=out)
    return out.getvalue()


def changed(tmp_path, old, new) -> Path:
    text = FILE.read_text()
    assert old in text
    path = tmp_path / "maps.yaml"
    path.write_text(text.replace(old, new, 1))
    return path


def test_C6_the_sample_file_is_loaded_and_a_second_time_changes_nothing(market):
    assert "12 created" in load()
    assert "0 created, 0 changed, 12 unchanged" in load()
    release = MapRelease.objects.get(generation="MM17", version="2026.1")
    assert (release.is_over_the_air, release.size_bytes, len(release.steps_in_order)) == (False, 7_600_000_000, 5)


def test_C6_a_release_that_the_file_names_no_more_is_offered_no_more(market, tmp_path):
    load()
    text = FILE.read_text()
    path = tmp_path / "maps.yaml"
    path.write_text(text[: text.rindex("  - generation")].replace("megabytes: 9200", "megabytes: 9201"))
    assert "0 created, 1 changed, 10 unchanged" in load(path)
    assert not MapRelease.objects.get(generation="MM17", version="2026.2").is_active


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("market: CY", "market: XX", "there is no such market"),
        ("generation: MM21", "generation: MM99", "stands not among the generations"),
        ("season: spring", "season: summer", "known are spring, autumn"),
        ("season: spring", "season: autumn", "season stands there twice for MM21"),
        ('version: "2025.2"', 'version: "2025.1"', "version stands there twice for MM21"),
        ('version: "2026.1"', 'version: "2024.1"', "lower than 2025.1 of an earlier edition"),
        ('version: "2026.1"', 'version: "spring"', "which has not the form"),
        ("download: https://", "download: http://", "which has not the form"),
        ("sha256: ", "sha256: 1", "which has not the form"),
        ("    released_on: 2025-04-14\n", "", "released_on is missing"),
        ("released_on: 2025-04-14", "released_on: soon", "must be like 2026-01-31"),
        ("megabytes: 9200", "megabytes: 0", "must be a whole number"),
        ("over_the_air: true", "over_the_air: perhaps", "must be true or false"),
    ],
)
def test_C6_what_is_wrong_in_the_file_is_named_and_nothing_is_loaded(market, tmp_path, old, new, sentence):
    with pytest.raises(CommandError, match=re.escape(sentence)):
        load(changed(tmp_path, old, new))
    assert MapRelease.objects.count() == 0


def test_C6_the_demo_has_an_update_that_is_due_and_one_on_its_way(owner):
    maps.map_package(owner.market)
    for number in (1, 2, 3):
        make.active_car(owner, number)
    load()
    call_command("bring_sample_maps")
    call_command("bring_sample_maps")
    assert VehicleMap.objects.count() == 3
    assert [update.state for update in MapUpdate.objects.all()] == ["sent"]
