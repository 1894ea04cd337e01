"""What a password must not be made of (ASVS 6.2). Length and the list of common ones are Django's; which kinds of
characters it has is nobody's business."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

from portal.models import Brand

# Shorter ones stand in every other word.
SHORTEST_WORD = 4
LONGEST_JUDGED = 40
GUESSED_SOON = 1_000_000


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


class NotKnownToThieves:
    """Refuses what is among the first million guesses of whoever has the lists of passwords that were lost elsewhere
    (ASVS 6.2.4, 6.2.12): such a password, and what digits, capitals and signs make of it. Nobody is asked."""

    def validate(self, password: str, user: Any = None) -> None:
        # A longer one is on no list, and takes longer to judge the longer it is.
        if len(password) <= LONGEST_JUDGED and zxcvbn(password)["guesses"] < GUESSED_SOON:
            raise ValidationError(_("This password is among those that others try first."), "known_password")

    def get_help_text(self) -> str:
        return _("Not one that is on the lists of lost passwords.")
