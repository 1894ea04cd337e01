"""The support hub for everybody: categories, articles and search, and whether the services work (H1 to H4, C1)."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.public import MARKET, PublicView, market_of
from portal.api.serializers import WithoutCardNumbers
from portal.models import Market
from support.actions.counting import count_failed_search
from support.api import support_examples as examples
from support.api.hub_serializers import (
    ArticleSerializer,
    CategoriesSerializer,
    FoundArticlesSerializer,
    StatusSerializer,
)
from support.api.reading import article_of, found, listed
from support.articles.hub import shelves
from support.categories import CATEGORIES
from support.finding.search import LONGEST_QUERY
from support.language import reader_language
from support.status import status_of

LANGUAGE = OpenApiParameter(
    "Accept-Language", str, OpenApiParameter.HEADER, description="The reader's language: en or el."
)


class AskedSerializer(WithoutCardNumbers):
    q = serializers.CharField(required=False, max_length=LONGEST_QUERY, help_text="A question, in any words.")
    category = serializers.CharField(required=False, max_length=60, help_text="Instead: all of one category.")
    settled = serializers.BooleanField(
        required=False, default=False, help_text="The question is complete: if nothing is found, the editors see it."
    )


class CategoriesView(PublicView):
    """The shelves of the hub."""

    @extend_schema(
        auth=[], operation_id="support_categories", responses=CategoriesSerializer, examples=examples.SHELVES
    )
    def get(self, request: Request) -> Response:
        return Response(CategoriesSerializer({"results": shelves()}).data)


class ArticlesView(PublicView):
    """Answers to a question; without one, those of a category or all of them."""

    @extend_schema(
        auth=[],
        operation_id="support_articles_list",
        parameters=[AskedSerializer, MARKET, LANGUAGE],
        responses=FoundArticlesSerializer,
        examples=examples.FOUND,
    )
    def get(self, request: Request) -> Response:
        asked = AskedSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        market, language = market_of(request.query_params.get("market", "")), reader_language()
        return Response(
            FoundArticlesSerializer({"results": self._results(asked.validated_data, market, language)}).data
        )

    def _results(self, asked: dict[str, Any], market: Market, language: str) -> list[Any]:
        query = asked.get("q", "").strip()
        if not query:
            return listed(self._category(asked), language=language, market=market)
        results = found(query, language=language, market=market)
        if asked["settled"] and not any(result.language == language for result in results):
            address = str(get_adapter().get_client_ip(self.request._request))
            count_failed_search(typed=query, language=language, address=address, market=market, now=self.now)
        return results

    def _category(self, asked: dict[str, Any]) -> str:
        category: str = asked.get("category", "")
        if category and category not in CATEGORIES:
            raise Http404
        return category


class ArticleView(PublicView):
    """One answer, in the reader's language where it is there."""

    @extend_schema(auth=[], parameters=[MARKET, LANGUAGE], responses=ArticleSerializer, examples=examples.ARTICLE)
    def get(self, request: Request, slug: str) -> Response:
        market = market_of(request.query_params.get("market", ""))
        shown = article_of(slug, language=reader_language(), market=market)
        if shown is None:
            raise Http404
        return Response(ArticleSerializer(shown).data)


class StatusView(PublicView):
    """Incidents and maintenance: going on, announced, and just over."""

    @extend_schema(
        auth=[],
        operation_id="support_status",
        parameters=[MARKET, LANGUAGE],
        responses=StatusSerializer,
        examples=examples.STATUS,
    )
    def get(self, request: Request) -> Response:
        market = market_of(request.query_params.get("market", ""))
        return Response(StatusSerializer(status_of(market, now=self.now)).data)
