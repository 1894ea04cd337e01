"""Looking at every page takes minutes: only where LOOKS says so (`make contact-sheet`, `make proof`)."""

import os

from tests.browser.conftest import pages_of  # noqa: F401
from tests.meta.estate import estate  # noqa: F401

WANTED = {"judge": "test_every_page.py", "pictures": "test_every_page.py", "lighthouse": "test_lighthouse.py"}
collect_ignore = [name for name in sorted({*WANTED.values()}) if name != WANTED.get(os.environ.get("LOOKS", ""))]
