"""What rules and the database say no to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import ProgrammingError, models, transaction

from portal.refusals import Refusal


@contextmanager
def refused(code: str) -> Iterator[None]:
    """The act within is refused with just this code."""
    with pytest.raises(Refusal) as refusal:
        yield
    assert (refusal.value.code, bool(str(refusal.value))) == (code, True)


def refusal_code(act: Callable[..., Any], **arguments: Any) -> str:
    """The code of the `Refusal` that the act ends in; there is a sentence for the customer as well."""
    with pytest.raises(Refusal) as refused:
        act(**arguments)
    assert str(refused.value)
    return refused.value.code


def assert_append_only(row: models.Model) -> None:
    """The database itself refuses to change or delete the row."""
    itself = type(row)._base_manager.filter(pk=row.pk)
    # Past Django's own protection of what others refer to.
    for change in (row.save, lambda: itself._raw_delete(itself.db)):
        with (
            pytest.raises(ProgrammingError, match=r"Cannot (update|delete|update or delete) rows"),
            transaction.atomic(),
        ):
            change()
