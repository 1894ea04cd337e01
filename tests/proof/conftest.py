"""The campaigns have the means of the faults."""

import os

from tests.faults.conftest import today  # noqa: F401

# A server of its own is soon a minute.
collect_ignore = [] if os.environ.get("PROOF_TRIPS") else ["test_trips.py"]
