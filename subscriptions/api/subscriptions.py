"""The account's subscriptions: the list, one whole, what a day would bring, the contract as paper (C1, S10, S13)."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.pausing import is_paused
from garage.naming import with_known_plate
from portal.api.files import PDF, FileRenderer
from portal.api.pagination import newest_by
from portal.api.views import ApiView
from portal.refusals import Refusal
from subscriptions.access import contract_or_404, subscription_or_404, subscriptions_of
from subscriptions.api import subscription_examples as examples
from subscriptions.api.outcome_serializers import DayOutcomeSerializer
from subscriptions.api.subscription_serializers import SubscriptionDetailSerializer, SubscriptionSerializer
from subscriptions.forms.customers import OUT_OF_SIGHT
from subscriptions.models import Subscription
from subscriptions.papers.contract import contract_pdf
from subscriptions.papers.downloads import pdf_file
from subscriptions.rules.projection import out_of_sight
from subscriptions.what_if import may_ask, what_if
from subscriptions.words.shown_subscription import MOST_DAYS_AWAY, detail_of

ABOUT = OpenApiParameter("about", date, description="Why was I (not) charged on this day; today without it.")


class SubscriptionsView(ApiView, ListAPIView):
    """What came of my orders, newest first."""

    scopes = {"GET": "services.read"}
    serializer_class = SubscriptionSerializer
    pagination_class = newest_by("ordered_at")
    queryset = Subscription.objects.none()

    @extend_schema(operation_id="subscriptions_list", examples=examples.SUBSCRIPTIONS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def get_queryset(self):  # type: ignore[no-untyped-def]
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return with_known_plate(subscriptions_of(self.request.user))

    def get_serializer_context(self) -> dict[str, Any]:
        account = self.request.user
        paused = bool(account) and is_paused(account, today=account.market.local_date(self.now))
        return super().get_serializer_context() | {"is_paused": paused}


class SubscriptionView(ApiView):
    """One, with all that its page says."""

    scopes = {"GET": "services.read"}

    @extend_schema(parameters=[ABOUT], responses=SubscriptionDetailSerializer, examples=examples.SUBSCRIPTION)
    def get(self, request: Request, public_id: UUID) -> Response:
        subscription_or_404(request.user, public_id)
        return Response(shown(request, public_id, now=self.now))


class DaySerializer(serializers.Serializer):
    day = serializers.DateField()


class WhatIfView(ApiView):
    """What cancelling, withdrawing, removing the car or another term would bring on a day to come."""

    scopes = {"GET": "services.read"}

    @extend_schema(parameters=[DaySerializer], responses=DayOutcomeSerializer, examples=examples.OUTCOME)
    def get(self, request: Request, public_id: UUID) -> Response:
        row = subscription_or_404(request.user, public_id)
        asked = DaySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        day = asked.validated_data["day"]
        unseen = out_of_sight(day, today=row.market.local_date(self.now))
        if unseen:
            raise ValidationError({"day": OUT_OF_SIGHT[unseen]}, code=unseen)
        if not may_ask(row):
            raise Refusal("nothing_to_ask", _("This subscription has no day to come."))
        return Response(DayOutcomeSerializer(what_if(row, on=day, now=self.now)).data)


class ContractFileView(ApiView):
    """The confirmation of the order, as it was mailed: the same for ever."""

    scopes = {"GET": "services.read"}
    renderer_classes = (FileRenderer, *ApiView.renderer_classes)

    @extend_schema(responses={(200, PDF): OpenApiTypes.BINARY})
    def get(self, request: Request, public_id: UUID) -> HttpResponse:
        agreed = contract_or_404(request.user, public_id)
        return pdf_file(contract_pdf(agreed), name=f"{agreed.number}.pdf")


def shown(request: Request, public_id: UUID, *, now: Any) -> Any:
    """As it is now: the call may have changed it."""
    row = with_known_plate(subscriptions_of(request.user)).get(public_id=public_id)
    detail = detail_of(row, about=_about(request, today=row.market.local_date(now)), now=now)
    return SubscriptionDetailSerializer(row, context={"detail": detail}).data


def _about(request: Request, *, today: date) -> date:
    """P9: one that is too far away to matter is today."""
    asked = request.query_params.get("about")
    if not asked:
        return today
    day = serializers.DateField().run_validation(asked)
    return today if abs((day - today).days) > MOST_DAYS_AWAY else day
