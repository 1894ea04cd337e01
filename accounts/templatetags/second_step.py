"""What the pages of the second step need: what `static/js/passkeys.js` asks the browser, and codes as a file."""

import json
from typing import Any
from urllib.parse import quote

from django import template
from django.core.serializers.json import DjangoJSONEncoder

register = template.Library()


@register.filter
def as_json(value: Any) -> str:
    """For a data attribute; the template escapes it."""
    return json.dumps(value, cls=DjangoJSONEncoder)


@register.filter
def as_file(codes: list[str]) -> str:
    """A text file as an address, so that it can be saved where no second asking is possible."""
    return "data:text/plain;charset=utf-8," + quote("\n".join(codes) + "\n")
