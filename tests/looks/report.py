"""docs/pages.md: the table of pages, and what Lighthouse says of seven of them. Each part renews its own table."""

import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import time_machine

from tests.looks.looking import Look

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "pages.md"
EVERY_PAGE, LIGHTHOUSE = "## Every page", "## Lighthouse"
HEAD = """\
# Every page, looked at

Written by `make proof` (its parts "Every page" and "Lighthouse"; how: `tests/looks/`). A page weighs its HTML (gzip),
sheets and scripts (brotli) over the wire, font aside: at most 60 kB. Its queries are those of a second request, the
session's and the account's among them; the aim is 12. axe judges it in English and Greek, at 390, 820 and 1440 pixels,
light and dark; none may scroll sideways. `make contact-sheet` takes a picture of each of these and lays them out in
`var/looks/index.html`.
"""


def renew(heading: str, lines: Sequence[str]) -> None:
    """Puts a table below its heading, and leaves the other as it is."""
    kept = _sections()
    when, commit = f"{_today():%Y-%m-%d %H:%M} UTC", _commit()
    kept[heading] = [f"{when}, code {commit}.", "", *lines]
    parts = ["\n".join([name, "", *kept[name]]) for name in (LIGHTHOUSE, EVERY_PAGE) if name in kept]
    PAGE.write_text("\n".join([HEAD, "\n\n".join(parts), ""]))


def _today() -> datetime:
    """Pages may be those of a day of ours; the table is of today."""
    hatch = time_machine.escape_hatch
    return hatch.datetime.datetime.now(UTC) if hatch.is_travelling() else datetime.now(UTC)


def pages_table(looks: Sequence[Look]) -> list[str]:
    rows = [
        f"| {look.place.route} | {look.place.state or '-'} | {_who(look)} | {look.weight / 1000:.1f} | {look.queries}"
        f" | {len(look.faults)} |"
        for look in looks
    ]
    return ["| Page | State | Seen by | kB | Queries | axe and width, 12 looks |", "|---|---|---|---|---|---|", *rows]


def _who(look: Look) -> str:
    return look.place.who.email.partition("@")[0] if look.place.who else "a visitor"


def _sections() -> dict[str, list[str]]:
    if not PAGE.exists():
        return {}
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in PAGE.read_text().splitlines():
        if line.startswith("## "):
            lines = found[line] = []
        elif found:
            lines.append(line)
    return {heading: "\n".join(lines).strip().splitlines() for heading, lines in found.items()}


def _commit() -> str:
    said = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return said.stdout.strip()
