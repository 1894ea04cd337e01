"""Room for a request's frames, however deep the server is when it calls the portal.

CPython keeps the frames of Python functions in chunks of 16 KB and gives a chunk back as soon as its first frame ends.
A loop whose calls cross the end of a chunk fetches and gives back memory at each of them: the same page takes twice as
long, by where in the server's own depth it happens to be called. A frame that is large itself has a large chunk made
for it, and what it calls fits into the rest.
"""

from collections.abc import Callable
from types import FunctionType
from typing import ParamSpec, TypeVar

# In words of eight bytes: a frame just over 256 KB, whose chunk is the next power of two. It leaves as much again for
# what it calls, and none of it is touched before it is needed.
STACK_WORDS = 33_000

P = ParamSpec("P")
R = TypeVar("R")


def with_room(call: Callable[P, R]) -> Callable[P, R]:
    """The same, called from a frame with a chunk of its own."""

    def roomy(*args: P.args, **kwargs: P.kwargs) -> R:
        return call(*args, **kwargs)

    code = roomy.__code__.replace(co_stacksize=STACK_WORDS)
    return FunctionType(code, roomy.__globals__, roomy.__name__, roomy.__defaults__, roomy.__closure__)
