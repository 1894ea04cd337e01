"""What every page carries before its own words, held below the figures of the design rules."""

import re
from pathlib import Path

import brotli

STATIC = Path(__file__).resolve().parents[2] / "static"


def test_all_sheets_together_stay_under_forty_kilobytes():
    assert sum(sheet.stat().st_size for sheet in (STATIC / "css").glob("*.css")) < 40_000


def test_sheets_and_scripts_leave_room_for_the_page_over_the_wire():
    own = b"".join(path.read_bytes() for folder in ("css", "js") for path in sorted((STATIC / folder).iterdir()))
    assert len(brotli.compress(own)) < 12_000


def test_components_name_colours_by_role():
    sheet = (STATIC / "css" / "components.css").read_text()
    outside_of_gradients = re.sub(r"linear-gradient\([^;]*;", "", sheet)
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b", outside_of_gradients)
