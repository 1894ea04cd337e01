"""Static files that live in installed packages, so that no font file is committed here.

Add `portal.staticfinders.PackageFinder` to `STATICFILES_FINDERS`.
"""

from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

# Static path: (package, path inside it). The licence travels with the font, as it demands.
PACKAGE_FILES = {
    "fonts/manrope.ttf": ("font_manrope", "files/Manrope-VariableFont_wght.ttf"),
    "fonts/OFL.txt": ("font_manrope", "files/OFL.txt"),
}


class PackageStorage(FileSystemStorage):
    """Reads each known name from where its package keeps it."""

    def path(self, name: str) -> str:
        package, inside = PACKAGE_FILES[Path(name).as_posix()]
        return str(files(package) / inside)


class PackageFinder(BaseFinder):
    """Serves and collects `PACKAGE_FILES` under their static paths."""

    storage = PackageStorage()

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The file's place on disk, a list of it with `find_all`, or an empty list when it is not one of ours."""
        if path not in PACKAGE_FILES:
            return []
        return [self.storage.path(path)] if find_all else self.storage.path(path)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """Every file with its storage, for `collectstatic` and WhiteNoise."""
        for path in PACKAGE_FILES:
            yield path, self.storage
