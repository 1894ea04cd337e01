"""Which names of its query a page reads: what it does not read cannot harm it."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

from django.http import QueryDict
from django.test import Client

# Stands for a query that is read whole: any name in it may be used.
WHOLE = "*"


def names_read(client: Client, url: str, usual: list[str]) -> set[str]:
    """Asked as it stands, and with `usual` names that have a value: some are read only when others are there."""
    read: set[str] = set()
    with patch("django.core.handlers.wsgi.QueryDict", _noting(read)):
        client.get(url)
        client.get(f"{url.partition('?')[0]}?{'&'.join(f'{name}=1' for name in usual)}")
    return read


def _noting(read: set[str]) -> type[QueryDict]:
    class Noting(QueryDict):
        """Silent until it is complete."""

        is_complete = False

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.is_complete = True

        def _note(self, name: str) -> None:
            if self.is_complete:
                read.add(name)

        def __getitem__(self, name: str) -> Any:
            self._note(name)
            return super().__getitem__(name)

        def __contains__(self, name: object) -> bool:
            self._note(str(name))
            return super().__contains__(name)

        def _getlist(self, name: str, *args: Any, **kwargs: Any) -> Any:
            self._note(name)
            return super()._getlist(name, *args, **kwargs)

        def items(self) -> Any:
            self._note(WHOLE)
            return super().items()

        def lists(self) -> Any:
            self._note(WHOLE)
            return super().lists()

        def values(self) -> Any:
            self._note(WHOLE)
            return super().values()

        def __iter__(self) -> Iterator[str]:
            self._note(WHOLE)
            return super().__iter__()

    return Noting
