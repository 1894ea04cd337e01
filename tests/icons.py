"""`python -m tests.icons`: the icons that launchers want as pixels, rendered anew from static/img/icon.svg by Chromium.

Maskable ones and Apple's are cut by the launcher itself, so their ground goes to the edge.
"""

import re
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.chromium import chromium

IMAGES = Path(__file__).parent.parent / "static" / "img"
# File: its side in pixels, and whether the ground keeps the drawing's round corners.
ICONS = {
    "icon-192.png": (192, True),
    "icon-512.png": (512, True),
    "icon-maskable-512.png": (512, False),
    "icon-apple-180.png": (180, False),
}


def main() -> None:
    drawing = (IMAGES / "icon.svg").read_text()
    with sync_playwright() as playwright, _started(playwright) as browser:
        for name, (side, is_round) in ICONS.items():
            svg = drawing if is_round else re.sub(r' rx="\d+"', "", drawing)
            page = browser.new_page(viewport={"width": side, "height": side})
            page.set_content(f'<body style="margin:0">{svg.replace("<svg", "<svg style=display:block", 1)}</body>')
            page.screenshot(path=IMAGES / name, omit_background=True)
            page.close()


def _started(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])


if __name__ == "__main__":
    main()
