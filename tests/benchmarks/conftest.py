"""What takes a server of its own and more than a minute runs in `make proof` only."""

import os

collect_ignore = [] if os.environ.get("PROOF_BENCHMARK") else ["test_quick.py"]
