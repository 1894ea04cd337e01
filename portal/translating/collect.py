"""All messages of this repository, and those of packages that we word ourselves, with the files they stand in."""

from collections import defaultdict
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.template import Engine

from portal.translating.message import Message
from portal.translating.packages import PACKAGE_MESSAGES
from portal.translating.python_source import messages_of_python
from portal.translating.template_source import messages_of_template

TEMPLATE_ENDINGS = {".html", ".txt"}


def messages_of_code() -> dict[Message, set[str]]:
    """Every message with its files, as paths from the top of the repository or of the installed packages.

    Raises ValueError for a message that has two plurals, which no catalogue can hold.
    """
    found: dict[Message, set[str]] = defaultdict(set)
    for path in python_files():
        for message in messages_of_python(path):
            found[message].add(_name(path))
    for path in template_files():
        for message in messages_of_template(path):
            found[message].add(_name(path))
    for file, messages in PACKAGE_MESSAGES.items():
        for message in messages:
            found[message].add(file)
    return _with_plurals(found)


def python_files() -> list[Path]:
    return sorted(path for folder in _own_apps() for path in folder.rglob("*.py"))


def template_files() -> list[Path]:
    folders = [*map(Path, Engine.get_default().dirs), *(app / "templates" for app in _own_apps())]
    return sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in TEMPLATE_ENDINGS)


def _own_apps() -> list[Path]:
    return [Path(app.path) for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR]


def _with_plurals(found: dict[Message, set[str]]) -> dict[Message, set[str]]:
    """A message that is asked for with and without a plural is one entry, the one with the plural."""
    entries: dict[tuple[str, str | None], Message] = {}
    for message in sorted(found, key=lambda each: (each.key[0], each.context or "", each.plural or "")):
        earlier = entries.get(message.key)
        if earlier and earlier.plural and earlier.plural != message.plural:
            raise ValueError(f"Two plurals for {message.singular!r}: {earlier.plural!r} and {message.plural!r}.")
        entries[message.key] = message
    return {entry: _files(entry, found) for entry in entries.values()}


def _files(entry: Message, found: dict[Message, set[str]]) -> set[str]:
    return set().union(*(files for message, files in found.items() if message.key == entry.key))


def _name(path: Path) -> str:
    return path.relative_to(settings.BASE_DIR).as_posix()
