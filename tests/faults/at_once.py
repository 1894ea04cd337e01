"""Acts of several people at the same moment, each in a thread with a connection of its own."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

from django.db import connection

from portal.refusals import Refusal


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each act answered, or the code of its refusal; all of them begun together."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        barrier.wait(timeout=30)
        return _closing(act)

    with ThreadPoolExecutor(max_workers=len(acts)) as threads:
        return list(threads.map(run, acts))


@contextmanager
def in_background(act: Callable[..., Any], **arguments: Any) -> Iterator[Future[Any]]:
    with ThreadPoolExecutor(max_workers=1) as threads:
        yield threads.submit(_closing, lambda: act(**arguments))


def _closing(act: Callable[[], Any]) -> Any:
    try:
        return act()
    except Refusal as refusal:
        return refusal.code
    finally:
        connection.close()
