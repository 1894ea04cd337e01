"""What a web process that ends does with whoever came just before; tests/proof/test_deploying.py ends real ones."""

import pytest
from gunicorn.workers import gthread

from portal.operating.web_worker import LAST_LOOK_SECONDS, NOTICED_SECONDS, Worker


class SaysNothing:
    """A connection that was taken, and of which nothing has been read yet."""

    initialized = data_ready = False

    def __init__(self) -> None:
        self.waited_for: list[float] = []

    def wait_for_data(self, seconds: float) -> bool:
        self.waited_for.append(seconds)
        return False


@pytest.mark.parametrize(("alive", "seconds"), [(True, NOTICED_SECONDS), (False, LAST_LOOK_SECONDS)])
def test_a_process_that_ends_waits_for_a_new_connection_which_others_give_back_to_the_poller(alive, seconds):
    worker, connection = object.__new__(Worker), SaysNothing()
    worker.alive = alive
    assert worker.handle(connection) is gthread._DEFER
    assert connection.waited_for == [seconds]
