"""What differs from one copy of the twenty to the next: keys, public ids, names that are unique, and numbers.

A row is read as COPY writes it, and becomes a pattern; its copies stand one after the other, so that a table as a whole
is in the order of time, as in life.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Protocol
from uuid import UUID

from django.apps import apps
from django.db import connection, models

from portal.models import OutboxMessage
from subscriptions.actions.conclude import number_from
from subscriptions.invoicing.numbering import printed_number
from subscriptions.models import Contract, Document, NumberSeries, Payment, PaymentCard, Refund
from subscriptions.models.document import DocumentKind
from subscriptions.models.wallet import CardSetup
from subscriptions.population.households import DIGITS, EMAIL, EMAIL_END, PLATE, VIN

# What the provider calls things: known by nobody but it and us.
REFERENCES = (
    (PaymentCard, "card_ref"),
    (PaymentCard, "fingerprint"),
    (CardSetup, "setup_ref"),
    (Payment, "charge_ref"),
    (Refund, "refund_ref"),
)
# Mails and hooks that nobody is to be sent; the counters of numbers, which go on by themselves.
LEFT_OUT: tuple[type[models.Model], ...] = (OutboxMessage, NumberSeries)
# Bits of a UUID that say which kind it is.
VERSION_BITS = 0xF000 << 64 | 0xC000 << 48


class Differing(Protocol):
    """What stands in one place of a row in the copies of that range."""

    def of(self, copies: range) -> Sequence[Any]: ...


@dataclass(frozen=True)
class Counted:
    """A whole number; in a text with what stands around it."""

    first: int
    before: str = ""
    width: int = 0
    after: str = ""

    def of(self, copies: range) -> Sequence[Any]:
        numbers = range(self.first + copies.start, self.first + copies.stop)
        if not self.before:
            return numbers
        return [f"{self.before}{number:0{self.width}d}{self.after}" for number in numbers]


@dataclass(frozen=True)
class Drawn:
    """A UUID: the prototype's, with bits turned that are drawn for each copy."""

    uuid: int
    masks: Sequence[int]
    has_hyphens: bool

    def of(self, copies: range) -> Sequence[str]:
        drawn = [f"{self.uuid ^ mask:032x}" for mask in self.masks[copies.start : copies.stop]]
        if not self.has_hyphens:
            return drawn
        return [f"{one[:8]}-{one[8:12]}-{one[12:16]}-{one[16:20]}-{one[20:]}" for one in drawn]


@dataclass(frozen=True)
class ContractNumber:
    """Of the subscription with that public id."""

    uuid: int
    masks: Sequence[int]
    market_code: str

    def of(self, copies: range) -> Sequence[str]:
        masks = self.masks[copies.start : copies.stop]
        return [number_from(self.uuid ^ mask, market_code=self.market_code) for mask in masks]


@dataclass(frozen=True)
class Row:
    """`pattern` is printf's, with a place for each of `places`."""

    pattern: str
    places: Sequence[Differing]

    def lines(self, copies: range) -> str:
        columns = [place.of(copies) for place in self.places]
        return "".join(map(self.pattern.__mod__, zip(*columns, strict=True)))


@dataclass(frozen=True)
class Table:
    model: type[models.Model]
    columns: Sequence[str]
    rows: Sequence[Row]

    @property
    def name(self) -> str:
        return self.model._meta.db_table


@dataclass(frozen=True)
class Series:
    """Numbers of a seller's documents of one kind in one year: how many one copy of the twenty takes."""

    legal_entity_id: int
    kind: str
    year: int
    count: int

    @property
    def key(self) -> tuple[int, str, int]:
        return self.legal_entity_id, self.kind, self.year


@dataclass(frozen=True)
class Start:
    """Where the database that is filled goes on: the last key of each table, the last number of each series."""

    keys: Mapping[str, int]
    numbers: Mapping[tuple[int, str, int], int]


