"""The tokens, read from their sheet: what is added there stands on the page."""

import re
from functools import lru_cache

from django.conf import settings

SHEET = settings.BASE_DIR / "static" / "css" / "tokens.css"
COLOUR = re.compile(r"--([a-z-]+): light-dark\(")
SPACE = re.compile(r"--(space-\d):")
TYPE = re.compile(r"--(text-[a-z0-9]+):")


@lru_cache
def tokens() -> dict[str, list[str]]:
    """Names by kind, in the order of the sheet."""
    sheet = SHEET.read_text()
    kinds = {"colours": COLOUR, "spaces": SPACE, "sizes": TYPE}
    return {kind: list(dict.fromkeys(pattern.findall(sheet))) for kind, pattern in kinds.items()}


def tokens_css() -> str:
    """A class for each token, as inline styles are forbidden."""
    found = tokens()
    rules = [f".swatch--{name}{{background:var(--{name})}}" for name in found["colours"]]
    rules += [f".space--{name}{{inline-size:var(--{name})}}" for name in found["spaces"]]
    rules += [f".size--{name}{{font-size:var(--{name})}}" for name in found["sizes"]]
    return "\n".join(rules)
