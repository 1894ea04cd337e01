"""What every serializer that takes free text shares: no card number gets in (W1)."""

from typing import Any

from rest_framework import serializers

from portal.card_numbers import contains_card_number
from portal.free_text import CARD_NUMBER_REFUSED


class WithoutCardNumbers(serializers.Serializer):
    """Serializer mixin: a text that holds a card number is refused."""

    def to_internal_value(self, data: Any) -> Any:
        values = super().to_internal_value(data)
        refused = [name for name, value in values.items() if isinstance(value, str) and contains_card_number(value)]
        if refused:
            raise serializers.ValidationError({name: [CARD_NUMBER_REFUSED] for name in refused}, code="card_number")
        return values
