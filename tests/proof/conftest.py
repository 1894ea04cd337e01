"""The campaigns have the means of the faults."""

from tests.faults.conftest import today  # noqa: F401
