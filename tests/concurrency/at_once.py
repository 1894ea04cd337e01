"""Many acts begun at the same moment, in threads with connections of their own."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from portal.refusals import Refusal


def at_once(*acts: Callable[[], Any], say: Callable[[Any], str] = lambda _result: "done") -> Counter[str]:
    """How often each answer came: what is said of a result, or a refusal's code."""
    barrier = Barrier(len(acts))

    def answer(act: Callable[[], Any]) -> str:
        try:
            barrier.wait(timeout=30)
            return say(act())
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(acts)) as threads:
        return Counter(threads.map(answer, acts))
