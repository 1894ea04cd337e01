"""The browser of the browser tests: Debian's Chromium, without which they are skipped, or fail where it is required."""

import os
import shutil
from typing import Literal

import pytest

# Colours that are still on their way to what they become would be judged as if they stayed.
STILL: Literal["reduce"] = "reduce"


def chromium() -> str:
    """Its path. The check run in CI sets REQUIRE_BROWSER=1, so that a browser that is gone is seen there."""
    found = shutil.which("chromium")
    if found:
        return found
    if os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail("REQUIRE_BROWSER is set, and there is no chromium here.")
    pytest.skip("There is no chromium here.")
