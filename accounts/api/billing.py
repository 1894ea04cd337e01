"""Whom documents are made out to (A4, I5): a card can be added once it is known."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions.billing import save_billing_profile
from accounts.models import BillingProfile
from portal.api.examples import answers, asks
from portal.api.serializers import WithoutCardNumbers
from portal.api.views import ApiView
from portal.countries import country_choices

_KNOWN: dict[str, Any] = {
    "name": "Eleni Georgiou",
    "address_line_1": "Makariou III 12",
    "address_line_2": "",
    "postcode": "1065",
    "town": "Nicosia",
    "country": "CY",
    "is_company": False,
    "vat_number": "",
}
EXAMPLE = [answers("A private person", {"profile": _KNOWN})]
NONE_YET = [answers("None yet", {"profile": None})]


class BillingProfileSerializer(WithoutCardNumbers, serializers.ModelSerializer):
    country = serializers.CharField(max_length=2, help_text="Its ISO code.")
    vat_number = serializers.CharField(
        max_length=30, required=False, allow_blank=True, default="", help_text="Companies only: CY10123456A."
    )
    is_company = serializers.BooleanField(required=False, default=False)

    class Meta:
        model = BillingProfile
        fields = (
            "name",
            "address_line_1",
            "address_line_2",
            "postcode",
            "town",
            "country",
            "is_company",
            "vat_number",
        )

    def validate_country(self, code: str) -> str:
        if code not in dict(country_choices()):
            raise serializers.ValidationError(self.error_messages["invalid"], code="invalid_choice")
        return code


class KnownBillingSerializer(serializers.Serializer):
    profile = BillingProfileSerializer(allow_null=True, help_text="Null: none is known.")


class BillingProfileView(ApiView):
    """Name, address and VAT number on documents to come; those that were issued keep their own."""

    scopes = {"GET": "payments.read", "PUT": "payments.write"}

    @extend_schema(responses=KnownBillingSerializer, examples=EXAMPLE + NONE_YET)
    def get(self, request: Request) -> Response:
        known = BillingProfile.objects.filter(account=request.user).first()
        return Response(KnownBillingSerializer({"profile": known}).data)

    @extend_schema(
        request=BillingProfileSerializer,
        responses=KnownBillingSerializer,
        examples=[asks("A private person", _KNOWN), *EXAMPLE],
    )
    def put(self, request: Request) -> Response:
        given = BillingProfileSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        kept = save_billing_profile(account=request.user, now=self.now, by=request.user, **given.validated_data)
        return Response(KnownBillingSerializer({"profile": kept}).data)