@dataclass
class Lived:
    """What the twenty left in the scratch database: raw lines by table, and what in them differs from copy to copy."""

    lines: dict[type[models.Model], list[str]] = field(default_factory=dict)
    ranks: dict[type[models.Model], dict[str, int]] = field(default_factory=dict)
    uuids: set[UUID] = field(default_factory=set)
    references: set[str] = field(default_factory=set)
    # By printed number: its series, and its place there.
    numbers: dict[str, tuple[tuple[int, str, int], int]] = field(default_factory=dict)
    series: list[Series] = field(default_factory=list)
    # By its number: the public id of the contract's subscription, and the market's code.
    contracts: dict[str, tuple[int, str]] = field(default_factory=dict)


def keyed_models() -> list[type[models.Model]]:
    """All that have a whole number as key, those of many-to-many relations too."""
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if not model._meta.proxy and isinstance(_pk(model), models.AutoField)]


def last_keys() -> dict[str, int]:
    with connection.cursor() as cursor:
        return {model._meta.db_table: _last_key(cursor, model) for model in keyed_models()}


def read_lived(before: Mapping[str, int]) -> Lived:
    """Every row whose key lies above the last one `before` anybody came."""
    lived = Lived()
    for model in keyed_models():
        if model in LEFT_OUT or not (lines := _copied_out(model, above=before[model._meta.db_table])):
            continue
        lived.lines[model] = lines
        key = _columns(model).index(_pk(model).column)
        lived.ranks[model] = {line.split("\t")[key]: rank for rank, line in enumerate(lines)}
        for uuid_field in (each for each in model._meta.concrete_fields if isinstance(each, models.UUIDField)):
            place = _columns(model).index(uuid_field.column)
            lived.uuids |= {UUID(cell) for line in lines if (cell := line.split("\t")[place]) != r"\N"}
    for model, name in REFERENCES:
        lived.references |= set(model._default_manager.exclude(**{name: ""}).values_list(name, flat=True))
    _read_numbers(lived)
    for contract in Contract.objects.select_related("subscription__market"):
        subscription = contract.subscription
        lived.contracts[contract.number] = (subscription.public_id.int, subscription.market.code)
    return lived


def tables(lived: Lived, *, start: Start, count: int, chance: Random) -> list[Table]:
    """Patterns for `count` copies."""
    masks = [chance.getrandbits(128) & ~VERSION_BITS for _ in range(count)]
    writer = _Writer(lived, start=start, count=count, masks=masks)
    return [writer.table(model) for model in lived.lines]


