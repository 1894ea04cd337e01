"""The account and its inbox, for app and head unit (A4, N1)."""

from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions.locking import locked_account
from accounts.actions.profile import change_profile
from accounts.api.serializers import AccountSerializer, NoticeSerializer, ProfileSerializer
from accounts.identity.clients import is_car
from accounts.models import Account, Notice
from accounts.notices.choices import notices_for
from accounts.rules.notices import APP, HEAD_UNIT
from portal.api.conditional import unless_changed
from portal.api.views import ApiView


class AccountView(ApiView):
    """Whose account it is."""

    scopes = {"GET": "account.read", "PATCH": "account.write"}
    # The app must be able to see that the Terms are what is missing.
    before_terms = frozenset({"GET", "HEAD"})

    @extend_schema(responses=AccountSerializer)
    def get(self, request: Request) -> Response:
        return self._shown(request.user)

    @extend_schema(request=ProfileSerializer, responses=AccountSerializer)
    @unless_changed
    def patch(self, request: Request) -> Response:
        given = ProfileSerializer(data=request.data, account=request.user)
        given.is_valid(raise_exception=True)
        changed = change_profile(account=request.user, now=self.now, by=request.user, **given.validated_data)
        return self._shown(changed)

    def hold(self, request: Request) -> None:
        locked_account(request.user)
        # As it is now: it was read before the lock.
        request.user.refresh_from_db()

    def _shown(self, account: Account) -> Response:
        context = {"now": self.now, "token": self.request.auth}
        return Response(AccountSerializer(account, context=context).data)


class NoticesView(ApiView, ListAPIView):
    """What the account was told and wants to be told here, newest first."""

    scopes = {"GET": "notices"}
    serializer_class = NoticeSerializer
    queryset = Notice.objects.none()

    def get_queryset(self):  # type: ignore[no-untyped-def]
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return _pulled(self.request)


class NoticeReadView(ApiView):
    """Marks one as read; a second time changes nothing."""

    scopes = {"POST": "notices"}

    @extend_schema(request=None, responses=NoticeSerializer)
    def post(self, request: Request, public_id: UUID) -> Response:
        notice = get_object_or_404(_pulled(request), public_id=public_id)
        notice.mark_read(now=self.now)
        notice.refresh_from_db(fields=["read_at"])
        return Response(NoticeSerializer(notice).data)


def _pulled(request: Request) -> QuerySet[Notice]:
    """What goes to this caller at all and is wanted there (N1): the car's screen shows less than the app."""
    channel = HEAD_UNIT if is_car(request.auth.client) else APP
    return notices_for(request.user, channel).select_related("account__market")
