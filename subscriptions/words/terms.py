"""The names of the terms, in the reader's language."""

from django.utils.translation import gettext_lazy as _

NAMES = {"monthly": _("monthly"), "yearly": _("yearly"), "four-yearly": _("four-yearly")}


def term_name(term: str) -> str:
    return str(NAMES.get(term, term))
