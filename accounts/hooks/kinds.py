"""The kinds of events, and how each is read from records of the audit trail (docs/webhooks.md)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from portal.models import AuditRecord

# Public ids of what the event is about, by the record's key. A record that is not there tells of no event.
Ids = Mapping[int, dict[str, str]]
TEST = "test"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """`told_by` are the records that may tell of it; `ids` looks at a page of them in a fixed number of queries."""

    name: str
    text: str
    told_by: frozenset[str]
    ids: Callable[[Sequence[AuditRecord]], Ids]
    # The ids that it has, for whoever reads the description.
    names: tuple[str, ...]


KINDS: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    KINDS.update({kind.name: kind for kind in kinds})


def of_subject(
    model: type[Model], *related: str, ids: Callable[[AuditRecord, Any], dict[str, str] | None]
) -> Callable[[Sequence[AuditRecord]], Ids]:
    """Of the row that a record is about, and its account; a row that is gone tells of nothing, nor does None."""

    def found(records: Sequence[AuditRecord]) -> Ids:
        about = [record for record in records if record.subject_type == model._meta.label_lower]
        rows = model._default_manager.select_related(*related).in_bulk([record.subject_id for record in about])
        answered = {record.pk: ids(record, row) for record in about if (row := rows.get(record.subject_id))}
        accounts = of_account(about)
        return {pk: accounts.get(pk, {}) | each for pk, each in answered.items() if each is not None}

    return found


def of_account(records: Sequence[AuditRecord]) -> Ids:
    return {record.pk: {"account": str(record.account.public_id)} for record in records if record.account}
