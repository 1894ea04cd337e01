"""What was charged, with the reason in words, and the documents of it (P6, I1)."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from garage.models import Membership
from portal.api.serializers import WithoutCardNumbers
from subscriptions.api.refund_serializers import RefundSerializer
from subscriptions.api.serializers import Money
from subscriptions.models import Document, Payment
from subscriptions.models.document import DocumentKind
from subscriptions.papers.history import Wanted, wanted_documents
from subscriptions.papers.shown_document import ShownDocument
from subscriptions.rules.lifecycle import PaymentStatus
from subscriptions.words.reasons import decline_sentence

DOCUMENT_KINDS = [str(kind) for kind in DocumentKind]
PAYMENT_STATUSES = [str(status) for status in PaymentStatus]


class WantedSerializer(WithoutCardNumbers):
    """Which documents; all of it may be left out."""

    vehicle = serializers.UUIDField(required=False, help_text="Of this car of mine, which may have left the garage.")
    subscription = serializers.UUIDField(required=False)
    year = serializers.IntegerField(required=False, min_value=2000, max_value=2200)
    kind = serializers.ChoiceField(required=False, choices=DOCUMENT_KINDS)
    number = serializers.CharField(required=False, max_length=40, help_text="Or a part of it.")

    def narrowed(self, documents: QuerySet[Document]) -> QuerySet[Document]:
        """`documents` are one account's; whatever is not its own finds nothing."""
        given = dict(self.validated_data)
        link, subscription = given.pop("vehicle", None), given.pop("subscription", None)
        if link:
            own = Membership.objects.filter(public_id=link, account=OuterRef("account"))
            documents = documents.filter(Exists(own.filter(vehicle=OuterRef("subscription__vehicle"))))
        if subscription:
            documents = documents.filter(subscription__public_id=subscription)
        return wanted_documents(documents, Wanted(**given))


class PaidWithSerializer(serializers.Serializer):
    """Of a card no more than this (W1)."""

    brand = serializers.CharField()
    last4 = serializers.CharField()


class PaymentSerializer(serializers.Serializer):
    """One try at one period."""

    id = serializers.UUIDField(source="public_id")
    subscription = serializers.UUIDField(source="subscription.public_id")
    package_name = serializers.CharField(source="subscription.package.name")
    amount = Money()
    currency = serializers.CharField()
    status = serializers.ChoiceField(choices=PAYMENT_STATUSES)
    reason = serializers.CharField(help_text="Why not, as a code; empty where it succeeded.")
    reason_words = serializers.SerializerMethodField(help_text="The same for the person, who can act on it.")
    attempt = serializers.IntegerField(help_text="Which of three tries.")
    card = PaidWithSerializer()
    period_from = serializers.DateField()
    period_to = serializers.DateField(help_text="The first day that it does not pay for.")
    refunded = Money(help_text="Promised refunds count as gone.")
    started_at = serializers.DateTimeField()

    def get_reason_words(self, payment: Payment) -> str:
        return str(decline_sentence(payment.reason)) if payment.reason else ""


class DocumentSerializer(serializers.Serializer):
    """An invoice or a credit note (I1)."""

    id = serializers.UUIDField(source="row.public_id")
    kind = serializers.ChoiceField(source="row.kind", choices=DOCUMENT_KINDS)
    kind_words = serializers.CharField(source="kind")
    number = serializers.CharField(source="row.number")
    issued_on = serializers.DateField(source="row.issued_on")
    subscription = serializers.UUIDField(source="row.subscription.public_id")
    package = serializers.CharField(help_text="In the document's own words.")
    term = serializers.CharField()
    period_from = serializers.DateField()
    period_to = serializers.DateField(help_text="The last day with service.")
    car = serializers.CharField(help_text="As it was then; empty once the law lets it go.")
    currency = serializers.CharField(source="row.currency")
    net = Money(source="row.net")
    vat = Money(source="row.vat")
    gross = Money(source="row.gross", help_text="Never below nothing: the kind says which way it went.")
    vat_rate = serializers.DecimalField(source="row.vat_rate", max_digits=5, decimal_places=2)
    card_brand = serializers.CharField()
    card_last4 = serializers.CharField()
    paid_on = serializers.DateField()
    corrects = serializers.SerializerMethodField(help_text="The invoice of a credit note.")
    replaces = serializers.CharField(
        source="row.replaces.number", default=None, allow_null=True, help_text="The invoice whose place it takes."
    )

    def get_corrects(self, shown: Any) -> str | None:
        return shown.row.credited_number or None


class DocumentDetailSerializer(DocumentSerializer):
    calculation = serializers.ListField(child=serializers.CharField(), help_text="How it was reckoned.")
    refund = serializers.SerializerMethodField(help_text="Where the money of a credit note is.")

    @extend_schema_field(RefundSerializer(allow_null=True))
    def get_refund(self, shown: ShownDocument) -> Any:
        return RefundSerializer(shown.refund).data if shown.refund else None
