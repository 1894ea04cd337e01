"""Ending a subscription in the app: shown with its figures, then just that (X1, X5, X8, X9, X10)."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Account
from portal.api.views import ApiView
from subscriptions.access import subscription_or_404
from subscriptions.actions import cancel as cancelling
from subscriptions.actions.withdraw import withdraw, withdrawal_quote
from subscriptions.api import subscription_examples as examples
from subscriptions.api.outcome_serializers import CancellationSerializer, WithdrawalSerializer
from subscriptions.api.serializers import ConfirmationSerializer
from subscriptions.api.subscription_serializers import SubscriptionDetailSerializer
from subscriptions.api.subscriptions import shown
from subscriptions.confirming import check_shown, seal
from subscriptions.rules.cancellation import Quote
from subscriptions.rules.withdrawal import WithdrawalQuote
from subscriptions.words.presenting import present_consequences


class CancellationView(ApiView):
    """Cancels: at once, or at the end of what is paid, by the rule of its term."""

    scopes = {"GET": "services.read", "POST": "services.write", "DELETE": "services.write"}
    keyed = frozenset({"POST", "DELETE"})

    @extend_schema(responses=CancellationSerializer, examples=examples.CANCELLATION)
    def get(self, request: Request, public_id: UUID) -> Response:
        row = subscription_or_404(request.user, public_id)
        quote = cancelling.cancellation_quote(row, now=self.now)
        figures = {name: getattr(quote, name) for name in ("ends_on", "refund", "basis", "months_used", "months_left")}
        return Response(CancellationSerializer(figures | {"quote": quote} | _ends(request.user, quote)).data)

    @extend_schema(request=ConfirmationSerializer, responses=SubscriptionDetailSerializer, examples=examples.CANCEL)
    def post(self, request: Request, public_id: UUID) -> Response:
        row = subscription_or_404(request.user, public_id)
        quote = cancelling.cancellation_quote(row, now=self.now)
        _check_confirmed(request, quote)
        cancelling.cancel(subscription=row, confirmed=quote, now=self.now, by=request.user)
        return Response(shown(request, public_id, now=self.now))

    @extend_schema(responses={200: SubscriptionDetailSerializer}, examples=examples.SUBSCRIPTION)
    def delete(self, request: Request, public_id: UUID) -> Response:
        """Takes a cancellation back that brought no refund, as long as its end has not come (X8)."""
        row = subscription_or_404(request.user, public_id)
        cancelling.undo_cancellation(subscription=row, now=self.now, by=request.user)
        return Response(shown(request, public_id, now=self.now))


class WithdrawalView(ApiView):
    """Withdraws from the contract within its fourteen days, in two steps; no reason is asked (X9)."""

    scopes = {"GET": "services.read", "POST": "services.write"}
    keyed = frozenset({"POST"})
    # As the page, open to those who have not accepted new Terms (A2).
    before_terms = frozenset({"GET", "HEAD", "POST"})

    @extend_schema(responses=WithdrawalSerializer, examples=examples.WITHDRAWAL)
    def get(self, request: Request, public_id: UUID) -> Response:
        quote = withdrawal_quote(subscription_or_404(request.user, public_id), now=self.now)
        figures = {"ends_on": quote.ends_on, "refund": quote.refund, "label": _("Confirm withdrawal")}
        return Response(WithdrawalSerializer(figures | _ends(request.user, quote)).data)

    @extend_schema(request=ConfirmationSerializer, responses=SubscriptionDetailSerializer, examples=examples.CANCEL)
    def post(self, request: Request, public_id: UUID) -> Response:
        """Services end at once; the receipt with date and time goes out by e-mail."""
        row = subscription_or_404(request.user, public_id)
        quote = withdrawal_quote(row, now=self.now)
        _check_confirmed(request, quote)
        withdraw(subscription=row, confirmed=quote, now=self.now, by=request.user)
        return Response(shown(request, public_id, now=self.now))


def _ends(account: Account, quote: Quote | WithdrawalQuote) -> dict[str, Any]:
    return {
        "consequences": present_consequences(account, quote.add_ons),
        "refund_in_all": quote.refund + quote.refund_of_add_ons,
        "currency": account.market.currency,
        "confirmation": seal(quote),
    }


def _check_confirmed(request: Request, quote: Quote | WithdrawalQuote) -> None:
    given = ConfirmationSerializer(data=request.data)
    given.is_valid(raise_exception=True)
    check_shown(given.validated_data["confirmation"], quote)