class _Writer:
    def __init__(self, lived: Lived, *, start: Start, count: int, masks: Sequence[int]) -> None:
        self.lived, self.start, self.count, self.masks = lived, start, count, masks
        self.labels = {model._meta.label_lower: model for model in lived.lines}
        self.words = self._words()
        longest_first = sorted(self.words, key=len, reverse=True)
        self.any_word = re.compile("|".join(map(re.escape, longest_first)))

    def table(self, model: type[models.Model]) -> Table:
        fields = [each for each in model._meta.concrete_fields if not each.generated]
        names = [each.name for each in fields]
        rows = [self._row(model, fields, names, line.split("\t")) for line in self.lived.lines[model]]
        return Table(model, [each.column for each in fields], rows)

    def _row(self, model: type[models.Model], fields: Sequence[Any], names: Sequence[str], cells: list[str]) -> Row:
        patterns, places = [], []
        for one, cell in zip(fields, cells, strict=True):
            pattern, differing = self._cell(model, one, cell, dict(zip(names, cells, strict=True)))
            patterns.append(pattern)
            places += differing
        return Row("\t".join(patterns) + "\n", places or [Counted(0)])

    def _cell(
        self, model: type[models.Model], one: Any, cell: str, row: Mapping[str, str]
    ) -> tuple[str, list[Differing]]:
        of: type[models.Model] | None = model if one.primary_key else None
        if one.is_relation:
            of = one.related_model
        elif one.name == "subject_id" and "subject_type" in row:
            of = self.labels.get(row["subject_type"])
        elif model is Document and one.name == "sequence":
            return "%d", [Counted(self._number(row["number"]))]
        if of is not None:
            rank = self.lived.ranks.get(of, {}).get(cell)
            return (_literal(cell), []) if rank is None else ("%d", [self._key(of, rank)])
        if isinstance(one, models.UUIDField) and cell != r"\N":
            return "%s", [Drawn(UUID(cell).int, self.masks, has_hyphens=False)]
        return self._text(cell)

    def _text(self, cell: str) -> tuple[str, list[Differing]]:
        places = [self.words[found] for found in self.any_word.findall(cell)]
        return "%s".join(_literal(part) for part in self.any_word.split(cell)), places

    def _key(self, model: type[models.Model], rank: int) -> Counted:
        return Counted(self.start.keys[model._meta.db_table] + rank * self.count + 1)

    def _number(self, printed: str) -> int:
        series, place = self.lived.numbers[printed]
        return self.start.numbers.get(series, 0) + (place - 1) * self.count + 1

    def _words(self) -> dict[str, Differing]:
        words: dict[str, Differing] = {}
        for uuid in self.lived.uuids:
            words[str(uuid)] = Drawn(uuid.int, self.masks, has_hyphens=True)
            words[uuid.hex] = Drawn(uuid.int, self.masks, has_hyphens=False)
        for reference in self.lived.references:
            words[reference] = Counted(0, before=f"{reference}x")
        for printed in self.lived.numbers:
            words[printed] = Counted(self._number(printed), before=printed[: -len("000000")], width=6)
        for number, (uuid, market_code) in self.lived.contracts.items():
            words[number] = ContractNumber(uuid, self.masks, market_code)
        for prefix, after in ((EMAIL, EMAIL_END), (VIN, ""), (PLATE, "")):
            for number in range(len(self.lived.lines[self._named(prefix)])):
                width = DIGITS[prefix]
                first = self.start.keys[self._named(prefix)._meta.db_table] + 1 + number * self.count
                words[f"{prefix}{number:0{width}d}{after}"] = Counted(first, before=prefix, width=width, after=after)
        return words

    def _named(self, prefix: str) -> type[models.Model]:
        return self.labels["accounts.account" if prefix == EMAIL else "garage.registryentry"]


def _read_numbers(lived: Lived) -> None:
    counts: dict[tuple[int, str, int], int] = {}
    for document in Document.objects.select_related("legal_entity").order_by("pk"):
        series = (document.legal_entity_id, document.kind, document.year)
        counts[series] = max(counts.get(series, 0), document.sequence)
        printed = printed_number(
            series_code=document.legal_entity.series,
            kind=DocumentKind(document.kind),
            year=document.year,
            sequence=document.sequence,
        )
        lived.numbers[printed] = (series, document.sequence)
    lived.series = [Series(*key, count=count) for key, count in counts.items()]


def _copied_out(model: type[models.Model], *, above: int) -> list[str]:
    columns = ", ".join(f'"{column}"' for column in _columns(model))
    pk = _pk(model).column
    order = ", ".join(f'"{column}"' for column in [*_ages(model), pk])
    rows = f'SELECT {columns} FROM "{model._meta.db_table}" WHERE "{pk}" > {above} ORDER BY {order}'  # noqa: S608  (the models' own names)
    with connection.cursor() as cursor, cursor.copy(f"COPY ({rows}) TO STDOUT") as copied:
        return b"".join(copied).decode().split("\n")[:-1]


def _ages(model: type[models.Model]) -> Iterator[str]:
    """Where an index lives by the order of the rows, that is their order."""
    for index in model._meta.indexes:
        if index.suffix == "brin":
            yield from (model._meta.get_field(name).column for name in index.fields)


def _columns(model: type[models.Model]) -> list[str]:
    return [each.column for each in model._meta.concrete_fields if not each.generated]


def _pk(model: type[models.Model]) -> Any:
    return model._meta.pk


def _last_key(cursor: Any, model: type[models.Model]) -> int:
    cursor.execute(f'SELECT coalesce(max("{_pk(model).column}"), 0) FROM "{model._meta.db_table}"')  # noqa: S608  (the models' own names)
    return int(cursor.fetchone()[0])


def _literal(text: str) -> str:
    return text.replace("%", "%%")
