"""A dealer at a customer's car, by the code that the customer shows, through the dealer's own system (K1): identity,
unblocking, free services. Everything else is done at the desk, where what it ends is shown first."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from garage.actions.dealer_code import OVER, end_dealer_access, held_access, note_identity, open_dealer_access
from garage.api.dealer import DealerView
from garage.models import DealerAccess, WorkshopStaff
from garage.rules import dealer_desk as rules
from garage.rules.dealer_desk import Paper
from portal.refusals import Refusal
from subscriptions.actions import dealer
from subscriptions.api import dealer_examples as examples
from subscriptions.api.dealer_serializers import (
    DealerActivationSerializer,
    IdentitySerializer,
    OpeningSerializer,
    VerificationSerializer,
)
from subscriptions.centre.packages import offers_for


class VerificationsView(DealerView):
    """Opens the car whose customer shows a code, for ten minutes and for one member of the dealer's staff."""

    scopes = {"POST": "dealer"}
    # A code is good once: a lost answer must not cost it.
    keyed = frozenset({"POST"})

    @extend_schema(request=OpeningSerializer, responses={201: VerificationSerializer}, examples=examples.OPENING)
    def post(self, request: Request) -> Response:
        given = OpeningSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        place = _place(self, given.validated_data["staff"])
        code = rules.clean(given.validated_data["code"])
        access = open_dealer_access(code=code, now=self.now, by=place.account, system=self.system)
        return _shown(self, access, status=status.HTTP_201_CREATED)


class VerificationView(DealerView):
    """The car as the work needs it: no payments, prices, trips, addresses, other cars."""

    scopes = {"GET": "dealer", "DELETE": "dealer"}

    @extend_schema(responses=VerificationSerializer, examples=examples.VERIFICATION)
    def get(self, request: Request, public_id: UUID) -> Response:
        return _shown(self, _access_or_404(self, public_id))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, public_id: UUID) -> Response:
        """Done with this car: a new code is needed to work on it again."""
        access = _access_or_404(self, public_id)
        end_dealer_access(access=access, now=self.now, by=access.staff)
        return Response(status=status.HTTP_204_NO_CONTENT)


class IdentityView(DealerView):
    """Which paper was seen, with a note and not its number; each other step needs it (V3)."""

    scopes = {"POST": "dealer"}

    @extend_schema(request=IdentitySerializer, responses=VerificationSerializer, examples=examples.IDENTITY)
    def post(self, request: Request, public_id: UUID) -> Response:
        access = _access_or_404(self, public_id)
        given = IdentitySerializer(data=request.data)
        given.is_valid(raise_exception=True)
        paper, note = Paper(given.validated_data["paper"]), given.validated_data["note"]
        note_identity(access=access, paper=paper, note=note, now=self.now, by=access.staff)
        return _shown(self, access)


class UnblockingView(DealerView):
    """Three tries at the odometer again (V3); access is not proved by it."""

    scopes = {"POST": "dealer"}

    @extend_schema(request=None, responses=VerificationSerializer, examples=examples.VERIFICATION)
    def post(self, request: Request, public_id: UUID) -> Response:
        access = _access_or_404(self, public_id)
        dealer.unblock_at_dealer(access=access, now=self.now, by=access.staff)
        return _shown(self, access)


class DealerActivationView(DealerView):
    """Takes up a free period, by the Terms that the customer has accepted itself (C3); the customer is told."""

    scopes = {"POST": "dealer"}

    @extend_schema(
        request=DealerActivationSerializer, responses=VerificationSerializer, examples=examples.DEALER_ACTIVATION
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        access = _access_or_404(self, public_id)
        given = DealerActivationSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        current = held_access(access, now=self.now, by=access.staff, is_identity_seen=True)
        package = _free_package(self, current, given.validated_data["package"])
        dealer.activate_at_dealer(access=access, package=package, now=self.now, by=access.staff)
        return _shown(self, access)


def _place(view: DealerView, email: str) -> WorkshopStaff:
    """Whoever works for this dealer. Raises `Refusal` staff_unknown."""
    here = WorkshopStaff.objects.filter(workshop=view.workshop).select_related("account")
    found = here.filter(account__email=email.lower(), account__is_active=True, account__is_staff=True).first()
    if found is None:
        raise Refusal("staff_unknown", _("Nobody of this address works at this dealer."))
    return found


def _access_or_404(view: DealerView, public_id: UUID) -> DealerAccess:
    """What was opened through this system for its dealer; what was opened at the desk goes on there."""
    own = DealerAccess.objects.filter(system=view.system, workshop=view.workshop).select_related("staff")
    found = own.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def _free_package(view: DealerView, access: DealerAccess, code: str) -> Any:
    link = access.membership
    offers = offers_for(link, today=link.account.market.local_date(view.now)) if link.is_active else []
    for offer in offers:
        if offer.is_included and offer.package.code == code:
            return offer.package
    raise Refusal("nothing_free", _("This package is not free for this car now."))


def _shown(view: DealerView, access: DealerAccess, *, status: int = status.HTTP_200_OK) -> Response:
    """As it is now, while the ten minutes last. Raises `Refusal` access_over."""
    staff = access.staff
    if not staff.is_active:
        raise Refusal("access_over", OVER)
    current = held_access(access, now=view.now, by=staff)
    return Response(VerificationSerializer(current, context={"now": view.now}).data, status=status)
