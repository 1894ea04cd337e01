"""Calls that are in the air: made by threads that wait for the provider and know nothing of the database."""

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from queue import SimpleQueue
from types import TracebackType
from typing import Any


class Air:
    """At most `calls_at_once` calls at a time, each after `before_each`; one at a time they are made by the caller.

    More are taken in, up to `room`, so that no thread is idle while answers are booked. Answers are handed out in the
    order in which their calls were made, as far as they have landed.
    """

    def __init__(self, calls_at_once: int, *, room: int, before_each: Callable[[], None] | None = None) -> None:
        self._executor: Executor = ThreadPoolExecutor(calls_at_once) if calls_at_once > 1 else _Here()
        self._room = room
        self._before_each = before_each
        self._calls: list[Future[Any]] = []
        self._done: SimpleQueue[Future[Any]] = SimpleQueue()

    def __enter__(self) -> "Air":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._executor.shutdown(cancel_futures=kind is not None)

    def __bool__(self) -> bool:
        return bool(self._calls)

    @property
    def has_room(self) -> bool:
        return len(self._calls) < self._room

    @property
    def in_flight(self) -> int:
        return len(self._calls)

    def send(self, call: Callable[..., Any], *arguments: Any, **keywords: Any) -> None:
        made = self._executor.submit(self._in_turn, call, *arguments, **keywords)
        made.add_done_callback(self._done.put)
        self._calls.append(made)

    def landed(self, *, at_least: int) -> list[Any]:
        """Answers, once that many are there. A call that raised raises here."""
        done: set[Future[Any]] = set()
        while len(done) < at_least or not self._done.empty():
            done.add(self._done.get())
        landed = [call for call in self._calls if call in done]
        self._calls = [call for call in self._calls if call not in done]
        return [call.result() for call in landed]

    def _in_turn(self, call: Callable[..., Any], *arguments: Any, **keywords: Any) -> Any:
        if self._before_each:
            self._before_each()
        return call(*arguments, **keywords)


class _Here(Executor):
    """Makes each call at once, in the caller's own thread."""

    def submit(self, call: Callable[..., Any], /, *arguments: Any, **keywords: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(call(*arguments, **keywords))
        except Exception as error:
            future.set_exception(error)
        return future
