"""Plain text from templates, for mails and for everything else that is not HTML."""

import re
from collections.abc import Mapping
from typing import Any

from django.template import Context
from django.template.loader import get_template


def render_line(template: str, context: Mapping[str, Any]) -> str:
    """All of it on one line. Nothing is escaped."""
    return " ".join(_rendered(template, context).split())


def render_text(template: str, context: Mapping[str, Any]) -> str:
    """Nothing is escaped, no line begins or ends in spaces, paragraphs are separated by one empty line."""
    lines = "\n".join(line.strip() for line in _rendered(template, context).strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines)


def _rendered(template: str, context: Mapping[str, Any]) -> str:
    given = Context(context, autoescape=False)
    # What the template itself names is laid beside what it was given.
    with given.push():
        return str(get_template(template).template.render(given))  # type: ignore[attr-defined]
