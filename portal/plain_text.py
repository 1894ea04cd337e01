"""Plain text from templates, for mails and for everything else that is not HTML."""

import re
from collections.abc import Mapping
from typing import Any

from django.template import Context
from django.template.loader import get_template


def render_text(template: str, context: Mapping[str, Any]) -> str:
    """Nothing is escaped, no line begins or ends in spaces, paragraphs are separated by one empty line."""
    given = Context(context, autoescape=False)
    # What the template itself names is laid beside what it was given.
    with given.push():
        text = get_template(template).template.render(given)  # type: ignore[attr-defined]
    lines = "\n".join(line.strip() for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines)
