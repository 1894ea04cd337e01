"""Cases at the customer centre: opened, read and replied to in the app (H5).

Open to those who have not accepted new Terms: whoever is stuck has to be able to ask.
"""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, status
from rest_framework.generics import ListAPIView
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from garage.access import membership_or_404
from portal.api.files import renderers_of
from portal.api.pagination import newest_by
from portal.api.views import ApiView
from portal.hourly_limit import seconds_left
from portal.links import absolute
from subscriptions.access import document_or_404
from support.actions.cases import open_case, reply
from support.api import support_examples as examples
from support.api.case_serializers import (
    MOST_SENT,
    CaseCategoriesSerializer,
    CaseDetailSerializer,
    CaseSerializer,
    NewCaseSerializer,
    NewMessageSerializer,
)
from support.cases.attachments import download, read_uploads
from support.cases.limits import may_open, may_reply
from support.cases.pages import case_or_404, cases_of, file_or_404, files_of, show, thread_of
from support.cases.prefilled import Context
from support.models import Attachment, Case, CaseCategory
from support.rules.attachments import ENDINGS

EVERY = frozenset({"GET", "HEAD", "POST"})


class CaseCategoriesView(ApiView):
    """What a message can be about, in the account's country."""

    scopes = {"GET": "support"}
    before_terms = EVERY

    @extend_schema(
        operation_id="case_categories", responses=CaseCategoriesSerializer, examples=examples.CASE_CATEGORIES
    )
    def get(self, request: Request) -> Response:
        offered = CaseCategory.objects.filter(market=request.user.market_id, is_offered=True).order_by("position", "pk")
        return Response(CaseCategoriesSerializer({"results": offered}).data)


class CasesView(ApiView, ListAPIView):
    """My cases, the latest written first."""

    scopes = {"GET": "support", "POST": "support"}
    before_terms = EVERY
    keyed = frozenset({"POST"})
    largest_body = MOST_SENT
    serializer_class = CaseSerializer
    pagination_class = newest_by("last_at")
    queryset = Case.objects.none()

    @extend_schema(operation_id="cases_list", examples=examples.CASES)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(request=NewCaseSerializer, responses={201: CaseDetailSerializer}, examples=examples.NEW_CASE)
    def post(self, request: Request) -> Response:
        """Opens one: it has a number, and its answer comes by notice and e-mail."""
        given = NewCaseSerializer(data=request.data, market=request.user.market)
        given.is_valid(raise_exception=True)
        written = given.validated_data
        context, uploads = self._context(request, written), read_uploads(written["files"])
        if not may_open(request.user, now=self.now):
            raise exceptions.Throttled(wait=seconds_left(self.now))
        row = open_case(
            account=request.user,
            category=written["category"],
            text=written["message"],
            context=context,
            uploads=uploads,
            now=self.now,
            by=request.user,
        )
        return Response(shown(request, row.public_id), status=status.HTTP_201_CREATED)

    def get_queryset(self):  # type: ignore[no-untyped-def]
        return self.queryset if getattr(self, "swagger_fake_view", False) else cases_of(self.request.user)

    def _context(self, request: Request, written: dict[str, Any]) -> Context:
        car, document = written.get("vehicle"), written.get("document")
        return Context(
            membership=membership_or_404(request.user, car) if car else None,
            document=document_or_404(request.user, document) if document else None,
        )


class CaseView(ApiView):
    """One case with its thread."""

    scopes = {"GET": "support"}
    before_terms = EVERY

    @extend_schema(responses=CaseDetailSerializer, examples=examples.CASE)
    def get(self, request: Request, public_id: UUID) -> Response:
        return Response(shown(request, public_id))


class CaseMessagesView(ApiView):
    """Replies; a case that was closed is open again."""

    scopes = {"POST": "support"}
    before_terms = EVERY
    keyed = frozenset({"POST"})
    largest_body = MOST_SENT

    @extend_schema(request=NewMessageSerializer, responses={201: CaseDetailSerializer}, examples=examples.REPLY)
    def post(self, request: Request, public_id: UUID) -> Response:
        row = case_or_404(request.user, public_id)
        given = NewMessageSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        written = given.validated_data
        uploads = read_uploads(written["files"], kept_already=files_of(row).count())
        if not may_reply(row, now=self.now):
            raise exceptions.Throttled(wait=seconds_left(self.now))
        reply(case=row, text=written["message"], uploads=uploads, now=self.now, by=request.user)
        return Response(shown(request, public_id), status=status.HTTP_201_CREATED)


class CaseFileView(ApiView):
    """A file of a message."""

    scopes = {"GET": "support"}
    before_terms = EVERY
    renderer_classes = (*renderers_of(ENDINGS), JSONRenderer)

    @extend_schema(responses={(200, kind): OpenApiTypes.BINARY for kind in ENDINGS})
    def get(self, request: Request, public_id: UUID, file: UUID) -> HttpResponse:
        return download(file_or_404(case_or_404(request.user, public_id), file))


def shown(request: Request, public_id: UUID) -> Any:
    """Read anew: what was called may have moved it."""
    row = case_or_404(request.user, public_id)

    def url_of(file: Attachment) -> str:
        return absolute(reverse("api_case_file", args=[row.public_id, file.public_id]))

    context = {"thread": thread_of(row, url_of), "shown": show(row)}
    return CaseDetailSerializer(row, context=context).data
