"""Data files in YAML (brand, Terms, catalogue): read strictly, and what is wrong is said with its line and place.

Scalars are read as written, so that a price stays exact and the country code NO does not become "false". A reader
takes its values from a `Section`; problems are collected, so that one run names them all.
"""

import re
from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml


class DataFileError(Exception):
    """What is wrong in a file, one sentence a line."""


class _Mapping(dict[Any, Any]):
    lines: dict[str, int]


class _Loader(yaml.CBaseLoader):
    def construct_mapping(self, node: Any, deep: bool = False) -> _Mapping:
        mapping = _Mapping(super().construct_mapping(node, deep))
        mapping.lines = {}
        for key, _ in node.value:
            if key.value in mapping.lines:
                raise yaml.constructor.ConstructorError(None, None, f"{key.value} stands there twice", key.start_mark)
            mapping.lines[key.value] = key.start_mark.line + 1
        return mapping


def read_data_file(path: Path) -> "Section":
    """The file's outermost mapping. DataFileError if it cannot be read or is no YAML mapping."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataFileError(f"{path}: {error}") from error
    return read_data_text(text, file=str(path))


def read_data_text(text: str, *, file: str) -> "Section":
    """The same of a text that is read already; `file` is what faults are said of."""
    try:
        data = yaml.load(text, Loader=_Loader)  # noqa: S506  (builds texts, lists, dicts)
    except yaml.YAMLError as error:
        raise DataFileError(f"{file}: {error}") from error
    if not isinstance(data, _Mapping):
        raise DataFileError(f"{file}: the file must be a mapping of names to values.")
    return Section(data, file=file, place="", problems=[])


class Section:
    """A mapping within the file; each method takes a value of one kind, or notes what is wrong with it."""

    def __init__(self, data: _Mapping, *, file: str, place: str, problems: list[str]) -> None:
        self._data, self._file, self._place, self._problems = data, file, place, problems
        self._taken: set[str] = set()

    def text(self, key: str, *, longest: int = 100_000, like: str = "", default: str | None = None) -> str:
        """A text that is not empty; `like` is a pattern for the whole of it."""
        value = self._take(key, default)
        if not isinstance(value, str) or (not value.strip() and value != default):
            return self._wrong(key, "must be a text", "")
        if len(value) > longest:
            return self._wrong(key, f"has more than {longest} characters", "")
        if like and value != default and not re.fullmatch(like, value):
            return self._wrong(key, f"is {value!r}, which has not the form {like}", "")
        return value.strip()

    def texts(self, key: str, *, languages: Collection[str]) -> dict[str, str]:
        """A text in each of the languages."""
        section = self.section(key)
        found = {language: section.text(language) for language in languages}
        section.refuse_the_rest()
        return found

    def words(self, key: str, *, among: Collection[str] = ()) -> list[str]:
        """A list of texts with at least one in it, each among the given ones."""
        value = self._take(key, None)
        if not isinstance(value, list) or not value or not all(isinstance(word, str) for word in value):
            return self._wrong(key, "must be a list of texts", [])
        unknown = [word for word in value if among and word not in among]
        if unknown:
            return self._wrong(key, f"has {', '.join(unknown)}; known are {', '.join(among)}", [])
        return value

    def decimal(self, key: str, *, least: str, below: str) -> Decimal:
        """A number with at most two places, at least `least` and less than `below`."""
        value = self._take(key, None)
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            return self._wrong(key, f"is {value!r}, which is no number", Decimal(least))
        if not number.is_finite() or number != round(number, 2) or not Decimal(least) <= number < Decimal(below):
            return self._wrong(key, f"is {value}; it must be from {least} to less than {below}", Decimal(least))
        return number

    def integer(self, key: str, *, least: int, most: int, default: int | None = None) -> int:
        value = self._take(key, None if default is None else str(default))
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
            return self._wrong(key, f"is {value!r}; it must be a whole number from {least} to {most}", least)
        return int(value)

    def flag(self, key: str, *, default: bool = False) -> bool:
        value = self._take(key, str(default).lower())
        return value == "true" if value in {"true", "false"} else self._wrong(key, "must be true or false", default)

    def moment(self, key: str) -> datetime:
        """A date and time with its offset from UTC, as 2026-01-01T00:00:00+02:00."""
        value = self._take(key, None)
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            moment = datetime.min
        if moment.tzinfo is None:
            return self._wrong(key, f"is {value!r}; it must be like 2026-01-01T00:00:00+02:00", datetime.min)
        return moment

    def day(self, key: str) -> date | None:
        """A date as 2026-01-31; None where the key is missing."""
        if not self.has(key):
            return None
        value = self._take(key, None)
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            return self._wrong(key, f"is {value!r}; it must be like 2026-01-31", None)

    def section(self, key: str) -> "Section":
        value = self._take(key, None)
        if not isinstance(value, _Mapping):
            self._wrong(key, "must be a mapping of names to values", None)
            # Its own keys are not reported on top.
            return Section(_Mapping(), file=self._file, place=self._path(key), problems=[])
        return Section(value, file=self._file, place=self._path(key), problems=self._problems)

    def sections(self, key: str) -> list["Section"]:
        """A list of mappings with at least one in it."""
        value = self._take(key, None)
        if not isinstance(value, list) or not value or not all(isinstance(item, _Mapping) for item in value):
            return self._wrong(key, "must be a list of mappings", [])
        places = [f"{self._path(key)}[{number}]" for number in range(1, len(value) + 1)]
        return [
            Section(item, file=self._file, place=place, problems=self._problems)
            for item, place in zip(value, places, strict=True)
        ]

    def has(self, key: str) -> bool:
        return key in self._data

    def names(self) -> list[str]:
        """Every name that stands in the mapping, as written."""
        return list(self._data)

    def problem(self, key: str, sentence: str) -> None:
        """Notes what a reader found wrong about a value beyond its kind."""
        line = getattr(self._data, "lines", {}).get(key)
        self._problems.append(f"{self._file}{f', line {line}' if line else ''}: {self._path(key)} {sentence}.")

    def refuse_the_rest(self) -> None:
        """Keys that nobody has asked for are misspelt or misplaced."""
        for key in self._data:
            if key not in self._taken:
                self.problem(key, "is not known here")

    @property
    def problems(self) -> tuple[str, ...]:
        return tuple(self._problems)

    def raise_problems(self) -> None:
        if self._problems:
            raise DataFileError("\n".join(self._problems))

    def _take(self, key: str, default: Any) -> Any:
        self._taken.add(key)
        return self._data.get(key, default)

    def _wrong(self, key: str, sentence: str, instead: Any) -> Any:
        self.problem(key, sentence if key in self._data else "is missing")
        return instead

    def _path(self, key: str) -> str:
        return f"{self._place}.{key}" if self._place else key
