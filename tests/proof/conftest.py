"""The campaigns have the means of the faults."""

import os

from tests.faults.conftest import today  # noqa: F401

# Each has servers of its own, and is soon a minute.
ASKED_FOR = {"test_trips.py": "PROOF_TRIPS", "test_soak.py": "PROOF_SOAK"}
collect_ignore = [name for name, number in ASKED_FOR.items() if not os.environ.get(number)]
