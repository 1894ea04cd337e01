"""The campaigns have the means of the faults."""

import os

from tests.faults.conftest import bank, garage, order, ordered_at, today  # noqa: F401

# Each has servers of its own, and is soon a minute.
ASKED_FOR = {"test_trips.py": "PROOF_TRIPS", "test_soak.py": "PROOF_SOAK"}
ASKED_FOR |= {"test_web_server.py": "PROOF_IDLE", "test_migrations.py": "PROOF_MIGRATIONS"}
ASKED_FOR |= {"test_populate.py": "PROOF_POPULATE"}
ASKED_FOR |= {"test_deploying.py": "PROOF_OPERATING", "test_backup.py": "PROOF_OPERATING"}
ASKED_FOR |= {"test_moving_in.py": "PROOF_MOVED"}
collect_ignore = [name for name, number in ASKED_FOR.items() if not os.environ.get(number)]
