"""The campaigns have the means of the faults."""

import os

from tests.faults.conftest import bank, garage, order, ordered_at, today  # noqa: F401

# A server of its own is soon a minute.
collect_ignore = [] if os.environ.get("PROOF_TRIPS") else ["test_trips.py"]
# Real processes that are ended, a second server: minutes.
collect_ignore += [] if os.environ.get("PROOF_OPERATING") else ["test_deploying.py", "test_backup.py"]
