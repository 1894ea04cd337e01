"""Payments with their reasons, refunds with their states, invoices and credit notes with their files (P6, X6, I1)."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Account
from portal.api.files import PDF, FileRenderer
from portal.api.pagination import newest_by
from portal.api.views import ApiView
from subscriptions.access import document_or_404, documents_of, payments_of, refunds_to
from subscriptions.api import payment_examples as examples
from subscriptions.api.payment_serializers import (
    DocumentDetailSerializer,
    DocumentSerializer,
    PaymentSerializer,
    WantedSerializer,
)
from subscriptions.api.refund_serializers import RefundSerializer
from subscriptions.invoicing.files import pdf_of
from subscriptions.models import Document, Payment, Refund
from subscriptions.papers.downloads import pdf_file
from subscriptions.papers.shown_document import shown_document
from subscriptions.words.refund_states import shown_refund


class OwnList(ApiView, ListAPIView):
    """Of this account, by the page; the description needs no account."""

    # The rows of the account, as each list has them: a method of the view.
    own: Any

    def get_queryset(self):  # type: ignore[no-untyped-def]
        return self.queryset if getattr(self, "swagger_fake_view", False) else self.own()

    def paginate_queryset(self, queryset):  # type: ignore[no-untyped-def]
        """The page as it is shown."""
        page = super().paginate_queryset(queryset)
        today = self.request.user.market.local_date(self.now)
        return [self.as_shown(row, today=today) for row in page or ()]

    def as_shown(self, row: Any, *, today: Any) -> Any:
        return row


class PaymentsView(OwnList):
    """Each try at a charge, newest first."""

    scopes = {"GET": "payments.read"}
    serializer_class = PaymentSerializer
    pagination_class = newest_by("started_at")
    queryset = Payment.objects.none()

    @extend_schema(operation_id="payments_list", examples=examples.PAYMENTS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def own(self):  # type: ignore[no-untyped-def]
        return payments_of(self.request.user)


class RefundsView(OwnList):
    """Everything that was promised back, newest first."""

    scopes = {"GET": "payments.read"}
    serializer_class = RefundSerializer
    pagination_class = newest_by("promised_at")
    queryset = Refund.objects.none()

    @extend_schema(operation_id="refunds_list", examples=examples.REFUNDS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def own(self):  # type: ignore[no-untyped-def]
        return refunds_to(self.request.user)

    def as_shown(self, row: Refund, *, today: Any) -> Any:
        return shown_refund(row, today=today)


class DocumentsView(OwnList):
    """Invoices and credit notes, newest first; of cars that have left the garage, too."""

    scopes = {"GET": "payments.read"}
    serializer_class = DocumentSerializer
    pagination_class = newest_by("issued_at")
    queryset = Document.objects.none()

    @extend_schema(operation_id="documents_list", parameters=[WantedSerializer], examples=examples.DOCUMENTS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def own(self):  # type: ignore[no-untyped-def]
        asked = WantedSerializer(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        return asked.narrowed(_documents(self.request.user))

    def as_shown(self, row: Document, *, today: Any) -> Any:
        return shown_document(row, today=today)


class DocumentView(ApiView):
    """One, with how it was reckoned and where its money is."""

    scopes = {"GET": "payments.read"}

    @extend_schema(responses=DocumentDetailSerializer, examples=examples.DOCUMENT)
    def get(self, request: Request, public_id: UUID) -> Response:
        row = get_object_or_404(_documents(request.user), public_id=public_id)
        today = request.user.market.local_date(self.now)
        return Response(DocumentDetailSerializer(shown_document(row, today=today)).data)


class DocumentFileView(ApiView):
    """The PDF, for its owner alone; the same bytes for ever."""

    scopes = {"GET": "payments.read"}
    renderer_classes = (FileRenderer, *ApiView.renderer_classes)

    @extend_schema(responses={(200, PDF): OpenApiTypes.BINARY})
    def get(self, request: Request, public_id: UUID) -> HttpResponse:
        document = document_or_404(request.user, public_id)
        return pdf_file(pdf_of(document), name=f"{document.number}.pdf")


def _documents(account: Account) -> QuerySet[Document]:
    return documents_of(account).select_related(
        "corrects", "replaces", "subscription", "refund__payment__card", "refund__payment__subscription__package"
    )
