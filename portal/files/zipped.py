"""Files of a ZIP with their moment: named alone, those that are written bit by bit would be of 1980."""

from datetime import UTC, datetime
from zipfile import ZIP_DEFLATED, ZipInfo


def zip_entry(name: str, *, at: datetime, how: int = ZIP_DEFLATED) -> ZipInfo:
    """`at` in UTC, since a ZIP knows no zones."""
    entry = ZipInfo(name, date_time=at.astimezone(UTC).timetuple()[:6])
    entry.compress_type = how
    entry.external_attr = 0o644 << 16
    return entry
