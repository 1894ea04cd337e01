"""Whoever calls for a dealer: its own system, bound to this one dealer (K1)."""

from contextlib import ExitStack
from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from garage.models import DealerSystem, Workshop
from portal import audit
from portal.api.machine import MachineView


class NoDealer(exceptions.APIException):
    status_code = HTTPStatus.FORBIDDEN
    default_code = "dealer_missing"
    default_detail = _("This client speaks for no dealer.")


class DealerView(MachineView):
    """Everything is looked up through the dealer of the client; what is done is recorded with the client's name."""

    system: DealerSystem

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        with ExitStack() as self.while_called:
            return super().dispatch(request, *args, **kwargs)

    def pass_gates(self, request: Request) -> None:
        systems = DealerSystem.objects.select_related("workshop__dealer__market__brand")
        found = systems.filter(client=request.auth.client, is_active=True, workshop__dealer__is_active=True).first()
        if found is None:
            raise NoDealer
        self.system = found
        self.while_called.enter_context(audit.through(found.client_id))

    @property
    def workshop(self) -> Workshop:
        return self.system.workshop
