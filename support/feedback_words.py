"""Sentences of "Was this helpful?" (H4)."""

from django.utils.translation import gettext_lazy as _

TOO_MANY_VOTES = _("Thank you. That is enough from here for now; please come back in an hour.")
NO_NAMES = _(
    "Please leave out e-mail addresses, telephone numbers and VINs: what you write here is kept without a name."
)
