"""Documents of the system before this one, under their own numbers, for their owner (I1, docs/moving-in.md)."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.examples import answers
from portal.api.files import PDF, FileRenderer
from portal.api.pagination import newest_by
from portal.api.views import ApiView
from subscriptions.access import old_document_or_404, old_documents_of
from subscriptions.api.payment_serializers import DOCUMENT_KINDS
from subscriptions.api.payments import OwnList
from subscriptions.api.serializers import Money
from subscriptions.models import OldDocument
from subscriptions.papers.downloads import pdf_file
from subscriptions.papers.old_documents import pdf_for_reading

_EXAMPLE: Any = {
    "id": "5b1d8e7f-0c2a-4f6b-9e3d-7a8b9c0d1e2f",
    "kind": "invoice",
    "number": "2024-000123",
    "issued_on": "2024-02-10",
    "currency": "EUR",
    "gross": "99.00",
    "is_kept": True,
}


class OldDocumentSerializer(serializers.Serializer):
    """An invoice or a credit note that another system issued: its PDF is all that is known besides."""

    id = serializers.UUIDField(source="public_id")
    kind = serializers.ChoiceField(choices=DOCUMENT_KINDS)
    number = serializers.CharField(help_text="Its own, outside the series of this site.")
    issued_on = serializers.DateField()
    currency = serializers.CharField()
    gross = Money(help_text="Never below nothing: the kind says which way it went.")
    is_kept = serializers.BooleanField(help_text="Whether there is a file: false once the law lets it go.")


class OldDocumentsView(OwnList):
    """Of an account that was taken over from another system, newest first; of others none."""

    scopes = {"GET": "payments.read"}
    serializer_class = OldDocumentSerializer
    pagination_class = newest_by("issued_on")
    queryset = OldDocument.objects.none()

    @extend_schema(operation_id="old_documents_list", examples=[answers("An invoice of 2024", _EXAMPLE)])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def own(self):  # type: ignore[no-untyped-def]
        return old_documents_of(self.request.user)


class OldDocumentFileView(ApiView):
    """The PDF as it came, for its owner alone."""

    scopes = {"GET": "payments.read"}
    renderer_classes = (FileRenderer, *ApiView.renderer_classes)

    @extend_schema(responses={(200, PDF): OpenApiTypes.BINARY})
    def get(self, request: Request, public_id: UUID) -> HttpResponse:
        document = old_document_or_404(request.user, public_id)
        return pdf_file(pdf_for_reading(document), name=document.file_name)
