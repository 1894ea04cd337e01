"""The file of a market's map releases (`manage.py load_maps`)."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from garage.models import MapRelease
from garage.rules.maps import LONGEST_VERSION, VERSION, Edition, Season, version_key
from portal.files.data_files import Section, read_data_file
from portal.models import Market

GENERATION = r"[A-Z0-9]{2,12}"
ADDRESS = r"https://[a-zA-Z0-9.-]+(:[0-9]+)?/[^\s]*"
YEAR = r"20[0-9]{2}"
MOST_MEGABYTES = 200_000


@transaction.atomic
def load_maps(path: Path) -> dict[str, int]:
    """Brings the releases to what the file says; gives how many were created, changed, unchanged.

    What the file does not name is offered no more: updates to it stay on record. DataFileError names each fault with
    its line.
    """
    file = read_data_file(path)
    code = file.text("market")
    market = Market.objects.filter(code=code).first()
    if market is None:
        file.problem("market", f"is {code!r}, and there is no such market")
    languages = market.languages if market else []
    head_units = file.section("generations")
    heads = {name: _generation(head_units.section(name), languages) for name in head_units.names()}
    sections = file.sections("releases")
    file.refuse_the_rest()
    rows = [_release(section, heads) for section in sections]
    _check_once(sections, rows)
    _check_order(sections, rows)
    file.raise_problems()
    assert market is not None  # noqa: S101  (a problem otherwise)
    return _save(market, rows)


def _generation(section: Section, languages: list[str]) -> dict[str, Any]:
    """What holds for every release of a generation of head units."""
    values = {
        "names": section.texts("name", languages=languages),
        "steps": section.texts("steps", languages=languages),
        "is_over_the_air": section.flag("over_the_air"),
    }
    section.refuse_the_rest()
    return values


def _release(section: Section, heads: dict[str, dict[str, Any]]) -> dict[str, Any]:
    generation = section.text("generation", like=GENERATION)
    if generation and generation not in heads:
        section.problem("generation", f"is {generation!r}, which stands not among the generations")
    season = section.text("season")
    if season and season not in list(Season):
        section.problem("season", f"is {season!r}; known are {', '.join(Season)}")
    values = {
        "generation": generation,
        "version": section.text("version", like=VERSION, longest=LONGEST_VERSION),
        "year": int(section.text("year", like=YEAR) or 0),
        "season": season,
        "released_on": section.day("released_on") or date.min,
        "size_bytes": section.integer("megabytes", least=1, most=MOST_MEGABYTES) * 1_000_000,
        "sha256": section.text("sha256", like=r"[0-9a-f]{64}"),
        "download_url": section.text("download", like=ADDRESS, longest=200),
    }
    if not section.has("released_on"):
        section.problem("released_on", "is missing")
    section.refuse_the_rest()
    return values | heads.get(generation, {})


def _check_once(sections: Sequence[Section], rows: Iterable[dict[str, Any]]) -> None:
    seen: set[tuple[Any, ...]] = set()
    for section, row in zip(sections, rows, strict=True):
        keys = [(row["generation"], row["version"]), (row["generation"], row["year"], row["season"])]
        for key, name in zip(keys, ("version", "season"), strict=True):
            if key in seen:
                section.problem(name, f"stands there twice for {row['generation']}")
            seen.add(key)


def _check_order(sections: Sequence[Section], rows: Sequence[dict[str, Any]]) -> None:
    """A later edition has a higher version: by the versions it is decided what is due."""
    for section, row in zip(sections, rows, strict=True):
        for other in rows:
            is_later = _place(row) > _place(other) and row["generation"] == other["generation"]
            if is_later and _key(row) < _key(other):
                section.problem("version", f"is {row['version']}, lower than {other['version']} of an earlier edition")


def _place(row: dict[str, Any]) -> tuple[int, bool]:
    edition = Edition(row["year"], row["season"])
    return edition.year, edition.season == Season.AUTUMN


def _key(row: dict[str, Any]) -> tuple[int, ...]:
    return version_key(row["version"]) if row["version"] else ()


def _save(market: Market, rows: list[dict[str, Any]]) -> dict[str, int]:
    counts = {"created": 0, "changed": 0, "unchanged": 0}
    releases = MapRelease.objects.filter(market=market)
    named = [_bring(market, row, counts) for row in rows]
    releases.filter(is_active=True).exclude(pk__in=named).update(is_active=False)
    return counts


def _bring(market: Market, values: dict[str, Any], counts: dict[str, int]) -> int:
    wanted = values | {"is_active": True}
    row = MapRelease.objects.filter(market=market, generation=values["generation"], version=values["version"]).first()
    if row is None:
        counts["created"] += 1
        return MapRelease.objects.create(market=market, **wanted).pk
    changed = [name for name, value in wanted.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, wanted[name])
    if changed:
        row.save(update_fields=changed)
    counts["changed" if changed else "unchanged"] += 1
    return row.pk
