"""What every form with free text shares: no card number gets in (W1)."""

from copy import copy
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.card_numbers import contains_card_number

CARD_NUMBER_REFUSED = _("This looks like a card number. Please never type one here; we have not kept it.")


class WithoutCardNumbers(forms.BaseForm):
    """Form mixin: a text that holds a card number is refused, and neither kept nor shown again; the rest is kept."""

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data=data, **kwargs)
        self._refused = [name for name in self._readable() if contains_card_number(self._typed(name))] if data else []
        emptied: Any = copy(self.data)
        for name in self._refused:
            emptied[self.add_prefix(name)] = ""
        self.data = emptied

    def full_clean(self) -> None:
        super().full_clean()
        for name in self._refused:
            # In place of "required", which the emptied field would say.
            self.errors.pop(name, None)
            self.add_error(name, CARD_NUMBER_REFUSED)

    def _readable(self) -> list[str]:
        """All but passwords, which nobody can read again: they are hashed, and no page shows them."""
        return [name for name, field in self.fields.items() if not isinstance(field.widget, forms.PasswordInput)]

    def _typed(self, name: str) -> str:
        return str(self.data.get(self.add_prefix(name)) or "")
