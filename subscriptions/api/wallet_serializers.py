"""The wallet as the app is told of it: never more of a card than this (W1)."""

from rest_framework import serializers

from portal.api.serializers import WithoutCardNumbers


class CardSerializer(serializers.Serializer):
    id = serializers.UUIDField(source="public_id")
    brand = serializers.CharField()
    last4 = serializers.CharField()
    exp_month = serializers.IntegerField()
    exp_year = serializers.IntegerField()
    expires_on = serializers.DateField(help_text="The last day on which it is good.")
    is_primary = serializers.BooleanField(help_text="Only this one is charged.")
    is_refused = serializers.BooleanField(help_text="Refused for good by its bank (P6).")
    added_at = serializers.DateTimeField()


class CardsSerializer(serializers.Serializer):
    results = CardSerializer(many=True)
    may_be_removed = serializers.BooleanField(
        help_text="False: it is the last card, and a subscription would still charge it (W5)."
    )
    accepted = serializers.CharField(help_text="Brands and funding that are taken, in words.")
    processor = serializers.CharField(help_text="Who keeps and who processes card data, in words.")


class CardPageSerializer(serializers.Serializer):
    """The provider's own page, for a browser: the card is entered there and nowhere else."""

    id = serializers.UUIDField(source="setup.public_id", help_text="Of this visit.")
    url = serializers.URLField()


class CardPromotedSerializer(serializers.Serializer):
    """After a card has left."""

    primary = CardSerializer(allow_null=True, help_text="The card that has become the primary one, if that changed.")


class PaymentAskedSerializer(WithoutCardNumbers):
    card = serializers.UUIDField(help_text="The one that was shown.")
