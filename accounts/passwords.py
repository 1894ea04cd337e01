"""What a password must not be made of (ASVS 6.2). Length and the list of common ones are Django's; which kinds of
characters it has is nobody's business."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.models import Brand

# Shorter ones stand in every other word.
SHORTEST_WORD = 4


class NoContextWords:
    """Refuses a password that is nothing but names of ours (brand, portal, app) and digits or signs around them."""

    def validate(self, password: str, user: Any = None) -> None:
        rest = password.casefold()
        for word in sorted(words_of_the_site(), key=len, reverse=True):
            rest = rest.replace(word, "")
        if rest != password.casefold() and not re.search(r"[^\W\d_]{3}", rest):
            raise ValidationError(_("A password made of our own name is the first that others try."), "context_word")

    def get_help_text(self) -> str:
        return _("Not made of the name of the brand, the portal or the app.")


def words_of_the_site() -> set[str]:
    names = " ".join(" ".join(each) for each in Brand.objects.values_list("name", "portal_name", "app_name"))
    return {word for word in re.findall(r"\w+", names.casefold()) if len(word) >= SHORTEST_WORD}
