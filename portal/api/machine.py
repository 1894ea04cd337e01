"""Calls of machines: the vehicle backend, the registry, third parties. No account stands behind them."""

from rest_framework.request import Request

from portal.api.authentication import MachineAuthentication
from portal.api.throttles import MachineShare
from portal.api.views import ApiView


class MachineView(ApiView):
    """`request.user` is anonymous, `request.auth.client` who calls; what it may is its scopes' matter alone."""

    authentication_classes = [MachineAuthentication]
    throttle_classes = [MachineShare]

    def pass_gates(self, request: Request) -> None:
        """They ask about an account: its Terms, its last use."""
