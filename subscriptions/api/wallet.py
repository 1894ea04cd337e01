"""The wallet in the app: cards are entered on the provider's own page, and nowhere else (W1 to W5)."""

from uuid import UUID

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Account
from portal.api.views import ApiView
from subscriptions.access import card_or_404, card_setup_or_404, cards_of
from subscriptions.actions import wallet as actions
from subscriptions.api import payment_examples as examples
from subscriptions.api.wallet_serializers import (
    CardPageSerializer,
    CardPromotedSerializer,
    CardSerializer,
    CardsSerializer,
)
from subscriptions.gateway import get_gateway
from subscriptions.ways_back import after_card
from subscriptions.words import presenting


class CardsView(ApiView):
    """My cards, the primary one first."""

    scopes = {"GET": "payments.read", "POST": "payments.write"}
    keyed = frozenset({"POST"})

    @extend_schema(operation_id="cards_list", responses=CardsSerializer, examples=examples.CARDS)
    def get(self, request: Request) -> Response:
        return Response(CardsSerializer(_wallet(request.user)).data)

    @extend_schema(request=None, responses={201: CardPageSerializer}, examples=examples.CARD_PAGE)
    def post(self, request: Request) -> Response:
        """Opens the provider's page for one card: the app leads the customer there in a browser."""
        setup, url = actions.begin_adding_card(
            account=request.user,
            next_path=reverse("wallet"),
            return_url=after_card,
            gateway=get_gateway(),
            now=self.now,
        )
        shown = {"setup": setup, "url": url}
        return Response(CardPageSerializer(shown).data, status=status.HTTP_201_CREATED)


class CardSetupView(ApiView):
    """After the provider's page: what became of the visit. Asked again it changes nothing."""

    scopes = {"POST": "payments.write"}

    @extend_schema(request=None, responses=CardSerializer, examples=examples.CARD)
    def post(self, request: Request, public_id: UUID) -> Response:
        setup = card_setup_or_404(request.user, public_id)
        card = actions.finish_adding_card(setup=setup, gateway=get_gateway(), now=self.now, by=request.user)
        card.refresh_from_db()
        return Response(CardSerializer(card).data)


class CardView(ApiView):
    """One card."""

    scopes = {"GET": "payments.read", "DELETE": "payments.write"}
    keyed = frozenset({"DELETE"})

    @extend_schema(responses=CardSerializer, examples=examples.CARD)
    def get(self, request: Request, public_id: UUID) -> Response:
        return Response(CardSerializer(card_or_404(request.user, public_id)).data)

    @extend_schema(responses={200: CardPromotedSerializer}, examples=examples.PROMOTED)
    def delete(self, request: Request, public_id: UUID) -> Response:
        """It leaves the wallet; the newest other one becomes the primary card where this one was it (W5)."""
        card = card_or_404(request.user, public_id)
        promoted = actions.remove_card(card=card, now=self.now, by=request.user)
        return Response(CardPromotedSerializer({"primary": promoted}).data)


class PrimaryCardView(ApiView):
    """Makes it the one that is charged from now on (W3)."""

    scopes = {"POST": "payments.write"}
    keyed = frozenset({"POST"})

    @extend_schema(request=None, responses=CardSerializer, examples=examples.CARD)
    def post(self, request: Request, public_id: UUID) -> Response:
        card = card_or_404(request.user, public_id)
        actions.make_primary(card=card, now=self.now, by=request.user)
        return Response(CardSerializer(card_or_404(request.user, public_id)).data)


def _wallet(account: Account) -> dict[str, object]:
    cards = list(cards_of(account))
    # W5 asks how many would be left, which is the same for each of them.
    may_be_removed = bool(cards) and actions.may_leave(cards[0])
    return {"results": cards, "may_be_removed": may_be_removed, **presenting.card_facts(account.market)}
