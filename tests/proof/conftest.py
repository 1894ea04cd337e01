"""The campaigns have the means of the faults."""

import os

from tests.faults.conftest import today  # noqa: F401

# Each has servers of its own, and is soon a minute.
ASKED_FOR = {"test_trips.py": "PROOF_TRIPS", "test_soak.py": "PROOF_SOAK"}
ASKED_FOR |= {"test_web_server.py": "PROOF_IDLE", "test_migrations.py": "PROOF_MIGRATIONS"}
collect_ignore = [name for name, number in ASKED_FOR.items() if not os.environ.get(number)]
