"""What a campaign counted, handed to `make proof`; in the ordinary tests nobody listens."""

import json
import os
from pathlib import Path


def note(campaign: str, **counts: int) -> None:
    """Appends a line to the file that PROOF_RESULTS names."""
    if path := os.environ.get("PROOF_RESULTS"):
        with Path(path).open("a") as results:
            print(json.dumps({"campaign": campaign, "counts": counts}), file=results)
